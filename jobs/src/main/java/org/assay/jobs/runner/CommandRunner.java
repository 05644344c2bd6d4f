package org.assay.jobs.runner;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assay.UserException;
import org.assay.config.Section;
import org.assay.flaky.JUnitXml;
import org.assay.order.Suite;
import org.assay.order.TestId;

/**
 * {@code kind = command}: any program that runs the tests named in a file, first to last, and
 * writes JUnit XML. It is started without a shell.
 *
 * <p>Places in its arguments are filled in: {@code {tests-file}}, the ids of the tests to run,
 * {@code container#name}, one a line (backslash, tab and line ends as {@code \\}, {@code \t},
 * {@code \n}, {@code \r}); {@code {report}}, where it writes its report: a file, or a folder of
 * them; {@code {executed-file}}, where it may write the id of each test as it starts. Only with
 * that is the order proved, and a crash told from a test that was never run: the order of elements
 * in JUnit XML says nothing. Of a test that the program tried several times the first attempt
 * counts.
 */
@AutoService(TestRunner.class)
public final class CommandRunner implements TestRunner {
  private static final String TESTS = "{tests-file}";
  private static final String REPORT = "{report}";
  private static final String EXECUTED = "{executed-file}";

  @Override
  public String kind() {
    return "command";
  }

  @Override
  public Subject read(String name, Section section) {
    List<String> command = section.strings("command");
    if (command.isEmpty()) {
      throw section.wrong(
          "command",
          "is missing; give a program and its arguments, such as [\"./run-tests\", \"{tests-file}\", \"{report}\"]");
    }
    for (String place : List.of(TESTS, REPORT)) {
      if (command.stream().noneMatch(word -> word.contains(place))) {
        throw section.wrong(
            "command",
            "must hold "
                + place
                + (place.equals(TESTS)
                    ? ", the file with the tests to run"
                    : ", where it writes JUnit XML"));
      }
    }
    List<String> discover = section.strings("discover");
    if (!discover.isEmpty() && discover.stream().noneMatch(word -> word.contains(TESTS))) {
      throw section.wrong(
          "discover", "must hold " + TESTS + ", where it writes the ids of all tests");
    }
    Configured subject =
        new Configured(
            name,
            section,
            Path.of(section.string("project", ".")),
            command,
            discover,
            section.strings("exclude"),
            Limits.read(section));
    section.done();
    return subject;
  }

  private record Configured(
      String name,
      Section section,
      Path project,
      List<String> command,
      List<String> discover,
      List<String> exclude,
      Limits limits)
      implements Project {

    @Override
    public Prepared prepared(Path scratch, Consumer<String> say) throws IOException {
      Path root = project.toRealPath();
      Path tree = scratch.resolve(name + ".tree");
      Path library = scratch.resolve(name + ".library");
      String hash;
      try (Pack.Writer to = new Pack.Writer(tree)) {
        to.tree(section.path("project"), root, "", Pack.excluded(exclude));
        hash = to.hash();
      }
      new Pack.Writer(library).close();
      CommandHarness harness = new CommandHarness(command, List.of());
      List<TestId> tests = new ArrayList<>();
      try (Sandbox sandbox = new Sandbox(tree, scratch)) {
        Places places = sandbox.places();
        Path listed = Files.createFile(harness.tests(places));
        boolean byRun = discover.isEmpty();
        List<String> line = harness.filled(byRun ? command : discover, places);
        Subprocess.Ended ended;
        try {
          ended =
              Subprocess.run(
                  line,
                  places.tree(),
                  sandbox.environment(harness, limits),
                  limits.secondsPerOrder(),
                  limits.outputBytes(),
                  () -> Subprocess.Killed.NO);
        } catch (IOException e) {
          throw UserException.input(
              section.path(byRun ? "command" : "discover")
                  + ": "
                  + line.get(0)
                  + " cannot be started: "
                  + e.getMessage()
                  + "; name a program that is there, on the driver and on every executor");
        }
        if (byRun) {
          harness.cases(places).forEach(c -> tests.add(c.id()));
        } else {
          for (String id : Files.readAllLines(listed)) {
            if (!id.isBlank()) {
              tests.add(parsed(id));
            }
          }
        }
        if (tests.isEmpty()) {
          throw UserException.input(
              "subjects."
                  + name
                  + ": no tests found: "
                  + String.join(" ", byRun ? command : discover)
                  + " ended with exit code "
                  + ended.exitCode()
                  + (byRun
                      ? " and left no JUnit XML with tests at {report}; without a discover command it must run all tests when {tests-file} is empty"
                      : " and wrote no id to {tests-file}")
                  + "; it said: "
                  + Listing.lastLines(ended.output()));
        }
      }
      return new Prepared(
          Suite.of(tests),
          project.toAbsolutePath().normalize(),
          new CommandHarness(command, List.copyOf(tests)),
          tree,
          library,
          hash,
          List.of(),
          harness.provesOrder()
              ? List.of()
              : List.of(
                  "the order of tests is not proved: the command has no {executed-file} to write into"));
    }

    private TestId parsed(String line) {
      try {
        return TestId.parse(Transcript.plain(line));
      } catch (IllegalArgumentException e) {
        throw UserException.input(section.path("discover") + ": " + e.getMessage());
      }
    }
  }

  private record CommandHarness(List<String> command, List<TestId> tests) implements Harness {
    private static final long serialVersionUID = 1L;

    boolean provesOrder() {
      return command.stream().anyMatch(word -> word.contains(EXECUTED));
    }

    Path tests(Places places) {
      return places.files().resolve("tests");
    }

    private static Path report(Places places) {
      return places.files().resolve("report.xml");
    }

    private static Path executed(Places places) {
      return places.files().resolve("executed");
    }

    /** A program that is a path is one of the work tree. */
    List<String> filled(List<String> words, Places places) {
      List<String> filled = new ArrayList<>();
      for (String word : words) {
        filled.add(
            word.replace(TESTS, tests(places).toString())
                .replace(REPORT, report(places).toString())
                .replace(EXECUTED, executed(places).toString()));
      }
      if (filled.get(0).contains("/")) {
        filled.set(0, places.tree().resolve(filled.get(0)).toString());
      }
      return filled;
    }

    @Override
    public List<String> probe() {
      return List.of("true");
    }

    @Override
    public List<String> command(Places places, int[] numbers) throws IOException {
      List<String> ids = new ArrayList<>();
      for (int number : numbers) {
        ids.add(Transcript.escaped(tests.get(number).text()));
      }
      Files.write(tests(places), ids);
      return filled(command, places);
    }

    List<JUnitXml.Case> cases(Places places) throws IOException {
      Path report = report(places);
      List<Path> files = new ArrayList<>();
      if (Files.isDirectory(report)) {
        try (Stream<Path> all = Files.walk(report)) {
          all.filter(file -> file.toString().endsWith(".xml")).sorted().forEach(files::add);
        }
      } else if (Files.exists(report)) {
        files.add(report);
      }
      List<JUnitXml.Case> cases = new ArrayList<>();
      for (Path file : files) {
        try (InputStream in = Files.newInputStream(file)) {
          cases.addAll(JUnitXml.read(in, "the report " + file.getFileName()));
        }
      }
      return cases;
    }

    @Override
    public Transcript read(Places places, int[] numbers) throws IOException {
      Map<TestId, Integer> placeOf = new HashMap<>();
      for (int place = 0; place < numbers.length; place++) {
        placeOf.put(tests.get(numbers[place]), place);
      }
      Transcript.End[] ends = new Transcript.End[numbers.length];
      List<String> unasked = new ArrayList<>();
      String problem = "";
      boolean hasReport = false;
      try {
        for (JUnitXml.Case c : cases(places)) {
          hasReport = true;
          Integer place = placeOf.get(c.id());
          if (place == null) {
            unasked.add(c.id().text());
          } else {
            JUnitXml.Attempt first = c.first();
            ends[place] =
                new Transcript.End(
                    first.outcome().name(), first.durationMillis() * 1_000_000, first.message());
          }
        }
        if (!hasReport && !Files.exists(executed(places))) {
          problem = "the command left no JUnit XML at {report}";
        }
      } catch (UserException e) {
        problem = e.getMessage();
      }
      List<Integer> started = null;
      if (provesOrder()) {
        Set<Integer> seen = new LinkedHashSet<>();
        if (Files.exists(executed(places))) {
          for (String line : Files.readAllLines(executed(places))) {
            if (!line.isBlank()) {
              TestId id;
              try {
                id = TestId.parse(Transcript.plain(line));
              } catch (IllegalArgumentException e) {
                unasked.add(line);
                continue;
              }
              Integer place = placeOf.get(id);
              if (place == null) {
                unasked.add(line);
              } else {
                seen.add(place);
              }
            }
          }
        }
        started = List.copyOf(seen);
      }
      boolean isWhole = true;
      for (Transcript.End end : ends) {
        isWhole &= end != null;
      }
      return new Transcript(started, ends, unasked, isWhole, problem);
    }
  }
}
