package org.assay.jobs.store;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.assay.report.Estimate;
import org.assay.report.Failure;
import org.assay.report.InputFingerprint;
import org.assay.report.Manifest;
import org.assay.report.Prediction;
import org.assay.report.Score;
import org.assay.report.Tables;

/** A small run with rows in some tables and none in others. */
final class SampleRun {
  static final Instant START = Instant.parse("2026-11-24T00:13:59.123456Z");
  static final RunKey KEY = new RunKey("nightly", "20261124T001359Z-3fa9", "c0ffee".repeat(10));

  static final List<Score> SCORES =
      List.of(
          score("logit", 0, 0.91),
          score("logit", 1, 0.93),
          score("forest", 0, 0.95),
          score("forest", 1, Double.NaN));
  static final List<Estimate> ESTIMATES =
      List.of(
          new Estimate(
              "cv",
              "d",
              "logit",
              "",
              "roc-auc",
              "",
              "mean",
              0.92,
              0.01,
              "corrected-t",
              0.95,
              0.89,
              0.95,
              569,
              2,
              ""),
          new Estimate(
              "cv",
              "d",
              "forest",
              "",
              "roc-auc",
              "",
              "mean",
              Double.NaN,
              Double.NaN,
              "",
              Double.NaN,
              Double.NaN,
              Double.NaN,
              569,
              2,
              "fold 1 has one class only"));
  static final List<Prediction> PREDICTIONS =
      List.of(
          new Prediction(
              "cv", "d", "logit", "", 0, 0, "k1", "yes", "no", 0.25, new double[] {0.75, 0.25}, 1),
          new Prediction("cv", "d", "logit", "", 0, 1, "kı2", null, null, null, null, 0.5));
  static final List<Failure> FAILURES =
      List.of(
          new Failure("cv", "d", "forest", "repeat=0,fold=1", "fit", "fold 1 has one class only"));

  private SampleRun() {}

  static Score score(String model, int fold, double value) {
    return new Score(
        "cv",
        "d",
        model,
        "",
        "roc-auc",
        "",
        "k-fold",
        "0123456789abcdef",
        0,
        fold,
        "test",
        285,
        284,
        value,
        Double.isNaN(value) ? "one class only" : "",
        0.5 + fold);
  }

  /** Does the work on the local file system. */
  static void work(StagedRun run) {
    try {
      work(run, FileSystem.getLocal(new Configuration()).getRaw());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does the work: one cell per model unless it is done, then all tables. */
  static void work(StagedRun run, FileSystem fs) throws IOException {
    for (String model : List.of("logit", "forest")) {
      if (!fs.exists(done(run, model))) {
        write(fs, new Path(done(run, model).getParent(), "block-0"));
        write(fs, done(run, model));
      }
      run.write(Tables.SCORES, SCORES.stream().filter(s -> s.model().equals(model)).toList());
    }
    run.write(Tables.ESTIMATES, ESTIMATES);
    run.write(Tables.PREDICTIONS, PREDICTIONS);
    run.write(Tables.FAILURES, FAILURES);
  }

  /** The mark of a model's cell. */
  static Path done(StagedRun run, String model) {
    return new Path(run.cells(), "fit-" + model + "/" + StagedRun.CELL_DONE);
  }

  static void write(FileSystem fs, Path file) throws IOException {
    try (OutputStream out = fs.create(file, true)) {
      out.write(1);
    }
  }

  static Manifest manifest(RunKey key) {
    return new Manifest(
        key.runId(),
        key.suite(),
        Manifest.Status.INCOMPLETE,
        1,
        START,
        START.plusSeconds(75),
        42,
        "{\"name\":\"nightly\"}",
        key.configHash(),
        Map.of(
            "d",
            new InputFingerprint(569, "ab12", 3, 120_000, null, List.of("2 rows left out")),
            "e",
            new InputFingerprint(1, "cd", 1, 10, START, List.of())),
        "",
        Map.of(),
        Map.of("assay", "0.1.0", "spark", "4.1.0", "java", "17.0.15"),
        "local[2]",
        "PASS",
        0,
        "1 cell failed");
  }
}
