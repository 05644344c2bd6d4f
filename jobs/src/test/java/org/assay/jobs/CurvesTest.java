package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.assay.config.RunConfig;
import org.assay.design.LearningCurve;
import org.assay.design.Plan;
import org.assay.design.Population;
import org.assay.inference.CorrectedT;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Columns;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Strata;
import org.assay.jobs.store.RunStore;
import org.assay.report.Estimate;
import org.assay.report.Fold;
import org.assay.report.Score;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learning and validation curves, whole jobs beside plain definitions and scikit-learn. */
class CurvesTest {
  @TempDir Path folder;

  private RunStore run(String run, String conf) {
    Shared.spark();
    Runner.of(RunConfig.read(ConfigFactory.parseString(conf)), List.of())
        .run(run, false, Progress.silent());
    return RunStore.open(folder.resolve(run).toString(), new Configuration());
  }

  /**
   * The rows of a frame of one block, and what each size and replicate of the first job makes of
   * them.
   */
  private record Rows(Frame frame, Block block, List<Placement> curve) {

    static Rows of(String conf) {
      RunConfig config = RunConfig.read(ConfigFactory.parseString(conf));
      Plan plan = Plan.read(config.jobs().get(0).section().section("plan"), false);
      Frame frame =
          Frame.read(
              Shared.spark(),
              config.dataOf(config.jobs().get(0).section()),
              config.modelsOf(config.jobs().get(0).section()),
              Columns.NONE);
      Strata strata = frame.strata(10);
      Population population = frame.population(plan.needs(), strata).named(strata.names());
      Placement uncut = new Placement(plan.bind(population, config.seed()), plan.needs(), strata);
      List<Placement> curve =
          LearningCurve.of(plan, uncut.design(), population, frame.training(uncut), config.seed())
              .stream()
              .map(design -> new Placement(design, plan.needs(), strata))
              .toList();
      List<Block> blocks = frame.blocks().collect();
      assertThat(blocks).hasSize(1);
      return new Rows(frame, blocks.get(0), curve);
    }
  }

  // ---- by hand

  private static final String LINE =
      """
      name = line, seed = 7, output = "%s"
      data.d { path = "%s", id = id, label = progression, task = regression, features = [bmi] }
      models.line { estimator = linear-regression }
      jobs = [ { job = cross-validate, metrics = [mse], train-scores = true, level = 0.9
        plan { kind = k-fold, folds = 4, repeats = 2, stratify = true, train-sizes = [12, 0.5, 1.0] } } ]
      """;

  /** Mean squared error of the least squares line through some rows, on others. */
  private static double error(double[] x, double[] y, int[] weights, Predicate<Integer> tested) {
    double n = 0;
    double mx = 0;
    double my = 0;
    for (int i = 0; i < y.length; i++) {
      if (weights[i] > 0) {
        n++;
        mx += x[i];
        my += y[i];
      }
    }
    mx /= n;
    my /= n;
    double sxy = 0;
    double sxx = 0;
    for (int i = 0; i < y.length; i++) {
      if (weights[i] > 0) {
        sxy += (x[i] - mx) * (y[i] - my);
        sxx += (x[i] - mx) * (x[i] - mx);
      }
    }
    double sum = 0;
    int count = 0;
    for (int i = 0; i < y.length; i++) {
      if (tested.test(weights[i])) {
        double off = y[i] - my - sxy / sxx * (x[i] - mx);
        sum += off * off;
        count++;
      }
    }
    return sum / count;
  }

  @Test
  void everyFitIsTheLineThroughItsSubset() {
    String conf = LINE.formatted(folder.resolve("line"), Shared.data("diabetes.csv"));
    RunStore store = run("line", conf);
    Rows rows = Rows.of(conf);
    double[] x = rows.frame().numbers("bmi");
    double[] y = new double[x.length];
    Arrays.setAll(y, rows.block()::label);
    List<Score> scores = store.read(Tables.SCORES, "line");
    assertThat(scores).hasSize(3 * 8 * 2);
    List<Estimate> estimates = store.read(Tables.ESTIMATES, "line");
    assertThat(estimates).hasSize(3 * 6);
    String[] params = {"train-size=12", "train-size=0.5", "train-size=1.0"};
    for (int k = 0; k < 3; k++) {
      Map<String, double[]> values = new HashMap<>();
      for (String split : List.of("test", "train")) {
        values.put(split, new double[8]);
        for (int r = 0; r < 8; r++) {
          int[] weights = rows.curve().get(k).weights(r, rows.block());
          double expected = error(x, y, weights, split.equals("test") ? w -> w == 0 : w -> w > 0);
          values.get(split)[r] = expected;
          String size = params[k];
          int repeat = r / 4;
          int fold = r % 4;
          assertThat(scores)
              .filteredOn(
                  s ->
                      s.params().equals(size)
                          && s.split().equals(split)
                          && s.repeat() == repeat
                          && s.fold() == fold)
              .singleElement()
              .satisfies(
                  s -> assertThat(s.value()).isCloseTo(expected, within(1e-9 * expected)),
                  s ->
                      assertThat(s.nTrain())
                          .isEqualTo(Arrays.stream(weights).filter(w -> w > 0).count()),
                  s ->
                      assertThat(s.nTest())
                          .isEqualTo(
                              Arrays.stream(weights)
                                  .filter(split.equals("test") ? w -> w == 0 : w -> w > 0)
                                  .count()));
        }
      }
      // The correlation of splits is that of the whole plan, whatever the size.
      CorrectedT test = CorrectedT.of(values.get("test"), 442 * 0.75, 442 * 0.25, 0.9);
      Estimate mean = estimate(estimates, params[k], "mean-of-folds");
      assertThat(mean.value()).isCloseTo(test.mean(), within(1e-9 * test.mean()));
      assertThat(mean.stdError())
          .isCloseTo(test.standardError(), within(1e-9 * test.standardError()));
      assertThat(mean.ciHigh())
          .isCloseTo(test.interval().high(), within(1e-9 * test.interval().high()));
      CorrectedT train = CorrectedT.of(values.get("train"), 1, 1, 0.9);
      Estimate trained = estimate(estimates, params[k], "train-mean-of-folds");
      assertThat(trained.value()).isCloseTo(train.mean(), within(1e-9 * train.mean()));
      assertThat(trained.stdError()).isNaN();
      assertThat(trained.ciMethod()).isEmpty();
      assertThat(trained.replicates()).isEqualTo(8);
      assertThat(trained.n()).isEqualTo(k < 2 ? trained.n() : 442).isBetween(12L, 442L);
      assertThat(estimate(estimates, params[k], "train-sd-of-folds").value())
          .isCloseTo(train.sd(), within(1e-9 * train.sd()));
      assertThat(mean.n()).isEqualTo(442);
    }
    assertThat(store.read(Tables.FOLDS, "line"))
        .filteredOn(f -> f.repeat() == 1 && f.fold() == 2 && f.split().equals("train"))
        .extracting(Fold::rows)
        .containsExactlyInAnyOrder(12L, 166L, 332L);
    assertThat(store.read(Tables.FOLDS, "line")).extracting(Fold::design).hasSize(8 * 8);
    rows.frame().close();
  }

  private static Estimate estimate(List<Estimate> estimates, String params, String estimator) {
    return estimates.stream()
        .filter(e -> e.params().equals(params) && e.estimator().equals(estimator))
        .findFirst()
        .orElseThrow();
  }

  // ---- engines and cuts

  private static final String TUMOURS =
      """
      name = tumours, seed = 3, output = "%s"
      data.d { path = "%s", id = id, label = benign, derive { ward = "id %% 40", large = "worst_radius > 16" }, group = ward
        features = [mean_radius, mean_texture, mean_smoothness], slices = [large] }
      models.logit { estimator = logistic-regression, grid { regParam = [0.01, 1] } }
      models.bayes { estimator = naive-bayes, params { modelType = gaussian }, engine = %s }
      models.trees { estimator = xgboost, params { num_round = 3, subsample = 0.5 } }
      jobs = [ { job = cross-validate, metrics = [accuracy, log-loss, roc-auc], keep = none, train-scores = true, %s
        plan { kind = k-fold, folds = 4, stratify = true, %s } } ]
      """;

  private static Path shuffled(Path to) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(Shared.data("breast_cancer.csv")));
    String header = lines.remove(0);
    Collections.shuffle(lines, new Random(4));
    lines.add(0, header);
    return Files.write(to, lines);
  }

  private static List<Score> untimed(List<Score> scores, Predicate<Score> which) {
    return scores.stream()
        .filter(which)
        .map(
            s ->
                new Score(
                    s.job(),
                    s.data(),
                    s.model(),
                    s.slice(),
                    s.metric(),
                    s.params().replaceAll(" ?train-size=1.0$", ""),
                    s.plan(),
                    s.design(),
                    s.repeat(),
                    s.fold(),
                    s.split(),
                    s.nTrain(),
                    s.nTest(),
                    s.value(),
                    s.reason(),
                    null))
        .toList();
  }

  @Test
  void curvesAreTheSameHoweverTheyAreCut() throws IOException {
    Path source = Shared.data("breast_cancer.csv");
    String sizes = "train-sizes = [0.2, 100, 1.0]";
    RunStore store =
        run(
            "whole",
            TUMOURS.formatted(
                folder.resolve("whole"), source, "batched", "cut = replicates", sizes));
    List<Score> scores = store.read(Tables.SCORES, "whole");
    assertThat(store.read(Tables.FAILURES, "whole")).isEmpty();
    assertThat(scores).hasSize(4 * 3 * 3 * 2 * 3 * 4);
    List<Estimate> estimates = store.read(Tables.ESTIMATES, "whole");
    assertThat(estimates).hasSize(4 * 3 * 3 * 3 * 6);

    // Other order of rows, other cut: the same to the bit.
    RunStore rows =
        run(
            "rows",
            TUMOURS.formatted(
                folder.resolve("rows"),
                shuffled(folder.resolve("shuffled.csv")),
                "batched",
                "cut = rows",
                sizes));
    assertThat(untimed(rows.read(Tables.SCORES, "rows"), s -> true))
        .containsExactlyInAnyOrderElementsOf(untimed(scores, s -> true));
    assertThat(rows.read(Tables.ESTIMATES, "rows")).containsExactlyInAnyOrderElementsOf(estimates);

    // All training rows: the plan without sizes, to the bit.
    RunStore plain =
        run("plain", TUMOURS.formatted(folder.resolve("plain"), source, "batched", "", ""));
    assertThat(untimed(plain.read(Tables.SCORES, "plain"), s -> true))
        .containsExactlyInAnyOrderElementsOf(
            untimed(scores, s -> s.params().endsWith("train-size=1.0")));

    // Fitted by Spark ML one by one: near to it.
    RunStore cluster =
        run("cluster", TUMOURS.formatted(folder.resolve("cluster"), source, "cluster", "", sizes));
    Map<String, Double> theirs = new HashMap<>();
    cluster.read(Tables.SCORES, "cluster").stream()
        .filter(s -> s.model().equals("bayes"))
        .forEach(s -> theirs.put(key(s), s.value()));
    assertThat(theirs).hasSize(3 * 3 * 2 * 3 * 4);
    scores.stream()
        .filter(s -> s.model().equals("bayes"))
        .forEach(s -> assertThat(theirs.get(key(s))).as(key(s)).isCloseTo(s.value(), within(1e-6)));

    // More rows make better models, and training rows look better than others.
    assertThat(mean(estimates, "train-size=0.2", "mean-of-folds"))
        .isGreaterThan(mean(estimates, "train-size=1.0", "mean-of-folds"));
    assertThat(mean(estimates, "train-size=0.2", "train-mean-of-folds"))
        .isLessThan(mean(estimates, "train-size=0.2", "mean-of-folds"));
  }

  private static double mean(List<Estimate> estimates, String size, String estimator) {
    return estimates.stream()
        .filter(
            e ->
                e.model().equals("trees")
                    && e.slice().isEmpty()
                    && e.metric().equals("log-loss")
                    && e.params().endsWith(size)
                    && e.estimator().equals(estimator))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static String key(Score s) {
    return String.join(
        " ", s.params(), s.slice(), s.metric(), s.split(), Integer.toString(s.fold()));
  }

  // ---- scikit-learn

  /** Lines of a resource without their header, as fields. */
  private static List<String[]> lines(String name) throws IOException {
    try (InputStream in = CurvesTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.split(","))
          .toList();
    }
  }

  private static final String DIABETES =
      """
      name = diabetes, seed = 11, output = "%s"
      data.d { path = "%s", id = id, label = progression, task = regression, derive { half = "id %% 2" }, fold = half }
      models.ridge { estimator = linear-regression, %s }
      jobs = [ { job = cross-validate, metrics = [mse, r2], train-scores = true, keep = none, plan { kind = predefined, %s } } ]
      """;

  /**
   * The subsets are written to {@code target/curve-subsets.csv};
   * scripts/regenerate-references/curves.py makes {@code curves.csv} of them.
   */
  @Test
  void learningCurvesAreScikitLearns() throws IOException {
    String conf =
        DIABETES.formatted(
            folder.resolve("learning"),
            Shared.data("diabetes.csv"),
            "params {}",
            "train-sizes = [20, 50, 100, 200]");
    Rows rows = Rows.of(conf);
    List<String> subsets = new ArrayList<>(List.of("fold,id,size"));
    int[] sizes = {20, 50, 100, 200};
    for (int fold = 0; fold < 2; fold++) {
      for (int k = 0; k < sizes.length; k++) {
        int[] before = k == 0 ? new int[442] : rows.curve().get(k - 1).weights(fold, rows.block());
        int[] weights = rows.curve().get(k).weights(fold, rows.block());
        for (int i = 0; i < 442; i++) {
          if (weights[i] > 0 && before[i] <= 0) {
            subsets.add(fold + "," + rows.block().rowKey(i) + "," + sizes[k]);
          }
        }
      }
    }
    rows.frame().close();
    Files.write(Path.of("target", "curve-subsets.csv"), subsets);
    assertThat(lines("curve-subsets.csv").stream().map(fields -> String.join(",", fields)))
        .containsExactlyElementsOf(subsets.subList(1, subsets.size()));
    compare("learning", run("learning", conf), "train-size=");
  }

  @Test
  void validationCurvesAreScikitLearns() throws IOException {
    String conf =
        DIABETES.formatted(
            folder.resolve("validation"),
            Shared.data("diabetes.csv"),
            "params { standardization = false }, grid { regParam = [0.001, 0.01, 0.1, 1, 10] }",
            "");
    compare("validation", run("validation", conf), "regParam=");
  }

  private static void compare(String curve, RunStore store, String key) throws IOException {
    List<Score> scores = store.read(Tables.SCORES, curve);
    List<String[]> theirs =
        lines("curves.csv").stream().filter(fields -> fields[0].equals(curve)).toList();
    assertThat(theirs).hasSizeGreaterThanOrEqualTo(32).hasSameSizeAs(scores);
    for (String[] fields : theirs) {
      double value = Double.parseDouble(fields[5]);
      assertThat(scores)
          .filteredOn(
              s ->
                  Stream.of(s.params().split(" ")).anyMatch(p -> p.equals(key + fields[1]))
                      && s.metric().equals(fields[2])
                      && s.split().equals(fields[3])
                      && s.fold() == Integer.parseInt(fields[4]))
          .singleElement()
          .satisfies(
              s ->
                  assertThat(s.value())
                      .as(String.join(",", fields))
                      .isCloseTo(value, within(1e-7 * Math.abs(value))));
    }
  }
}
