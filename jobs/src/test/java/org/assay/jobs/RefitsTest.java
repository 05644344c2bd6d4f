package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.assay.config.RunConfig;
import org.assay.design.Plan;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Columns;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Strata;
import org.assay.jobs.store.RunStore;
import org.assay.report.Estimate;
import org.assay.report.Prediction;
import org.assay.report.Score;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refits on bootstrap samples, whole jobs beside plain definitions. */
class RefitsTest {
  @TempDir Path folder;

  private static final String DIABETES =
      """
      name = refits, seed = 7, output = "%s"
      data.d { path = "%s", id = id, label = progression, task = regression, %s }
      models.line { estimator = linear-regression, %s }
      jobs = [ { job = cross-validate, metrics = [mse, mae, r2, rmse], plan { kind = bootstrap, %s }, %s } ]
      """;

  private String diabetes(String run, String data, String model, String plan, String job) {
    return DIABETES.formatted(
        folder.resolve(run), Shared.data("diabetes.csv"), data, model, plan, job);
  }

  private RunStore run(String run, String conf) {
    Shared.spark();
    Runner.of(RunConfig.read(ConfigFactory.parseString(conf)), List.of())
        .run(run, false, Progress.silent());
    return RunStore.open(folder.resolve(run).toString(), new Configuration());
  }

  private static Estimate estimate(RunStore store, String run, String metric, String estimator) {
    return store.read(Tables.ESTIMATES, run).stream()
        .filter(
            e ->
                e.slice().isEmpty() && e.metric().equals(metric) && e.estimator().equals(estimator))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Of the fit to all rows: scikit-learn 1.2.1, numpy 1.24.2,
   *
   * <pre>
   *   f = LinearRegression().fit(X, y).predict(X)
   *   Y, F = np.repeat(y, len(y)), np.tile(f, len(y))
   *   mean_squared_error(y, f), mean_squared_error(Y, F)   # and so on
   * </pre>
   */
  @Test
  void apparentValuesAndThoseWithoutInformationAreScikitLearns() {
    RunStore store = run("all", diabetes("all", "", "", "replicates = 2", "keep = none"));
    Map<String, double[]> expected = new TreeMap<>();
    expected.put("mse", new double[] {2859.6963475867506, 9000.073446234035});
    expected.put("mae", new double[] {43.27745202531505, 77.43955313135267});
    expected.put("r2", new double[] {0.5177484222203498, -0.5177484222203532});
    expected.put(
        "rmse", new double[] {Math.sqrt(2859.6963475867506), Math.sqrt(9000.073446234035)});
    expected.forEach(
        (metric, values) -> {
          assertThat(estimate(store, "all", metric, "apparent").value())
              .as(metric)
              .isCloseTo(values[0], within(1e-9 * Math.abs(values[0])));
          assertThat(estimate(store, "all", metric, "no-information").value())
              .as(metric)
              .isCloseTo(values[1], within(1e-9 * Math.abs(values[1])));
        });
    assertThat(store.read(Tables.SCORES, "all")).hasSize(2 * 4);
  }

  // ---- one column, by hand

  /** Rows of the frame in canonical order, and how often each replicate draws them. */
  private record Rows(String[] id, double[] x, double[] y, int[][] drawn) {

    static Rows of(String conf, String column) {
      RunConfig config = RunConfig.read(ConfigFactory.parseString(conf));
      Plan plan =
          Plan.read(config.jobs().get(0).section().section("plan"), conf.contains("group = "));
      Frame frame =
          Frame.read(
              Shared.spark(),
              config.dataOf(config.jobs().get(0).section()),
              config.modelsOf(config.jobs().get(0).section()),
              Columns.NONE);
      Strata strata = frame.strata(10);
      Placement placement =
          new Placement(
              plan.bind(frame.population(plan.needs(), strata).named(strata.names()), 7),
              plan.needs(),
              strata);
      List<Block> blocks = frame.blocks().collect();
      assertThat(blocks).hasSize(1);
      Block block = blocks.get(0);
      int n = block.size();
      Rows rows =
          new Rows(
              new String[n],
              frame.numbers(column),
              new double[n],
              new int[placement.design().replicates()][]);
      for (int i = 0; i < n; i++) {
        rows.id[i] = block.rowKey(i);
        rows.y[i] = block.label(i);
      }
      Arrays.setAll(rows.drawn, b -> placement.weights(b, block));
      return rows;
    }

    /** Predictions of the least squares line through weighted rows. */
    double[] line(int[] times) {
      double n = 0;
      double mx = 0;
      double my = 0;
      for (int i = 0; i < y.length; i++) {
        n += times[i];
        mx += times[i] * x[i];
        my += times[i] * y[i];
      }
      mx /= n;
      my /= n;
      double sxy = 0;
      double sxx = 0;
      for (int i = 0; i < y.length; i++) {
        sxy += times[i] * (x[i] - mx) * (y[i] - my);
        sxx += times[i] * (x[i] - mx) * (x[i] - mx);
      }
      double slope = sxy / sxx;
      double[] line = new double[y.length];
      for (int i = 0; i < line.length; i++) {
        line[i] = my + slope * (x[i] - mx);
      }
      return line;
    }

    /** The estimates of a mean loss by their definitions: plain loops over rows and replicates. */
    Map<String, Double> of(DoubleBinaryOperator loss) {
      int n = y.length;
      int[] once = new int[n];
      Arrays.fill(once, 1);
      double[] all = line(once);
      double apparent = 0;
      double chance = 0;
      for (int i = 0; i < n; i++) {
        apparent += loss.applyAsDouble(y[i], all[i]) / n;
        for (int j = 0; j < n; j++) {
          chance += loss.applyAsDouble(y[i], all[j]) / n / n;
        }
      }
      double outOfBag = 0;
      double[] sum = new double[n];
      int[] times = new int[n];
      for (int[] draw : drawn) {
        double[] line = line(draw);
        double own = 0;
        int out = 0;
        for (int i = 0; i < n; i++) {
          if (draw[i] == 0) {
            double l = loss.applyAsDouble(y[i], line[i]);
            sum[i] += l;
            times[i]++;
            own += l;
            out++;
          }
        }
        outOfBag += own / out / drawn.length;
      }
      double loob = 0;
      int counted = 0;
      for (int i = 0; i < n; i++) {
        loob += times[i] == 0 ? 0 : sum[i] / times[i];
        counted += times[i] == 0 ? 0 : 1;
      }
      loob /= counted;
      double err1 = Math.min(loob, chance);
      double rate =
          err1 > apparent && chance > apparent ? (err1 - apparent) / (chance - apparent) : 0;
      double w = .632 / (1 - .368 * rate);
      Map<String, Double> found = new TreeMap<>();
      found.put("apparent", apparent);
      found.put("no-information", chance);
      found.put("out-of-bag", outOfBag);
      found.put("loob", loob);
      found.put("632", .368 * apparent + .632 * loob);
      found.put("632-plus", (1 - w) * apparent + w * err1);
      return found;
    }
  }

  private static double squared(double y, double f) {
    return (y - f) * (y - f);
  }

  private static double absolute(double y, double f) {
    return Math.abs(y - f);
  }

  private void isByDefinition(RunStore store, String run, Rows rows, double tolerance) {
    rows.of(RefitsTest::squared)
        .forEach(
            (estimator, value) -> {
              assertThat(estimate(store, run, "mse", estimator).value())
                  .as("mse " + estimator)
                  .isCloseTo(value, within(tolerance * value));
              if (!estimator.equals("out-of-bag")) { // a mean of roots
                assertThat(estimate(store, run, "rmse", estimator).value())
                    .as("rmse " + estimator)
                    .isCloseTo(Math.sqrt(value), within(tolerance * value));
              }
            });
    rows.of(RefitsTest::absolute)
        .forEach(
            (estimator, value) ->
                assertThat(estimate(store, run, "mae", estimator).value())
                    .as("mae " + estimator)
                    .isCloseTo(value, within(tolerance * value)));
  }

  /** The replicates' values of one metric. */
  private static double[] scores(RunStore store, String run, String metric) {
    return store.read(Tables.SCORES, run).stream()
        .filter(s -> s.metric().equals(metric) && s.slice().isEmpty())
        .mapToDouble(Score::value)
        .sorted()
        .toArray();
  }

  @Test
  void everyEstimateIsThatOfItsDefinition() {
    String conf = diabetes("line", "features = [bmi]", "", "replicates = 200", "keep = all");
    RunStore store = run("line", conf);
    Rows rows = Rows.of(conf, "bmi");
    isByDefinition(store, "line", rows, 1e-10);

    // Predictions are of the rows left out, each replicate a repeat.
    List<Prediction> predictions = store.read(Tables.PREDICTIONS, "line");
    Map<String, Integer> place = new HashMap<>();
    for (int i = 0; i < rows.id.length; i++) {
      place.put(rows.id[i], i);
    }
    assertThat(predictions)
        .hasSize(
            (int)
                Arrays.stream(rows.drawn).flatMapToInt(Arrays::stream).filter(t -> t == 0).count())
        .allSatisfy(p -> assertThat(rows.drawn[p.repeat()][place.get(p.rowKey())]).isZero());
    assertThat(store.read(Tables.SCORES, "line"))
        .hasSize(200 * 4)
        .allSatisfy(s -> assertThat(s.nTrain()).isEqualTo(442))
        .allSatisfy(s -> assertThat(s.split()).isEqualTo("test"));

    // Intervals: of replicates' values as they are in the scores; normal from the standard error.
    double[] mse = scores(store, "line", "mse");
    Estimate outOfBag = estimate(store, "line", "mse", "out-of-bag");
    assertThat(outOfBag.ciMethod()).isEqualTo("percentile-of-replicates");
    // Order statistics number .025 (200 + 1) = 5.025 and 195.975.
    assertThat(outOfBag.ciLow()).isCloseTo(mse[4] + .025 * (mse[5] - mse[4]), within(1e-9));
    assertThat(outOfBag.ciHigh()).isCloseTo(mse[194] + .975 * (mse[195] - mse[194]), within(1e-9));
    assertThat(outOfBag.stdError()).isNaN();
    Estimate plain = estimate(store, "line", "mse", "632");
    double apparent = estimate(store, "line", "mse", "apparent").value();
    assertThat(plain.ciLow())
        .isCloseTo(.368 * apparent + .632 * outOfBag.ciLow(), within(1e-9 * plain.ciLow()));
    Estimate loob = estimate(store, "line", "mse", "loob");
    assertThat(loob.ciMethod()).isEqualTo("normal");
    assertThat(loob.ciHigh() - loob.value())
        .isCloseTo(1.959963984540054 * loob.stdError(), within(1e-9 * loob.stdError()));
    assertThat(loob.ciHigh() + loob.ciLow())
        .isCloseTo(2 * loob.value(), within(1e-9 * loob.value()));
    assertThat(loob.n()).isEqualTo(442);
    assertThat(loob.replicates()).isEqualTo(200);
    assertThat(estimate(store, "line", "rmse", "loob").stdError())
        .isCloseTo(loob.stdError() / 2 / Math.sqrt(loob.value()), within(1e-6 * loob.stdError()));
    // A fixed line would have the standard error of a mean of squares; learning it adds little.
    assertThat(loob.stdError()).isBetween(.9 * errorOfMean(rows), 1.2 * errorOfMean(rows));

    // r2 is no mean over rows: its .632 stands on the replicates' mean.
    assertThat(estimate(store, "line", "r2", "loob").reason()).isEqualTo("r2 is no mean over rows");
    assertThat(estimate(store, "line", "r2", "632").value())
        .isCloseTo(
            .368 * estimate(store, "line", "r2", "apparent").value()
                + .632 * Arrays.stream(scores(store, "line", "r2")).average().orElseThrow(),
            within(1e-12));
    assertThat(estimate(store, "line", "r2", "632-plus").value())
        .isLessThan(estimate(store, "line", "r2", "632").value());
  }

  private static double errorOfMean(Rows rows) {
    int n = rows.y.length;
    int[] once = new int[n];
    Arrays.fill(once, 1);
    double[] line = rows.line(once);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double loss = squared(rows.y[i], line[i]);
      sum += loss;
      squares += loss * loss;
    }
    return Math.sqrt((squares / n - sum * sum / n / n) / n);
  }

  @Test
  void stratifiedItIsThatOfItsDefinition() {
    String conf =
        diabetes(
            "strata", "features = [bmi]", "", "replicates = 20, stratify = true", "cut = rows");
    isByDefinition(run("strata", conf), "strata", Rows.of(conf, "bmi"), 1e-10);
  }

  /** Ages as groups: all rows of an age are drawn together. The standard error is not given. */
  @Test
  void withGroupsItIsThatOfItsDefinition() {
    String conf =
        diabetes("groups", "features = [bmi], group = age", "", "replicates = 20", "keep = none");
    RunStore store = run("groups", conf);
    isByDefinition(store, "groups", Rows.of(conf, "bmi"), 1e-10);
    Estimate loob = estimate(store, "groups", "mse", "loob");
    assertThat(loob.stdError()).isNaN();
    assertThat(loob.ciMethod()).isEmpty();
    assertThat(loob.reason()).isEqualTo("its standard error is for rows that are drawn one by one");
  }

  /** Fits of Spark ML, where a row that is drawn k times comes k times. */
  @Test
  void theEngineClusterHeedsDraws() {
    String conf =
        diabetes(
            "cluster",
            "features = [bmi]",
            "engine = cluster, params { solver = normal }",
            "replicates = 3",
            "keep = none");
    isByDefinition(run("cluster", conf), "cluster", Rows.of(conf, "bmi"), 1e-8);
  }

  // ---- classes

  private static final String TUMOURS =
      """
      name = tumours, seed = 3, output = "%s"
      data.d { path = "%s", id = id, label = benign, features = [mean_radius, mean_texture], derive { large = "mean_radius > 14" }, slices = [large] }
      models.majority { estimator = baseline, params { strategy = majority } }
      models.bayes { estimator = naive-bayes, params { modelType = gaussian } }
      jobs = [ { job = cross-validate, metrics = [accuracy, brier, roc-auc, f1], keep = none, %s } ]
      """;

  /**
   * A classifier that always says the commonest class of its sample: its accuracy without
   * information is what it has anyway, and the same for every estimator but out-of-bag, for no
   * row's loss depends on the draws.
   */
  @Test
  void aConstantClassifierHasNothingToOverfit() throws IOException {
    Path rows = folder.resolve("shuffled.csv");
    List<String> lines = new ArrayList<>(Files.readAllLines(Shared.data("breast_cancer.csv")));
    String header = lines.remove(0);
    Collections.shuffle(lines, new Random(4));
    lines.add(0, header);
    Files.write(rows, lines);
    String plan = "plan { kind = bootstrap, replicates = 40 }";
    RunStore store =
        run(
            "source",
            TUMOURS.formatted(folder.resolve("source"), Shared.data("breast_cancer.csv"), plan));
    List<Estimate> estimates = store.read(Tables.ESTIMATES, "source");
    assertThat(estimates).hasSize(2 * 4 * 3 * 6);
    double share = 357 / 569.0;
    assertThat(estimates)
        .filteredOn(
            e ->
                e.model().equals("majority")
                    && e.metric().equals("accuracy")
                    && e.slice().isEmpty()
                    && !e.estimator().equals("out-of-bag"))
        .hasSize(5)
        .allSatisfy(e -> assertThat(e.value()).as(e.estimator()).isCloseTo(share, within(1e-12)));
    assertThat(
            estimates.stream()
                .filter(
                    e ->
                        e.model().equals("majority")
                            && e.metric().equals("accuracy")
                            && e.slice().isEmpty()
                            && e.estimator().equals("loob"))
                .findFirst()
                .orElseThrow()
                .stdError())
        .isCloseTo(Math.sqrt(share * (1 - share) / 569), within(1e-12));
    // Independent labels: an area of a half, and accuracy from the shares of what is said.
    assertThat(estimates)
        .filteredOn(e -> e.metric().equals("roc-auc") && e.estimator().equals("no-information"))
        .hasSize(2 * 3)
        .allSatisfy(e -> assertThat(e.value()).isCloseTo(.5, within(1e-12)));
    assertThat(estimates)
        .filteredOn(e -> e.model().equals("bayes") && e.estimator().equals("632-plus"))
        .hasSize(4 * 3)
        .allSatisfy(
            e -> assertThat(e.value()).as(e.metric() + " " + e.slice()).isBetween(0.0, 1.0));

    // Rows in another order, work that is cut in another way: the same to the bit.
    RunStore other =
        run("order", TUMOURS.formatted(folder.resolve("order"), rows, plan + ", cut = rows"));
    assertThat(other.read(Tables.ESTIMATES, "order"))
        .containsExactlyInAnyOrderElementsOf(estimates);
    assertThat(other.read(Tables.FOLDS, "order"))
        .containsExactlyInAnyOrderElementsOf(store.read(Tables.FOLDS, "source"));
    assertThat(store.read(Tables.FOLDS, "source"))
        .filteredOn(f -> f.repeat() == 0)
        .hasSize(4)
        .satisfies(
            folds -> {
              assertThat(folds.stream().mapToLong(f -> f.rows()).sum()).isEqualTo(569);
              assertThat(
                      folds.stream()
                          .filter(f -> f.split().equals("train"))
                          .mapToDouble(f -> f.weight())
                          .sum())
                  .isEqualTo(569);
            });
  }

  @Test
  void aNestedPlanHasNoFitToAllRows() {
    RunStore store =
        run(
            "nested",
            TUMOURS.formatted(
                    folder.resolve("nested"),
                    Shared.data("breast_cancer.csv"),
                    "models = [lines], plan { kind = nested, outer { kind = bootstrap, replicates = 3 }, inner { kind = bootstrap, replicates = 2 } }")
                + "models.lines { estimator = logistic-regression, grid { regParam = [0.01, 1] } }");
    assertThat(store.read(Tables.FAILURES, "nested")).isEmpty();
    assertThat(store.read(Tables.SELECTIONS, "nested")).hasSize(3 * 2);
    assertThat(estimate(store, "nested", "accuracy", "loob").value()).isBetween(.8, 1.0);
    assertThat(estimate(store, "nested", "accuracy", "out-of-bag").value()).isBetween(.8, 1.0);
    assertThat(estimate(store, "nested", "accuracy", "632-plus").reason())
        .isEqualTo(
            "the setting is chosen in each replicate, and so there is no one fit to all rows");
  }

  @Test
  void explainSaysHowManyFits() {
    RunConfig config =
        RunConfig.read(
            ConfigFactory.parseString(
                diabetes(
                    "none",
                    "features = [bmi]",
                    "grid { regParam = [0, 1] }",
                    "replicates = 30",
                    "keep = none")));
    Runner runner = Runner.of(config, List.of());
    RunContext context =
        new RunContext(
            Shared.spark(),
            config,
            runner.steps(),
            Progress.silent(),
            null,
            new org.apache.hadoop.fs.Path(folder.toUri()));
    assertThat(runner.steps().get(0).explain(context))
        .contains("  fits        62 (2 of them to all rows)")
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("  plan        30 bootstrap samples: 30 replicates, design "));
    context.close();
  }
}
