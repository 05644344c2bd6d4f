package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assay.report.CurveRow;
import org.assay.report.ImportanceRow;
import org.assay.report.Score;
import org.assay.report.Selection;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Curves of deletion and sensitivity against closed forms of linear models; forward selection. */
class ChangedInputsTest {
  private static final int ROWS = 400;

  @TempDir Path dir;
  private final List<double[]> rows = new ArrayList<>();

  private RunContext run(String conf) {
    return Shared.run(
        "name = t, seed = 3, output = unused\n" + conf.replace("DIR", dir.toString()),
        dir.resolve("cells"));
  }

  /** y = 2 x - z + 4 w, and k says nothing; numbers of a normal distribution each. */
  private void sums() throws IOException {
    Random random = new Random(2);
    StringBuilder text = new StringBuilder("id,x,z,w,k,y\n");
    for (int i = 0; i < ROWS; i++) {
      double[] row = {random.nextGaussian(), 3 * random.nextGaussian(), random.nextGaussian()};
      rows.add(row);
      double y = 2 * row[0] - row[1] + 4 * row[2];
      text.append(
          i
              + ","
              + row[0]
              + ","
              + row[1]
              + ","
              + row[2]
              + ","
              + "ab".charAt(i % 2)
              + ","
              + y
              + "\n");
    }
    Files.writeString(dir.resolve("sums.csv"), text);
  }

  private double variance(double... weights) {
    double sum = 0;
    double squares = 0;
    for (double[] row : rows) {
      double part = 0;
      for (int j = 0; j < weights.length; j++) {
        part += weights[j] * row[j];
      }
      sum += part;
      squares += part * part;
    }
    return squares / ROWS - sum / ROWS * (sum / ROWS);
  }

  /**
   * With the first of an order from another row the squared loss is twice their part's variance.
   */
  @Test
  void deletionTakesWhatTheFirstAreWorth() throws IOException {
    sums();
    RunContext ran =
        run(
            """
            data.d { path = "DIR/sums.csv", id = id, label = y, task = regression, encode = one-hot }
            models.m { estimator = linear-regression }
            jobs = [ { job = importance, method = [permutation, native, deletion], metrics = [mse, mae], deletion { repeats = 60 }, repeats = 5 } ]
            """);
    List<CurveRow> all = ran.rows(Tables.CURVES);
    // By mse for mse, by mae for mae, and by the model's own order for both.
    assertThat(all).hasSize(4 * 5);
    List<CurveRow> curve =
        all.stream()
            .filter(c -> c.metric().equals("mse") && c.byMethod().equals("permutation"))
            .toList();
    double[] exact = {
      0,
      2 * variance(0, 0, 4),
      2 * variance(0, -1, 4),
      2 * variance(2, -1, 4),
      2 * variance(2, -1, 4)
    };
    List<String> order = List.of("", "w", "z", "x", "k");
    double area = (exact[0] + exact[4]) / 8 + (exact[1] + exact[2] + exact[3]) / 4;
    for (int at = 0; at < 5; at++) {
      CurveRow point = curve.get(at);
      assertThat(point.at()).isEqualTo(at);
      assertThat(point.feature()).isEqualTo(order.get(at));
      assertThat(point.value()).isCloseTo(exact[at], within(5 * point.stdError() + 1e-9));
      assertThat(point.area()).isCloseTo(area, within(0.05 * area));
      assertThat(point.fall()).isCloseTo(area / exact[4], within(0.05));
    }
    assertThat(all.stream().filter(c -> c.byMethod().equals("native")).map(CurveRow::byMetric))
        .containsOnly("");
  }

  /** A line rises by its slope, wherever it is. */
  @Test
  void sensitivityOfALineIsItsSlope() throws IOException {
    sums();
    RunContext ran =
        run(
            """
            data.d { path = "DIR/sums.csv", id = id, label = y, task = regression, encode = one-hot }
            models.m { estimator = linear-regression }
            models.scaled { estimator = linear-regression, scale = standard }
            jobs = [ { job = importance, method = sensitivity, sensitivity { steps = [1, 0.5], rows = 100 } } ]
            """);
    double[] slope = {
      2 * Math.sqrt(variance(1)), -Math.sqrt(variance(0, 1)), 4 * Math.sqrt(variance(0, 0, 1))
    };
    List<String> names = List.of("x", "z", "w");
    List<ImportanceRow> found = ran.rows(Tables.IMPORTANCES);
    assertThat(found).hasSize(2 * 4);
    for (ImportanceRow row : found) {
      if (row.feature().equals("k")) {
        assertThat(row.value()).isNaN();
        assertThat(row.reason()).startsWith("a text has no direction to be moved in");
        continue;
      }
      double exact = Math.abs(slope[names.indexOf(row.feature())]);
      assertThat(row.value()).isCloseTo(exact, within(1e-8));
      assertThat(row.stdError()).isCloseTo(0, within(1e-8));
      assertThat(row.n()).isEqualTo(100);
    }
    assertThat(found.get(0)).returns("w", ImportanceRow::feature).returns(1, ImportanceRow::rank);
    List<CurveRow> curve = ran.rows(Tables.CURVES);
    assertThat(curve).hasSize(2 * 2 * 4);
    for (CurveRow point : curve) {
      if (!point.feature().equals("k")) {
        double exact = point.at() * slope[names.indexOf(point.feature())];
        assertThat(point.value()).isCloseTo(exact, within(1e-8));
        assertThat(point.size()).isCloseTo(Math.abs(exact), within(1e-8));
      }
    }
  }

  /** y = 2 x + z and noise, beside columns that are noise. */
  @ParameterizedTest
  @ValueSource(strings = {"", ", plan { kind = k-fold, folds = 3 }"})
  void forwardSelectionStopsWhereNothingIsWon(String plan) throws IOException {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder("id,n1,x,n2,z,n3,y\n");
    for (int i = 0; i < 150; i++) {
      double x = random.nextGaussian();
      double z = random.nextGaussian();
      text.append(
          i
              + ","
              + random.nextGaussian()
              + ","
              + x
              + ","
              + random.nextGaussian()
              + ","
              + z
              + ","
              + random.nextGaussian()
              + ","
              + (2 * x + z + 0.3 * random.nextGaussian())
              + "\n");
    }
    Files.writeString(dir.resolve("sums.csv"), text);
    RunContext ran =
        run(
            """
            data.d { path = "DIR/sums.csv", id = id, label = y, task = regression }
            models.m { estimator = linear-regression }
            jobs = [ { job = importance, method = forward-selection, metrics = [mse, mae], forward-selection { inner { kind = k-fold, folds = 5 } }PLAN } ]
            """
                .replace("PLAN", plan));
    List<ImportanceRow> found = ran.rows(Tables.IMPORTANCES);
    assertThat(found).hasSize(5);
    for (ImportanceRow row : found) {
      boolean isSignal = row.feature().equals("x") || row.feature().equals("z");
      assertThat(row.value()).as(row.feature()).isEqualTo(isSignal ? 1 : 0);
      assertThat(row.scale()).isEqualTo("chosen");
    }
    assertThat(found.stream().filter(r -> r.feature().equals("x")).findFirst().orElseThrow())
        .returns("mse", ImportanceRow::metric);
    int splits = plan.isEmpty() ? 1 : 3;
    // 5 to choose from, then 4, then 3 of which none is taken.
    List<Selection> tried = ran.rows(Tables.SELECTIONS);
    assertThat(tried).hasSize(12 * splits);
    assertThat(tried.stream().filter(Selection::selected).map(Selection::params))
        .containsOnly("inputs=x", "inputs=x,z");
    List<Score> scores = ran.rows(Tables.SCORES);
    assertThat(scores).hasSize(plan.isEmpty() ? 0 : 3 * 2);
    for (Score score : scores) {
      assertThat(score.params()).isEqualTo("inputs=x,z");
      if (score.metric().equals("mse")) {
        // The noise has the variance 0.09; of 50 rows' mean five standard errors.
        assertThat(score.value()).isCloseTo(0.09, within(0.09 * 5 * Math.sqrt(2 / 50.0)));
      }
    }
  }

  /** The models of an earlier cross-validation: the metric as it is, is what they had. */
  @Test
  void modelsOfAnEarlierJobAreExplainedWhereItMeasuredThem() throws IOException {
    sums();
    RunContext ran =
        run(
            """
            data.d { path = "DIR/sums.csv", id = id, label = y, task = regression, exclude = [k] }
            models.m { estimator = linear-regression, params { regParam = 0.5 } }
            jobs = [
              { job = cross-validate, name = cv, keep = none, plan { kind = k-fold, folds = 4, stratify = true }, bins = 4, metrics = [mse] }
              { job = importance, name = why, from = cv, metrics = [mse], repeats = 3 }
              { job = importance, name = same, plan { kind = k-fold, folds = 4, stratify = true }, bins = 4, metrics = [mse], repeats = 3 }
            ]
            """);
    double mean =
        ran.rows(Tables.SCORES).stream().mapToDouble(Score::value).average().orElseThrow();
    List<ImportanceRow> found = ran.rows(Tables.IMPORTANCES);
    assertThat(found).hasSize(6);
    for (int i = 0; i < 3; i++) {
      assertThat(found.get(i).baseline()).isCloseTo(mean, within(1e-12));
      assertThat(found.get(i).value()).isEqualTo(found.get(i + 3).value());
      assertThat(found.get(i).job()).isEqualTo("why");
    }
  }
}
