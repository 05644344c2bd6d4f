package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assay.report.Estimate;
import org.assay.report.Score;
import org.assay.report.Tables;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ridge regressions that nobody asks for predictions: the same report as with them, and none made.
 */
class BySquaresTest {
  private static final String RIDGE =
      "ridge { estimator = linear-regression, grid { regParam = [0, 0.001, 0.1, 10] } }";

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    Shared.spark();
  }

  private RunContext run(
      String name, String keep, String models, String label, String plan, String more) {
    return Shared.run(
        """
        name = squares, seed = 5
        data.d { path = "%s", id = id, label = %s, weight = age, task = regression,
          derive { perfect = "bmi * 2 + bp - s1", flat = "1.5D" } }
        models { %s }
        jobs = [ { job = cross-validate, name = cv, keep = %s, plan { %s },
          metrics = [mse, rmse, r2, explained-variance] %s } ]
        """
            .formatted(Shared.data("diabetes.csv"), label, models, keep, plan, more),
        folder.resolve(name));
  }

  private long predicted(String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(name))) {
      return files.filter(file -> file.getFileName().toString().startsWith("block-")).count();
    }
  }

  private static void assertAlike(RunContext found, RunContext expected) {
    List<Score> scores = found.rows(Tables.SCORES);
    List<Score> others = expected.rows(Tables.SCORES);
    assertThat(scores).hasSameSizeAs(others).isNotEmpty();
    for (int i = 0; i < scores.size(); i++) {
      Score one = scores.get(i);
      Score other = others.get(i);
      assertThat(List.of(one.model(), one.metric(), one.params(), one.repeat(), one.fold()))
          .isEqualTo(
              List.of(other.model(), other.metric(), other.params(), other.repeat(), other.fold()));
      assertThat(List.of(one.nTrain(), one.nTest(), one.design(), one.reason()))
          .isEqualTo(List.of(other.nTrain(), other.nTest(), other.design(), other.reason()));
      assertNear(one.value(), other.value(), one.metric());
    }
    List<Estimate> estimates = found.rows(Tables.ESTIMATES);
    List<Estimate> otherEstimates = expected.rows(Tables.ESTIMATES);
    assertThat(estimates).hasSameSizeAs(otherEstimates).isNotEmpty();
    for (int i = 0; i < estimates.size(); i++) {
      Estimate one = estimates.get(i);
      Estimate other = otherEstimates.get(i);
      assertThat(List.of(one.metric(), one.params(), one.estimator(), one.n(), one.replicates()))
          .isEqualTo(
              List.of(
                  other.metric(),
                  other.params(),
                  other.estimator(),
                  other.n(),
                  other.replicates()));
      assertNear(one.value(), other.value(), one.metric());
    }
    assertThat(found.rows(Tables.FOLDS)).isEqualTo(expected.rows(Tables.FOLDS));
  }

  private static void assertNear(double found, double expected, String metric) {
    if (Double.isNaN(expected)) {
      assertThat(found).isNaN();
      return;
    }
    double size = metric.startsWith("r2") || metric.startsWith("ex") ? 1 - expected : expected;
    assertThat(found).as(metric).isCloseTo(expected, within(1e-9 * Math.abs(size) + 0x1p-52));
  }

  @ParameterizedTest
  @CsvSource({"replicates", "rows"})
  void theReportIsThatOfPredictions(String cut) throws IOException {
    String plan = "kind = k-fold, folds = 5, repeats = 3";
    RunContext squares = run("squares", "none", RIDGE, "progression", plan, ", cut = " + cut);
    RunContext rows = run("rows", "all", RIDGE, "progression", plan, ", cut = " + cut);
    assertThat(predicted("squares")).isZero();
    assertThat(predicted("rows")).isPositive();
    assertAlike(squares, rows);
  }

  @Test
  void soItIsBesideModelsThatPredict() throws IOException {
    String plan = "kind = k-fold, folds = 4, stratify = true";
    String models = "a { estimator = decision-tree, params { maxDepth = 2 } }, " + RIDGE;
    assertAlike(
        run("squares", "none", models, "progression", plan, ""),
        run("rows", "all", models, "progression", plan, ""));
    assertThat(predicted("squares")).isLessThan(predicted("rows"));
  }

  /**
   * Without a penalty the first setting leaves nothing, and sums of squares have no digits left.
   */
  @Test
  void perfectFitsAreMeasuredByRows() throws IOException {
    String plan = "kind = k-fold, folds = 5";
    RunContext squares = run("squares", "none", RIDGE, "perfect", plan, "");
    RunContext rows = run("rows", "all", RIDGE, "perfect", plan, "");
    assertThat(predicted("squares")).isEqualTo(predicted("rows")).isPositive();
    assertThat(squares.rows(Tables.SCORES).stream().map(Score::value))
        .isEqualTo(rows.rows(Tables.SCORES).stream().map(Score::value).toList());
  }

  @Test
  void anotherJobMayTakePredictions() throws IOException {
    run(
        "taken",
        "none",
        "a { estimator = linear-regression }, b { estimator = baseline }",
        "progression",
        "kind = k-fold, folds = 5",
        "}, { job = compare, from = cv, metrics = [mse], tests = [corrected-resampled-t]");
    assertThat(predicted("taken")).isPositive();
  }
}
