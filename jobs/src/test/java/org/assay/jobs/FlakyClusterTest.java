package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.assay.jobs.runner.Fixtures;
import org.assay.jobs.store.RunStore;
import org.assay.report.Tables;
import org.assay.report.TestRun;
import org.assay.report.TestVerdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of suites in real processes, of which some are killed. */
@Tag("slow")
class FlakyClusterTest {
  @TempDir Path folder;

  private Path held;
  private Path conf;

  @BeforeEach
  void configuration() throws IOException {
    held = Files.createDirectory(folder.resolve("held"));
    conf = folder.resolve("flaky.conf");
    String subject =
        Fixtures.junit("junit5-held", Files.createDirectory(folder.resolve("project")));
    Files.writeString(
        conf,
        """
        name = nightly, seed = 3, output = "%s"
        subjects.core { %s, environment { HELD = "%s" } }
        jobs = [ { job = flaky, same-order = 4, orders { kind = random, budget-runs = 6 }, confirm = 3 } ]
        """
            .formatted(folder.resolve("reports"), subject, held));
  }

  private Child assay(String master, String id, String... more) {
    List<String> args = new ArrayList<>(List.of("run", conf.toString(), "--run-id", id));
    args.addAll(List.of(more));
    Map<String, String> spark =
        Map.of("spark.master", master, "spark.executor.extraClassPath", Child.classPath());
    return Child.start(Main.class, folder, spark, args.toArray(String[]::new));
  }

  private RunStore store() {
    return RunStore.open(folder.resolve("reports").toString(), new Configuration());
  }

  private List<String> verdicts(String id) {
    return store().read(Tables.VERDICTS, id).stream()
        .map(v -> v.testId() + " " + v.verdict() + " " + v.failures() + "/" + v.runs())
        .toList();
  }

  /** How often the test that leaves a file has run. */
  private long runs() throws IOException {
    try (Stream<Path> files = Files.list(held)) {
      return files.filter(f -> f.getFileName().toString().startsWith("run-")).count();
    }
  }

  private List<TestRun> runsOf(String id) {
    return store().read(Tables.TEST_RUNS, id).stream()
        .filter(r -> r.testId().equals("acme.HeldTest#waits"))
        .toList();
  }

  private static long missing(List<TestRun> runs) {
    return runs.stream().filter(r -> r.outcome().equals("MISSING")).count();
  }

  @Test
  void aKilledRunIsContinuedWithoutRunningAgainWhatIsDone() throws Exception {
    try (Child killed = assay("local[2]", "night")) {
      killed.awaitLine(line -> line.equals("flaky: same order 3/3")); // and one run before these
      awaitHeld();
      killed.kill();
    }
    long before = runs();
    assertThat(before).isBetween(5L, 6L); // four are done, one or two are held
    assertThat(store().sealedRuns()).isEmpty();
    Files.createFile(held.resolve("free"));
    try (Child resumed = assay("local[2]", "night", "--resume")) {
      assertThat(resumed.exitCode()).as(resumed.text()).isZero();
    }
    List<TestRun> runs = runsOf("night");
    long lost = missing(runs);
    assertThat(lost).isBetween(before - 4, 2L); // of two that had begun, perhaps one in its test
    // none ran that is not in the table
    assertThat(runs()).isBetween(runs.size() - lost, (long) runs.size());
    assertThat(runs.stream().filter(r -> r.attempt() == 1)).hasSize((int) lost);
    try (Child undisturbed = assay("local[2]", "other")) {
      assertThat(undisturbed.exitCode()).as(undisturbed.text()).isZero();
    }
    assertThat(verdicts("night"))
        .isEqualTo(verdicts("other"))
        .anyMatch(v -> v.startsWith("acme.HeldTest#victim OD_VICTIM"));
  }

  /** Waits until a test is held: the file it leaves is all there is to see of that. */
  private void awaitHeld() throws IOException, InterruptedException {
    try (WatchService watch = held.getFileSystem().newWatchService()) {
      held.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      while (runs() <= 4) {
        watch.take().reset();
      }
    }
  }

  @Test
  void anExecutorThatIsKilledLeavesAMissingRunAndANewAttempt() throws Exception {
    Files.createFile(held.resolve("free"));
    try (Child undisturbed = assay("local[2]", "other")) {
      assertThat(undisturbed.exitCode()).as(undisturbed.text()).isZero();
    }
    Files.createFile(held.resolve("kill"));
    try (Child disturbed = assay("local-cluster[2,1,1024]", "night")) {
      assertThat(disturbed.exitCode()).as(disturbed.text()).isZero();
    }
    assertThat(held.resolve("kill")).doesNotExist();
    List<TestRun> runs = runsOf("night");
    assertThat(missing(runs)).isEqualTo(1);
    TestRun lost =
        runs.stream().filter(r -> r.outcome().equals("MISSING")).findFirst().orElseThrow();
    assertThat(runs)
        .anyMatch(
            r ->
                r.orderId().equals(lost.orderId())
                    && r.round() == lost.round()
                    && r.attempt() == lost.attempt() + 1
                    && r.outcome().equals("PASS"));
    assertThat(verdicts("night")).isEqualTo(verdicts("other"));
    assertThat(store().read(Tables.VERDICTS, "night"))
        .extracting(TestVerdict::verdict)
        .contains("OD_VICTIM");
  }
}
