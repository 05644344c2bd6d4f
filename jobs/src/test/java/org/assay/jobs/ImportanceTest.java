package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.report.ImportanceRow;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The job {@code importance} against closed forms and scikit-learn. Bounds on what is drawn are
 * five standard errors: a right implementation passes with these seeds, and with others in all but
 * one of a million comparisons.
 */
class ImportanceTest {
  @TempDir Path dir;

  private List<ImportanceRow> run(String conf) {
    return Shared.run(
            "name = t, seed = 3, output = unused\n" + conf.replace("DIR", dir.toString()),
            dir.resolve("cells"))
        .rows(Tables.IMPORTANCES);
  }

  private List<String> explain(String conf) {
    RunConfig config =
        RunConfig.read(
            ConfigFactory.parseString(
                "name = t, seed = 3, output = unused\n" + conf.replace("DIR", dir.toString())));
    Runner runner = Runner.of(config, List.of());
    try (RunContext context =
        new RunContext(Shared.spark(), config, runner.steps(), Progress.silent(), null, null)) {
      return runner.steps().get(0).explain(context);
    }
  }

  private static Map<String, ImportanceRow> byFeature(List<ImportanceRow> rows, String metric) {
    Map<String, ImportanceRow> all = new LinkedHashMap<>();
    rows.stream()
        .filter(r -> r.metric().equals(metric) && r.slice().isEmpty())
        .forEach(r -> assertThat(all.put(r.feature(), r)).isNull());
    return all;
  }

  private static double error(ImportanceRow row) {
    return row.spreadShuffle() / Math.sqrt(row.repeats());
  }

  /** Six rows, the label is the first column: over all 720 permutations mean .5, sd .2236067977. */
  @Test
  void sixRowsWhoseLabelIsAColumn() throws IOException {
    Files.writeString(
        dir.resolve("six.csv"), "a,b,c,y\n" + "1,9,9,1\n".repeat(3) + "0,9,9,0\n".repeat(3));
    List<ImportanceRow> rows =
        run(
            """
            data.six { path = "DIR/six.csv", label = y }
            models.m { estimator = logistic-regression, params { regParam = 0.001 } }
            jobs = [ { job = importance, metrics = [accuracy], method = [permutation, e-switch], repeats = 4000 } ]
            """);
    assertThat(rows).hasSize(6).allSatisfy(r -> assertThat(r.baseline()).isEqualTo(1));
    ImportanceRow permuted = rows.get(0);
    assertThat(permuted)
        .returns("a", ImportanceRow::feature)
        .returns("permutation", ImportanceRow::method)
        .returns(4000, ImportanceRow::repeats)
        .returns(1, ImportanceRow::rank)
        .returns("measured on the rows that the model was fitted to", ImportanceRow::reason);
    assertThat(permuted.value()).isCloseTo(0.5, within(5 * 0.2236067977 / Math.sqrt(4000)));
    assertThat(permuted.spreadShuffle()).isCloseTo(0.2236067977, within(0.02));
    ImportanceRow switched = rows.get(3);
    assertThat(switched.method()).isEqualTo("e-switch");
    assertThat(switched.value()).isCloseTo(0.6, within(5 * 0.2236067977 / Math.sqrt(4000)));
    for (int constant : new int[] {1, 2, 4, 5}) {
      assertThat(rows.get(constant))
          .returns(0.0, ImportanceRow::value)
          .returns(2, ImportanceRow::rank)
          .returns(1.0, ImportanceRow::pValue);
      assertThat(rows.get(constant).reason())
          .startsWith("constant: all rows have the same value; ");
    }
  }

  /**
   * In-sample least squares: the exact expectation of the squared loss's growth is 2 b^2 var_n(x).
   */
  @Test
  void leastSquaresAgainstTheClosedForm() throws IOException {
    Files.writeString(dir.resolve("five.csv"), "x,y\n1,1\n2,3\n3,2\n5,6\n8,9\n");
    ImportanceRow row =
        run("""
                data.five { path = "DIR/five.csv", label = y, task = regression }
                models.m { estimator = linear-regression }
                jobs = [ { job = importance, metrics = [mse], repeats = 5000 } ]
                """)
            .get(0);
    assertThat(row.value()).isCloseTo(16.0914285714, within(5 * error(row)));
    assertThat(error(row)).isLessThan(0.2);
  }

  /** Independent x in a linear model: 2 w^2 var(x), whatever else is in it. */
  @ParameterizedTest
  @ValueSource(strings = {"", ", within = block", ", cut = rows", ", within = fold, cut = rows"})
  void additiveModelOfIndependentColumns(String keys) throws IOException {
    Random random = new Random(8);
    int n = 3000;
    double[] weight = {1, -2, 0.5, 0};
    double[] sum = new double[4];
    double[] squares = new double[4];
    double pair = 0;
    double pairSquares = 0;
    StringBuilder text = new StringBuilder("id,a,b,c,d,fold,y\n");
    for (int i = 0; i < n; i++) {
      text.append(i);
      double y = 0;
      double two = 0;
      for (int j = 0; j < 4; j++) {
        double x = random.nextGaussian() * (j + 1);
        y += weight[j] * x;
        two += j < 2 ? weight[j] * x : 0;
        sum[j] += x;
        squares[j] += x * x;
        text.append(',').append(x);
      }
      pair += two;
      pairSquares += two * two;
      text.append(',').append(i % 3).append(',').append(y).append('\n');
    }
    Files.writeString(dir.resolve("sum.csv"), text);
    Map<String, ImportanceRow> rows =
        byFeature(
            run(
                """
                data.sum { path = "DIR/sum.csv", id = id, label = y, exclude = [fold] }
                models.m { estimator = linear-regression }
                jobs = [ { job = importance, metrics = [mse, rmse], repeats = 40, groups { ab = [a, b] }KEYS } ]
                """
                    .replace("KEYS", keys)),
            "mse");
    for (int j = 0; j < 4; j++) {
      double variance = squares[j] / n - sum[j] / n * (sum[j] / n);
      double exact = 2 * weight[j] * weight[j] * variance;
      ImportanceRow row = rows.get(List.of("a", "b", "c", "d").get(j));
      double bound = 5 * error(row) + 1e-9 + (keys.contains("fold") ? 0.01 * exact : 0);
      assertThat(row.value()).isCloseTo(exact, within(bound));
      // Of a normal x and an exact fit the influence of a row is 2 w^2 ((x - mean)^2 - var).
      double error = 2 * weight[j] * weight[j] * (j + 1) * (j + 1) * Math.sqrt(2.0 / n);
      assertThat(row.stdError()).isBetween(0.75 * error - 1e-9, 1.5 * error + 1e-9);
      assertThat(row.pValue()).isEqualTo(weight[j] == 0 ? row.pValue() : 1e-4);
    }
    double both = 2 * (pairSquares / n - pair / n * (pair / n));
    double bound = 5 * error(rows.get("ab")) + (keys.contains("fold") ? 0.01 * both : 0);
    assertThat(rows.get("ab").value()).isCloseTo(both, within(bound));
    assertThat(rows.get("ab"))
        .returns("a,b", ImportanceRow::members)
        .returns(1, ImportanceRow::rank)
        .returns("student-t", ImportanceRow::ciMethod);
  }

  /** A column twice: each alone falls to a quarter, both together stay what one was. */
  @Test
  void aDuplicatedColumnKeepsItsImportanceAsAGroup() throws IOException {
    StringBuilder text = new StringBuilder("id,x,twin,z,y\n");
    Random random = new Random(4);
    for (int i = 0; i < 400; i++) {
      double x = random.nextGaussian();
      double z = random.nextGaussian();
      text.append(i + "," + x + "," + x + "," + z + "," + (3 * x + z) + "\n");
    }
    Files.writeString(dir.resolve("twins.csv"), text);
    String conf =
        """
        data.one { path = "DIR/twins.csv", id = id, label = y, exclude = [twin] }
        data.two { path = "DIR/twins.csv", id = id, label = y }
        models.m { estimator = linear-regression, params { regParam = 1e-6 } }
        jobs = [
          { job = importance, name = one, data = one, metrics = [mse], repeats = 50 }
          { job = importance, name = two, data = two, metrics = [mse], repeats = 50, groups { xs = [x, twin] } }
        ]
        """;
    List<ImportanceRow> rows = run(conf);
    Map<String, ImportanceRow> one =
        byFeature(rows.stream().filter(r -> r.job().equals("one")).toList(), "mse");
    Map<String, ImportanceRow> two =
        byFeature(rows.stream().filter(r -> r.job().equals("two")).toList(), "mse");
    assertThat(two.get("xs").value()).isCloseTo(one.get("x").value(), within(1e-3));
    assertThat(two.get("x").value()).isCloseTo(one.get("x").value() / 4, within(0.02));
    assertThat(two.get("twin").value()).isCloseTo(one.get("x").value() / 4, within(0.02));
  }

  /** x, nearly the same again, and something else; y is a sum of them. */
  private double[][] alike(int n) throws IOException {
    StringBuilder text = new StringBuilder("id,x,near,z,y\n");
    Random random = new Random(9);
    double[][] columns = new double[4][n];
    for (int i = 0; i < n; i++) {
      columns[0][i] = random.nextGaussian();
      columns[1][i] = columns[0][i] + 0.1 * random.nextGaussian();
      columns[2][i] = random.nextGaussian();
      columns[3][i] = columns[0][i] + columns[1][i] + columns[2][i];
      text.append(i);
      for (double[] column : columns) {
        text.append(',').append(column[i]);
      }
      text.append('\n');
    }
    Files.writeString(dir.resolve("alike.csv"), text);
    return columns;
  }

  @Test
  void amongAlikeRowsTwinsSayLittle() throws IOException {
    alike(1000);
    List<ImportanceRow> rows =
        run(
            """
            data.d { path = "DIR/alike.csv", id = id, label = y }
            models.m { estimator = linear-regression }
            jobs = [ { job = importance, method = [permutation, conditional], metrics = [mse], repeats = 10, clusters = spearman } ]
            """);
    Map<String, ImportanceRow> permuted =
        byFeature(rows.stream().filter(r -> r.method().equals("permutation")).toList(), "mse");
    Map<String, ImportanceRow> conditional =
        byFeature(rows.stream().filter(r -> r.method().equals("conditional")).toList(), "mse");
    assertThat(conditional.get("x").value()).isBetween(0.01, 0.2 * permuted.get("x").value());
    assertThat(conditional.get("x").reason())
        .startsWith("exchanged within ")
        .contains(" strata by near, which explain ");
    assertThat(conditional.get("z").value())
        .isCloseTo(permuted.get("z").value(), within(5 * error(permuted.get("z"))));
    assertThat(permuted.get("cluster-1").members()).isEqualTo("x,near");
  }

  /** Without a column least squares on the others leaves what a regression on these leaves. */
  @Test
  void withoutAColumnTheModelIsFittedAnew() throws IOException {
    double[][] columns = alike(400);
    Map<String, ImportanceRow> rows =
        byFeature(
            run(
                """
                data.d { path = "DIR/alike.csv", id = id, label = y }
                models.m { estimator = linear-regression }
                jobs = [ { job = importance, method = drop-column, metrics = [mse], groups { xs = [x, near] } } ]
                """),
            "mse");
    double[] means = new double[4];
    double[][] products = new double[4][4];
    for (int a = 0; a < 4; a++) {
      means[a] = java.util.Arrays.stream(columns[a]).average().orElseThrow();
    }
    for (int a = 0; a < 4; a++) {
      for (int b = 0; b < 4; b++) {
        for (int i = 0; i < 400; i++) {
          products[a][b] += (columns[a][i] - means[a]) * (columns[b][i] - means[b]) / 400;
        }
      }
    }
    double left = products[3][3] - products[3][2] * products[3][2] / products[2][2];
    assertThat(rows.get("xs").value()).isCloseTo(left, within(1e-9));
    assertThat(rows.get("xs").baseline()).isCloseTo(0, within(1e-12));
    assertThat(rows.get("xs"))
        .returns(1, ImportanceRow::repeats)
        .returns("drop-column", ImportanceRow::method)
        .returns(1e-4, ImportanceRow::pValue);
    assertThat(rows.get("xs").spreadShuffle()).isNaN();
    assertThat(rows.get("x").value()).isBetween(0.005, 0.05);
    // Squared residuals of n rows vary by about their mean times sqrt(2).
    assertThat(rows.get("xs").stdError()).isBetween(left / 20, left / 10);
  }

  /** More repeats until the draw adds little, and the same as if they were asked for at once. */
  @Test
  void repeatsAreAddedUntilTheDrawMattersLittle() throws IOException {
    alike(300);
    String conf =
        """
        data.d { path = "DIR/alike.csv", id = id, label = y }
        models.m { estimator = linear-regression }
        jobs = [ { job = importance, metrics = [mse, mae], inputs = [z], KEYS } ]
        """;
    List<ImportanceRow> few = run(conf.replace("KEYS", "repeats = auto, max-repeats = 12"));
    List<ImportanceRow> fixed = run(conf.replace("KEYS", "repeats = 12"));
    for (int i = 0; i < 2; i++) {
      assertThat(few.get(i).repeats()).isEqualTo(12);
      assertThat(few.get(i).value()).isEqualTo(fixed.get(i).value());
      assertThat(few.get(i).spreadShuffle()).isEqualTo(fixed.get(i).spreadShuffle());
      assertThat(few.get(i).stdError()).isCloseTo(fixed.get(i).stdError(), within(1e-12));
    }
    List<ImportanceRow> until = run(conf.replace("KEYS", "max-repeats = 100000"));
    for (ImportanceRow row : until) {
      assertThat(row.repeats()).isGreaterThan(12).isLessThan(1000);
      assertThat(error(row)).isLessThanOrEqualTo(0.1 * row.spreadRows());
    }
    List<String> explained = explain(conf.replace("KEYS", "max-repeats = 100"));
    assertThat(explained)
        .contains(
            "  inputs      1 columns, 0 groups",
            "  plan        none: fitted and measured on all rows",
            "  evaluations 300 rows per repeat, and 300 as they are");
  }

  private static JsonNode reference(String model) throws IOException {
    try (InputStream in = ImportanceTest.class.getResourceAsStream("importance.json")) {
      return new ObjectMapper().readTree(in).get(model);
    }
  }

  private static void assertLikeScikitLearn(List<ImportanceRow> rows, JsonNode reference) {
    assertThat(rows).isNotEmpty();
    for (ImportanceRow row : rows) {
      JsonNode theirs = reference.get(row.metric()).get(row.feature());
      double error =
          Math.hypot(
              error(row), theirs.get("sd").asDouble() / Math.sqrt(theirs.get("repeats").asInt()));
      assertThat(row.value())
          .as(row.metric() + " of " + row.feature())
          .isCloseTo(theirs.get("mean").asDouble(), within(5 * error + 1e-6));
    }
  }

  @Test
  void wisconsinLikeScikitLearn() throws IOException {
    List<ImportanceRow> rows =
        run(
            """
            data.w { path = "%s", id = id, label = benign }
            models.m { estimator = logistic-regression, scale = standard, params { regParam = 0.01 } }
            jobs = [ { job = importance, metrics = [log-loss, accuracy, roc-auc], repeats = 200 } ]
            """
                .formatted(Shared.data("breast_cancer.csv")));
    assertThat(rows).hasSize(90);
    assertLikeScikitLearn(rows, reference("wisconsin"));
  }

  @Test
  void diabetesLikeScikitLearn() throws IOException {
    List<ImportanceRow> rows =
        run(
            """
            data.d { path = "%s", id = id, label = progression, task = regression }
            models.m { estimator = linear-regression }
            jobs = [ { job = importance, metrics = [mse, mae, r2], repeats = 500 } ]
            """
                .formatted(Shared.data("diabetes.csv")));
    assertThat(rows).hasSize(30);
    assertLikeScikitLearn(rows, reference("diabetes"));
  }

  /** Texts are permuted before they are encoded. */
  @Test
  void adultLikeScikitLearn() throws IOException {
    List<ImportanceRow> rows =
        run(
            """
            data.a { path = "%s", id = id, label = income, encode = one-hot }
            models.m { estimator = logistic-regression, scale = standard, params { regParam = 0.001, standardization = false } }
            jobs = [ { job = importance, metrics = [log-loss, accuracy, roc-auc], repeats = 5 } ]
            """
                .formatted(Shared.data("adult.csv")));
    assertThat(rows).hasSize(42);
    assertLikeScikitLearn(rows, reference("adult"));
  }

  /**
   * Saved, fitted by Spark ML, or by our own kernels: one model, the same donors, the same values.
   */
  @Test
  void everyKindOfModelIsAskedAlike() throws IOException {
    Dataset<Row> data =
        Shared.spark()
            .read()
            .option("header", "true")
            .option("inferSchema", "true")
            .csv(Shared.data("wine.csv").toString())
            .withColumn("cultivar", functions.col("cultivar").cast("double"));
    String[] features = {"alcohol", "flavanoids", "proline"};
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new VectorAssembler().setInputCols(features).setOutputCol("features"),
                  new LogisticRegression()
                      .setLabelCol("cultivar")
                      .setRegParam(0.1)
                      .setTol(1e-12)
                      .setMaxIter(500)
                });
    String unfitted = dir.resolve("unfitted").toString();
    String fitted = dir.resolve("fitted").toString();
    pipeline.write().save(unfitted);
    pipeline.fit(data).write().save(fitted);
    List<ImportanceRow> rows =
        run(
            """
            data.w { path = "%s", id = id, label = cultivar, task = classification, features = [alcohol, flavanoids, proline, hue], slices = [{ column = hue, edges = [1] }] }
            data.three = ${data.w} { features = [alcohol, flavanoids, proline] }
            models.saved { model = "%s" }
            models.pipeline { pipeline = "%s" }
            models.mllib { estimator = logistic-regression, engine = cluster, params { regParam = 0.1, tol = 1e-12, maxIter = 500 } }
            models.ours { estimator = logistic-regression, params { regParam = 0.1 } }
            jobs = [
              { job = importance, data = w, models = [saved, pipeline], metrics = [log-loss, accuracy], repeats = 4, groups { two = [alcohol, hue] } }
              { job = importance, name = three, data = three, models = [mllib, ours], metrics = [log-loss, accuracy], repeats = 4 }
            ]
            """
                .formatted(Shared.data("wine.csv"), fitted, unfitted));
    Map<String, Double> saved = new LinkedHashMap<>();
    rows.stream()
        .filter(r -> r.model().equals("saved"))
        .forEach(r -> saved.put(r.metric() + r.slice() + r.feature(), r.value()));
    assertThat(saved).hasSize(2 * 3 * 5);
    assertThatThrownBy(
            () ->
                run(
                    """
                    data.w { path = "%s", id = id, label = cultivar, task = classification, exclude = [proline] }
                    models.saved { model = "%s" }
                    jobs = [ { job = importance, repeats = 1 } ]
                    """
                        .formatted(Shared.data("wine.csv"), fitted)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("models.saved: cannot answer the rows of data.w: ")
        .hasMessageContaining("proline")
        .hasMessageEndingWith("; give it data with the columns that it reads");
    for (ImportanceRow row : rows) {
      String key = row.metric() + row.slice() + row.feature();
      assertThat(row.value()).as(row.toString()).isCloseTo(saved.get(key), within(1e-5));
      if (row.feature().equals("hue")) {
        assertThat(row.value()).isZero();
      }
    }
    assertThat(rows).hasSize(2 * 30 + 2 * 18);
    assertThat(saved.get("log-losstwo")).isEqualTo(saved.get("log-lossalcohol"));
  }

  /** How long a call took is known only after it, and says most of its outcome. */
  @Test
  void aLeakedColumnIsRankedFirst() {
    List<ImportanceRow> rows =
        run(
            """
            data.bank { path = "%s", id = id, label = y, encode = one-hot, slices = [housing] }
            models.logit { estimator = logistic-regression, scale = standard, params { regParam = 0.001 } }
            jobs = [ { job = importance, plan { kind = k-fold, folds = 3, stratify = true }, metrics = [log-loss, roc-auc] } ]
            """
                .formatted(Shared.data("bank.csv")));
    for (String metric : List.of("log-loss", "roc-auc")) {
      ImportanceRow first = byFeature(rows, metric).get("duration");
      assertThat(first)
          .returns(1, ImportanceRow::rank)
          .returns("corrected-t", ImportanceRow::ciMethod)
          .returns(45_211L, ImportanceRow::n);
      assertThat(first.ciLow()).isPositive();
      assertThat(first.spreadSplit()).isPositive();
    }
    assertThat(rows).hasSize(2 * 16 * 3);
    assertThat(byFeature(rows, "log-loss").get("duration").pAdjusted()).isLessThan(0.01);
  }
}
