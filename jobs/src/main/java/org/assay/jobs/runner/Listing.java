package org.assay.jobs.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assay.UserException;
import org.assay.order.TestId;

/**
 * What a process of ours found that lists tests. Its lines are fields between tabs: four for a test
 * (a word, container, name, and what the process knows it by); {@code unloadable name reason};
 * {@code classes number...}.
 *
 * @param tests in the order in which they were found
 * @param lines the line of each
 * @param unloadable what looked like a test and could not be loaded, each with the reason
 * @param totals numbers of classes
 */
record Listing(
    List<TestId> tests, List<String> lines, List<String> unloadable, List<String> totals) {

  /** The command of such a process. */
  interface Command {
    /** The argument vector. */
    List<String> of(Places places, Path units) throws IOException;
  }

  /**
   * Runs the process, in a sandbox on this machine.
   *
   * @param what the subject, for messages
   * @param wayOut what to do when it cannot list tests
   * @throws UserException if it cannot
   */
  static Listing of(
      String what,
      Harness harness,
      Limits limits,
      Path tree,
      Path library,
      Path scratch,
      String wayOut,
      Command command)
      throws IOException {
    Path unpacked = Files.createDirectories(scratch.resolve("unpacked"));
    Pack.unpack(library, unpacked);
    Set<TestId> tests = new LinkedHashSet<>();
    List<String> lines = new ArrayList<>();
    List<String> unloadable = new ArrayList<>();
    List<String> totals = List.of();
    try (Sandbox sandbox = new Sandbox(tree, unpacked)) {
      Path units = sandbox.places().files().resolve("units");
      Subprocess.Ended ended =
          Subprocess.run(
              command.of(sandbox.places(), units),
              sandbox.places().tree(),
              sandbox.environment(harness, limits),
              limits.secondsPerOrder(),
              limits.outputBytes(),
              () -> Subprocess.Killed.NO);
      if (!Files.exists(units)) {
        throw UserException.input(
            what
                + ": the tests cannot be listed: the process ended with exit code "
                + ended.exitCode()
                + ", and wrote: "
                + lastLines(ended.output())
                + "; "
                + wayOut);
      }
      for (String line : Files.readAllLines(units)) {
        String[] fields = line.split("\t", -1);
        switch (fields[0]) {
          case "classes" -> totals = List.of(fields).subList(1, fields.length);
          case "unloadable" ->
              unloadable.add(Transcript.plain(fields[1]) + ": " + Transcript.plain(fields[2]));
          default -> {
            TestId test = new TestId(Transcript.plain(fields[1]), Transcript.plain(fields[2]));
            if (tests.add(test)) {
              lines.add(line);
            } else {
              unloadable.add(test.text() + ": there is another test of the same name");
            }
          }
        }
      }
    } finally {
      Pack.remove(unpacked);
    }
    return new Listing(List.copyOf(tests), lines, unloadable, totals);
  }

  /** One of the numbers of classes; 0 when it was not said. */
  String total(int i) {
    return i < totals.size() ? totals.get(i) : "0";
  }

  /** Writes the lines of an order, for the process that runs it. */
  static Path write(List<String> lines, int[] tests, Places places) throws IOException {
    List<String> asked = new ArrayList<>();
    for (int test : tests) {
      asked.add(lines.get(test));
    }
    return Files.write(places.files().resolve("order"), asked);
  }

  /** The end of what a process wrote, on one line. */
  static String lastLines(String output) {
    String text = output.strip();
    return text.isEmpty()
        ? "nothing"
        : text.substring(Math.max(0, text.length() - 1_500))
            .lines()
            .collect(Collectors.joining(" | "));
  }
}
