package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.VectorAssembler;
import org.assay.UserException;
import org.assay.report.ImportanceRow;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code shapley} and {@code sage} of linear models against closed forms. With d_ij = w_j (x_ij -
 * mean x_j) the Shapley value of column j in row i is d_ij; and where the model is the label's own,
 * SAGE's of the squared loss is the covariance of w_j x_j and the label, for what a row lacks
 * without some columns is the sum of their d_ij.
 */
class AttributedTest {
  private static final int ROWS = 80;

  @TempDir Path dir;
  private final double[][] parts = new double[16][ROWS];

  private List<ImportanceRow> run(String conf) {
    return Shared.run(
            "name = t, seed = 3, output = unused\n" + conf.replace("DIR", dir.toString()),
            dir.resolve("cells"))
        .rows(Tables.IMPORTANCES);
  }

  private static Map<String, ImportanceRow> of(List<ImportanceRow> rows, String method) {
    Map<String, ImportanceRow> all = new HashMap<>();
    rows.stream()
        .filter(r -> r.method().equals(method))
        .forEach(r -> assertThat(all.put(r.feature(), r)).isNull());
    return all;
  }

  /** Columns x0, x1, .. that are correlated, and y = x0 + 2 x1 + 3 x2 + .. */
  private void sums(int columns) throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder("id,y");
    for (int j = 0; j < columns; j++) {
      text.append(",x" + j);
    }
    for (int i = 0; i < ROWS; i++) {
      double common = random.nextGaussian();
      StringBuilder line = new StringBuilder();
      double y = 0;
      for (int j = 0; j < columns; j++) {
        double x = common + random.nextGaussian();
        parts[j][i] = (j + 1) * x;
        y += parts[j][i];
        line.append("," + x);
      }
      text.append("\n" + i + "," + y + line);
    }
    Files.writeString(dir.resolve("sums.csv"), text + "\n");
    for (int j = 0; j < columns; j++) {
      double mean = java.util.Arrays.stream(parts[j]).average().orElseThrow();
      for (int i = 0; i < ROWS; i++) {
        parts[j][i] -= mean;
      }
    }
  }

  private static final String CONF =
      """
      data.d { path = "DIR/sums.csv", id = id, label = y, task = regression }
      models.m { estimator = linear-regression }
      jobs = [ { job = importance, method = [shapley, sage], metrics = [mse], shapley { rows = 1000, background = 1000 }, sage { rows = 1000, background = 1000 }KEYS } ]
      """;

  private double size(int... columns) {
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      double d = 0;
      for (int j : columns) {
        d += parts[j][i];
      }
      sum += Math.abs(d);
    }
    return sum / ROWS;
  }

  private double covariance(int all, int... columns) {
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      double y = 0;
      for (int j = 0; j < all; j++) {
        y += parts[j][i];
      }
      for (int j : columns) {
        sum += parts[j][i] * y;
      }
    }
    return sum / ROWS;
  }

  @Test
  void linearModelsInClosedForm() throws IOException {
    sums(4);
    List<ImportanceRow> rows = run(CONF.replace("KEYS", ", groups { two = [x1, x2] }"));
    assertThat(rows).hasSize(6);
    Map<String, ImportanceRow> shapley = of(rows, "shapley");
    Map<String, ImportanceRow> sage = of(rows, "sage");
    assertThat(shapley.get("x0").value()).isCloseTo(size(0), within(1e-9));
    assertThat(shapley.get("x3").value()).isCloseTo(size(3), within(1e-9));
    assertThat(shapley.get("two").value()).isCloseTo(size(1, 2), within(1e-9));
    assertThat(sage.get("x0").value()).isCloseTo(covariance(4, 0), within(1e-8));
    assertThat(sage.get("x3").value()).isCloseTo(covariance(4, 3), within(1e-8));
    assertThat(sage.get("two").value()).isCloseTo(covariance(4, 1, 2), within(1e-8));
    assertThat(shapley.get("two"))
        .returns("x1,x2", ImportanceRow::members)
        .returns("output", ImportanceRow::scale)
        .returns("", ImportanceRow::metric)
        .returns((long) ROWS, ImportanceRow::n)
        .returns("student-t", ImportanceRow::ciMethod)
        // 2^3 coalitions of each row against each.
        .returns(8L * ROWS * ROWS, ImportanceRow::evaluations);
    assertThat(shapley.get("two").reason())
        .startsWith("exact for 80 rows, against 80 background rows; measured on");
    assertThat(sage.get("x0").baseline()).isCloseTo(0, within(1e-12));
    // The standard error of a mean of |d|.
    double mean = size(0);
    double squares = 0;
    for (double d : parts[0]) {
      squares += (Math.abs(d) - mean) * (Math.abs(d) - mean);
    }
    assertThat(shapley.get("x0").stdError())
        .isCloseTo(Math.sqrt(squares / (ROWS - 1) / ROWS), within(1e-9));
  }

  /** Orders with their reverses are exact where no more than two inputs work together. */
  @Test
  void orderAndReverseAreExactForPairs() throws IOException {
    sums(14);
    List<ImportanceRow> rows =
        run(
            CONF.replace("KEYS", "")
                .replace(
                    "rows = 1000, background = 1000", "rows = 80, background = 80, pairs = 3"));
    assertThat(rows).hasSize(28);
    for (int j = 0; j < 14; j++) {
      ImportanceRow shapley = of(rows, "shapley").get("x" + j);
      assertThat(shapley.value()).isCloseTo(size(j), within(1e-8));
      assertThat(shapley.spreadShuffle()).isCloseTo(0, within(1e-6));
      assertThat(shapley.repeats()).isEqualTo(3);
      assertThat(of(rows, "sage").get("x" + j).value()).isCloseTo(covariance(14, j), within(1e-6));
    }
    assertThat(of(rows, "shapley").get("x0").reason()).startsWith("3 pairs of orders for 80 rows");
  }

  /** Classes: contributions to probabilities; and what cannot be averaged says so. */
  @Test
  void classesAndFolds() {
    List<ImportanceRow> rows =
        run(
            """
            data.w { path = "%s", id = id, label = cultivar, task = classification, features = [alcohol, flavanoids, hue] }
            models.m { estimator = logistic-regression, params { regParam = 0.01 } }
            models.base { estimator = baseline }
            jobs = [ { job = importance, method = [shapley, sage], metrics = [log-loss, accuracy, f1-macro], plan { kind = k-fold, folds = 2, stratify = true }, shapley { rows = 20, background = 10 }, sage { rows = 200 } } ]
            """
                .formatted(Shared.data("wine.csv")));
    assertThat(rows).hasSize(2 * (3 + 3 * 3));
    for (ImportanceRow row : rows) {
      if (row.metric().equals("f1-macro")) {
        assertThat(row.value()).isNaN();
        assertThat(row.reason()).startsWith("sage divides means over rows");
      } else if (row.model().equals("base")) {
        assertThat(row.value()).isZero();
      } else if (row.feature().equals("flavanoids")) {
        assertThat(row.ciMethod()).isEqualTo("corrected-t");
        assertThat(row.value()).isBetween(0.03, 1.0);
        assertThat(row.n()).isEqualTo(row.method().equals("sage") ? 178 : 40);
      }
    }
    // What all take off the accuracy is what it is above the majority's.
    double sum =
        rows.stream()
            .filter(
                r ->
                    r.model().equals("m")
                        && r.metric().equals("accuracy")
                        && r.method().equals("sage"))
            .mapToDouble(ImportanceRow::value)
            .sum();
    assertThat(sum).isBetween(0.4, 0.7);
  }

  /** One model, fitted by Spark ML in a pipeline and by our own kernels: the same values. */
  @Test
  void pipelinesAreAskedForTheSameRows() throws IOException {
    String pipeline = dir.resolve("pipeline").toString();
    new Pipeline()
        .setStages(
            new PipelineStage[] {
              new VectorAssembler()
                  .setInputCols(new String[] {"alcohol", "flavanoids", "hue"})
                  .setOutputCol("features"),
              new LogisticRegression()
                  .setLabelCol("cultivar")
                  .setRegParam(0.1)
                  .setTol(1e-12)
                  .setMaxIter(500)
            })
        .write()
        .save(pipeline);
    List<ImportanceRow> rows =
        run(
            """
            data.w { path = "%s", id = id, label = cultivar, task = classification, features = [alcohol, flavanoids, hue] }
            models.pipeline { pipeline = "%s" }
            models.ours { estimator = logistic-regression, params { regParam = 0.1 } }
            jobs = [ { job = importance, method = [shapley, sage], metrics = [log-loss, accuracy], plan { kind = k-fold, folds = 2 }, shapley { rows = 9, background = 7 }, sage { rows = 9, background = 7 } } ]
            """
                .formatted(Shared.data("wine.csv"), pipeline));
    Map<String, ImportanceRow> ours = new HashMap<>();
    rows.stream()
        .filter(r -> r.model().equals("ours"))
        .forEach(r -> ours.put(r.method() + r.metric() + r.feature(), r));
    assertThat(ours).hasSize(9);
    assertThat(rows).hasSize(18);
    for (ImportanceRow row : rows) {
      ImportanceRow same = ours.get(row.method() + row.metric() + row.feature());
      assertThat(row.value()).isCloseTo(same.value(), within(1e-6));
      assertThat(row.stdError()).isCloseTo(same.stdError(), within(1e-6));
      assertThat(row.n()).isEqualTo(18);
      assertThat(row.evaluations()).isEqualTo(2L * 9 * 8 * 7);
    }
  }

  @Test
  void aColumnInTwoGroupsIsRefused() throws IOException {
    sums(4);
    assertThatThrownBy(() -> run(CONF.replace("KEYS", ", groups { a = [x0, x1], b = [x1, x2] }")))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith(
            "shapley divides a whole among inputs, and 'x1' is in two groups; let it be in one, or use another method");
  }
}
