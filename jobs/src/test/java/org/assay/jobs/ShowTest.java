package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.assay.UserException;
import org.assay.jobs.store.Claim;
import org.assay.jobs.store.Remains;
import org.assay.jobs.store.RunKey;
import org.assay.jobs.store.RunStore;
import org.assay.jobs.store.StagedRun;
import org.assay.report.Estimate;
import org.assay.report.Failure;
import org.assay.report.Manifest;
import org.assay.report.Table;
import org.assay.report.Tables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ShowTest {
  @TempDir Path output;

  private record Shown(int exitCode, String text, String error) {}

  @BeforeEach
  void seal() {
    seal("run-1", 3, "2026-11-23T00:00:00Z");
    seal("run-2", 60, "2026-11-24T00:00:00Z");
  }

  @Test
  void theNewestRunIsShownWithItsEstimatesAndFailures() {
    Shown shown = show(output.toString());
    assertThat(shown.exitCode()).isZero();
    assertThat(shown.text())
        .startsWith(
            """
            suite    nightly
            run      run-2
            started  2026-11-24T00:00:00Z, took 75 s
            status   INCOMPLETE: 1 cell failed (exit code 1)
            seed     42
            report\
            """)
        .contains("rows     estimates 60, failures 1\n")
        .contains("job = cv  data = d  slice = (all)")
        .contains("model")
        .contains("m00    roc-auc   0.9000  0.0100  [0.8800, 0.9200]")
        .contains("... and 20 more rows; show them with --all")
        .contains("repeat=0,fold=1")
        .contains("one class only");
    assertThat(show(output.toString(), "--all").text()).contains("m59").doesNotContain("more row");
  }

  @Test
  void aTableIsShownWithAllItsColumns() {
    Shown shown = show(output.toString(), "--run-id", "run-1", "--table", "estimates");
    assertThat(shown.text())
        .contains("run      run-1")
        .contains("estimator = mean")
        .contains("std_error")
        .contains("m02");
    assertThat(show(output.toString(), "--table", "failures").text()).contains("kind");
    assertThat(show(output.toString(), "--table", "folds").text()).contains("class");
  }

  @Test
  void whatIsNotThereIsAnErrorThatListsWhatIs() {
    assertThat(show(output.toString(), "--run-id", "run-3"))
        .satisfies(s -> assertThat(s.exitCode()).isEqualTo(2))
        .satisfies(
            s ->
                assertThat(s.error())
                    .startsWith("no sealed run 'run-3' in file:")
                    .endsWith("; sealed: run-1, run-2"));
    assertThat(show(output.toString(), "--table", "score").error())
        .isEqualTo(
            "run run-2 has no table 'score'; it has: "
                + Tables.all().stream()
                    .map(Table::name)
                    .sorted()
                    .collect(Collectors.joining(", ")));
    assertThat(show(output.resolve("none").toString()))
        .satisfies(s -> assertThat(s.exitCode()).isEqualTo(2))
        .satisfies(
            s ->
                assertThat(s.error())
                    .startsWith(
                        "no sealed run in file:" + output + "/none; make one with: assay run"));
  }

  @Test
  void theSummaryFitsTheTerminal() {
    RunStore store = RunStore.open(output.toString(), new Configuration());
    assertThat(Show.summary(store, store.sealedRun("run-1"), 10, 80).lines())
        .allMatch(line -> line.length() <= 80);
  }

  private Shown show(String... arguments) {
    StringWriter out = new StringWriter();
    StringBuilder error = new StringBuilder();
    CommandLine command = new CommandLine(new Show()).setOut(new PrintWriter(out));
    command.setExecutionExceptionHandler(
        (e, line, result) -> {
          error.append(e.getMessage());
          return ((UserException) e).kind().exitCode();
        });
    return new Shown(command.execute(arguments), out.toString(), error.toString());
  }

  private void seal(String id, int models, String startedAt) {
    RunKey key = new RunKey("nightly", id, "aa");
    RunStore store = RunStore.open(output.toString(), new Configuration());
    StagedRun run = ((Claim.Claimed) store.claim(key, Remains.CLEAR)).run();
    List<Estimate> estimates = new ArrayList<>();
    for (int m = 0; m < models; m++) {
      estimates.add(
          new Estimate(
              "cv",
              "d",
              "m%02d".formatted(m),
              "",
              m % 2 == 0 ? "roc-auc" : "accuracy",
              "",
              "mean",
              0.9 + m * 0.001,
              0.01,
              "corrected-t",
              0.95,
              0.88 + m * 0.001,
              0.92,
              569,
              10,
              ""));
    }
    run.write(Tables.ESTIMATES, estimates);
    run.write(
        Tables.FAILURES,
        List.of(new Failure("cv", "d", "m00", "repeat=0,fold=1", "fit", "one class only")));
    Instant started = Instant.parse(startedAt);
    run.seal(
        new Manifest(
            id,
            "nightly",
            Manifest.Status.INCOMPLETE,
            1,
            started,
            started.plusSeconds(75),
            42,
            "{}",
            "aa",
            Map.of(),
            "",
            Map.of(),
            Map.of("assay", "0.1.0"),
            "",
            "",
            0,
            "1 cell failed"));
  }
}
