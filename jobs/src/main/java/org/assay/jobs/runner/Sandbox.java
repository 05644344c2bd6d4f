package org.assay.jobs.runner;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assay.flaky.Fingerprint;
import org.assay.flaky.Observation;
import org.assay.flaky.Outcome;

/**
 * A fresh copy of a work tree with a fresh home and folder for temporary files, for one process;
 * all of it is gone when closed.
 */
final class Sandbox implements AutoCloseable {
  private static final int LONGEST_MESSAGE = 4_000;

  private final Path root;
  private final Places places;

  /**
   * Unpacks a tree.
   *
   * @param library what was unpacked already, to be shared
   */
  Sandbox(Path tree, Path library) throws IOException {
    root = Files.createTempDirectory("assay-");
    places =
        new Places(
            Files.createDirectory(root.resolve("tree")),
            Files.createDirectory(root.resolve("home")),
            Files.createDirectory(root.resolve("tmp")),
            Files.createDirectory(root.resolve("io")),
            library);
    Pack.unpack(tree, places.tree());
  }

  Places places() {
    return places;
  }

  /** The environment of a process in here. */
  Map<String, String> environment(Harness harness, Limits limits) {
    Map<String, String> environment = new LinkedHashMap<>(harness.environment(places));
    environment.putAll(limits.environment(System.getenv()));
    environment.put("HOME", places.home().toString());
    environment.put("TMPDIR", places.temp().toString());
    environment.put("TMP", places.temp().toString());
    environment.put("TEMP", places.temp().toString());
    return environment;
  }

  /**
   * What one order did.
   *
   * @param observations by place
   * @param problem why nothing of it may be used, as a sentence; empty when it ran as asked
   * @param processMillis from the start of the process to its end
   */
  record Ran(List<Observation> observations, String problem, long processMillis) {}

  /**
   * Runs one order.
   *
   * @param conditions of this run alone
   */
  Ran run(Harness harness, Limits limits, int[] tests, Conditions conditions) throws IOException {
    List<String> command = conditions.command(harness.command(places, tests), harness);
    Watch watch = new Watch(places.events(), limits.secondsPerTest());
    Map<String, String> environment = environment(harness, limits);
    environment.putAll(conditions.environment());
    long start = System.nanoTime();
    Subprocess.Ended ended =
        Subprocess.run(
            command,
            harness.directory(places),
            environment,
            limits.secondsPerOrder(),
            limits.outputBytes(),
            watch);
    long millis = (System.nanoTime() - start) / 1_000_000;
    Transcript transcript = harness.read(places, tests);
    String problem = problem(transcript, ended);
    return problem.isEmpty()
        ? new Ran(observations(transcript, ended, tests.length, limits), "", millis)
        : new Ran(Collections.nCopies(tests.length, Observation.MISSING), problem, millis);
  }

  /** Why a transcript is none of the order that was asked for; empty when it is. */
  private static String problem(Transcript transcript, Subprocess.Ended ended) {
    if (!transcript.problem().isEmpty() && ended.killed() == Subprocess.Killed.NO) {
      return transcript.problem()
          + "; it ended with exit code "
          + ended.exitCode()
          + ", and said: "
          + cut(Listing.lastLines(ended.output()));
    }
    if (!transcript.unasked().isEmpty()) {
      return "a test ran that was not asked for: " + transcript.unasked().get(0);
    }
    List<Integer> started = transcript.started();
    for (int i = 0; started != null && i < started.size(); i++) {
      if (started.get(i) != i) {
        return "the order did not run as asked: at place "
            + i
            + " ran the test of place "
            + started.get(i);
      }
    }
    if (started != null && transcript.hasEnded() && started.size() < transcript.ends().length) {
      return "the order did not run as asked: the test of place "
          + started.size()
          + " never ran, though the process says that it is done";
    }
    boolean saidNothing =
        started == null
            ? !transcript.hasEnded() && ended.killed() == Subprocess.Killed.NO
            : started.isEmpty() && !transcript.hasEnded();
    if (saidNothing && ended.killed() == Subprocess.Killed.NO) {
      return "the process of the tests ended with exit code "
          + ended.exitCode()
          + " before any test began; it wrote: "
          + cut(ended.output().strip());
    }
    return "";
  }

  private static List<Observation> observations(
      Transcript transcript, Subprocess.Ended ended, int tests, Limits limits) {
    List<Observation> observations = new ArrayList<>(tests);
    List<Integer> started = transcript.started();
    String stopped =
        started == null && ended.killed() == Subprocess.Killed.LIMIT
            ? "killed after "
                + limits.secondsPerOrder()
                + " s, the most an order may take, or this one was"
            : "";
    for (int place = 0; place < tests; place++) {
      Transcript.End end = transcript.ends()[place];
      if (end != null) {
        String message = cut(end.message());
        Outcome outcome = Outcome.valueOf(end.outcome());
        observations.add(
            new Observation(
                outcome,
                end.nanos() / 1_000_000,
                message,
                outcome.failed() ? Fingerprint.of(message) : ""));
      } else if (started != null && place < started.size()) {
        boolean late =
            ended.killed() == Subprocess.Killed.WATCH || ended.killed() == Subprocess.Killed.LIMIT;
        String message =
            ended.killed() == Subprocess.Killed.WATCH
                ? "killed after " + limits.secondsPerTest() + " s, the most a test may take"
                : late
                    ? "killed after " + limits.secondsPerOrder() + " s, the most an order may take"
                    : "the process ended with exit code " + ended.exitCode() + " while it ran";
        stopped = message;
        observations.add(
            new Observation(
                late ? Outcome.TIMEOUT : Outcome.CRASH,
                0,
                cut(message + tail(ended.output())),
                Fingerprint.of(message)));
      } else {
        observations.add(
            new Observation(
                Outcome.MISSING,
                0,
                stopped.isEmpty() ? "" : "not run: an earlier test was " + stopped,
                ""));
      }
    }
    return observations;
  }

  private static String tail(String output) {
    String text = output.strip();
    return text.isEmpty()
        ? ""
        : "; it wrote at last: " + text.substring(Math.max(0, text.length() - 1_000));
  }

  private static String cut(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE) + "...";
  }

  @Override
  public void close() {
    Pack.remove(root);
  }

  /** Follows the file of events, to see a test that takes too long, and a process that lingers. */
  private static final class Watch implements Subprocess.Watch {
    private final Path events;
    private final double seconds;
    private long read;
    private long since = System.nanoTime();
    private boolean isIn;
    private boolean hasEnded;

    Watch(Path events, double seconds) {
      this.events = events;
      this.seconds = seconds;
    }

    @Override
    public Subprocess.Killed look() throws IOException {
      if (Files.exists(events) && Files.size(events) > read) {
        try (RandomAccessFile file = new RandomAccessFile(events.toFile(), "r")) {
          byte[] bytes = new byte[(int) Math.min(file.length() - read, 1 << 20)];
          file.seek(read);
          file.readFully(bytes);
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          int end = text.lastIndexOf('\n') + 1;
          read += end;
          if (end > 0) {
            String last = text.substring(text.lastIndexOf('\n', end - 2) + 1, end);
            since = System.nanoTime();
            isIn = last.startsWith("S\t");
            hasEnded = last.startsWith("E");
          }
        }
      }
      if (hasEnded) {
        return Subprocess.Killed.LINGERED;
      }
      return isIn && System.nanoTime() - since > seconds * 1e9
          ? Subprocess.Killed.WATCH
          : Subprocess.Killed.NO;
    }
  }
}
