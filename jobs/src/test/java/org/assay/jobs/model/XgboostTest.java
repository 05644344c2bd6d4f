package org.assay.jobs.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import org.assay.Task;
import org.assay.UserException;
import org.assay.fit.Examples;
import org.assay.fit.Model;
import org.assay.importance.Forest;
import org.assay.importance.NativeImportance;
import org.assay.importance.SelfExplained;
import org.assay.importance.TreeEnsemble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * XGBoost in a task beside its own Python package: {@code xgboost.csv} is what
 * scripts/regenerate-references/trees.py prints.
 */
class XgboostTest {
  private static final int TRAINED = 400;

  private static double[][] rows() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../conf/demo/breast_cancer.csv"));
    List<String> names = Arrays.asList(lines.get(0).split(","));
    return lines.stream()
        .skip(1)
        .map(line -> line.split(","))
        .map(
            cells ->
                IntStream.range(0, names.size())
                    .filter(c -> !names.get(c).equals("id"))
                    .mapToDouble(c -> Double.parseDouble(cells[c]))
                    .toArray())
        .toArray(double[][]::new);
  }

  private static double[] references(String name) throws IOException {
    try (var in = XgboostTest.class.getResourceAsStream("/org/assay/jobs/xgboost.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> line.startsWith(name + ","))
          .flatMapToDouble(
              line -> Arrays.stream(line.split(",")).skip(1).mapToDouble(Double::parseDouble))
          .toArray();
    }
  }

  /** The features but column {@code without}, and labels and weights, of rows [from, to). */
  private static Examples examples(
      double[][] rows, int from, int to, int without, double[] label, double[] weight) {
    List<double[]> kept = new ArrayList<>();
    for (int i = from; i < to; i++) {
      double[] row = rows[i];
      kept.add(IntStream.range(0, 30).filter(j -> j != without).mapToDouble(j -> row[j]).toArray());
    }
    return Examples.of(
        kept.toArray(double[][]::new),
        Arrays.copyOfRange(label, from, to),
        Arrays.copyOfRange(weight, from, to));
  }

  private static Model fit(
      Examples train, Task task, int classes, Map<String, Object> params, int threads) {
    return new Xgboost()
        .local()
        .orElseThrow()
        .fit(new Local.Given(train, new boolean[train.width()], task, classes, 1, threads), params);
  }

  /** Probabilities and numbers of single precision, added up in another order: 10^-5 of them. */
  @Test
  void agreesWithThePythonPackage() throws IOException {
    double[][] rows = rows();
    double[] weight = new double[rows.length];
    double[] ones = new double[rows.length];
    Arrays.fill(ones, 1);
    Arrays.setAll(weight, i -> i % 3 == 0 ? 2.0 : 0.5);
    Map<String, Object> exact = Map.of("tree_method", "exact", "base_score", 0.5);
    check(
        "two",
        rows,
        -1,
        Arrays.stream(rows).mapToDouble(r -> r[30]).toArray(),
        weight,
        Task.BINARY,
        2,
        with(exact, Map.of("max_depth", 3, "eta", 0.3, "num_round", 20)));
    check(
        "three",
        rows,
        0,
        Arrays.stream(rows).mapToDouble(r -> r[0] < 12 ? 0 : r[0] < 15 ? 1 : 2).toArray(),
        ones,
        Task.MULTICLASS,
        3,
        with(exact, Map.of("max_depth", 2, "eta", 0.2, "num_round", 15)));
    check(
        "number",
        rows,
        1,
        Arrays.stream(rows).mapToDouble(r -> r[1]).toArray(),
        weight,
        Task.REGRESSION,
        0,
        with(exact, Map.of("max_depth", 4, "eta", 0.1, "alpha", 0.5, "num_round", 25)));
  }

  private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> more) {
    Map<String, Object> all = new java.util.HashMap<>(some);
    all.putAll(more);
    return all;
  }

  private static void check(
      String name,
      double[][] rows,
      int without,
      double[] label,
      double[] weight,
      Task task,
      int classes,
      Map<String, Object> params)
      throws IOException {
    Examples train = examples(rows, 0, TRAINED, without, label, weight);
    Examples test = examples(rows, TRAINED, rows.length, without, label, weight);
    double[] found = fit(train, task, classes, params, 1).predict(test);
    double[] expected = references(name);
    if (task == Task.BINARY) {
      assertThat(found).hasSize(2 * expected.length);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[2 * i + 1]).isCloseTo(expected[i], within(1e-5));
        assertThat(found[2 * i]).isEqualTo(1 - found[2 * i + 1]);
      }
    } else {
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(1e-5 * Math.max(1, expected[i])));
      }
    }
  }

  /** The default method, histograms, with all that is drawn: the same to the bit on one thread. */
  @Test
  void theSeedDecides() throws IOException {
    double[][] rows = rows();
    double[] label = Arrays.stream(rows).mapToDouble(r -> r[30]).toArray();
    double[] ones = new double[rows.length];
    Arrays.fill(ones, 1);
    Examples train = examples(rows, 0, TRAINED, -1, label, ones);
    Map<String, Object> params =
        Map.of("num_round", 10, "subsample", 0.5, "colsample_bytree", 0.5, "seed", 3);
    double[] first = fit(train, Task.BINARY, 2, params, 1).predict(train);
    assertThat(fit(train, Task.BINARY, 2, params, 1).predict(train)).isEqualTo(first);
    assertThat(fit(train, Task.BINARY, 2, with(params, Map.of("seed", 4)), 1).predict(train))
        .isNotEqualTo(first);
  }

  /** On labels that are noise the rows set aside say to stop at once; without them nothing does. */
  @Test
  void stopsEarly() throws IOException {
    double[][] rows = rows();
    org.assay.random.Keyed keyed = org.assay.random.Keyed.of(1, "noise");
    double[] noise =
        IntStream.range(0, rows.length).mapToDouble(i -> keyed.below(2, 0, i)).toArray();
    double[] ones = new double[rows.length];
    Arrays.fill(ones, 1);
    Examples train = examples(rows, 0, rows.length, -1, noise, ones);
    Map<String, Object> long1 = Map.of("num_round", 200, "max_depth", 6);
    double all = spread(fit(train, Task.BINARY, 2, long1, 1).predict(train));
    double few =
        spread(
            fit(train, Task.BINARY, 2, with(long1, Map.of("early_stopping_rounds", 5)), 1)
                .predict(train));
    assertThat(all).isGreaterThan(0.3); // the labels are learned by heart
    assertThat(few).isLessThan(0.25);
  }

  private static double spread(double[] probabilities) {
    return IntStream.range(0, probabilities.length / 2)
        .mapToDouble(i -> Math.abs(probabilities[2 * i + 1] - 0.5))
        .average()
        .orElseThrow();
  }

  /** The same trees as sums over leaves, with values missing and beside thresholds. */
  @ParameterizedTest
  @CsvSource({
    "BINARY, 2, binary:logistic",
    "MULTICLASS, 3, multi:softprob",
    "REGRESSION, 0, reg:squarederror",
    "REGRESSION, 0, reg:absoluteerror",
    "REGRESSION, 0, reg:pseudohubererror",
    "REGRESSION, 0, reg:squaredlogerror",
    "REGRESSION, 0, reg:gamma",
    "REGRESSION, 0, reg:tweedie",
    "REGRESSION, 0, count:poisson"
  })
  void givesItsTrees(Task task, int classes, String objective) throws IOException {
    double[][] rows = rows();
    double[] ones = new double[rows.length];
    Arrays.fill(ones, 1);
    double[] label =
        Arrays.stream(rows)
            .mapToDouble(r -> classes == 2 ? r[30] : classes == 3 ? (int) r[0] % 3 : r[1])
            .toArray();
    Examples train = examples(rows, 0, TRAINED, 1, label, ones);
    for (int i = 0; i < train.features().length; i++) {
      // Some missing, some that are equal only in single precision, a column of categories.
      int j = i % train.width();
      if (i % 7 == 3) {
        train.features()[i] = Double.NaN;
      } else if (j == 4 || j == 5) {
        train.features()[i] = (int) (train.features()[i] * 200) % 12;
      } else if (i % 2 == 0) {
        train.features()[i] = Math.nextUp(train.features()[i]);
      }
    }
    boolean[] nominal = new boolean[train.width()];
    nominal[4] = true;
    nominal[5] = true;
    // Leaves of absolute errors are set for one tree at a time.
    int parallel = objective.equals("reg:absoluteerror") ? 1 : 2;
    for (int rounds : new int[] {3, 30}) {
      Map<String, Object> params =
          Map.of(
              "objective",
              objective,
              "max_depth",
              5,
              "num_round",
              rounds,
              "num_parallel_tree",
              parallel,
              "subsample",
              0.8,
              "max_cat_to_onehot",
              2);
      Model model =
          new Xgboost()
              .local()
              .orElseThrow()
              .fit(new Local.Given(train, nominal, task, classes, 1, 1), params);
      double[] expected = model.predict(train);
      double[] found = new double[expected.length];
      Forest forest = ((TreeEnsemble) model).forest(train.width());
      forest.predict(train.features(), TRAINED, found);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(2e-5 * Math.max(1, expected[i])));
      }
      assertThat(forest.trees()).isEqualTo(rounds * parallel * (classes == 3 ? 3 : 1));
    }
  }

  /** What the library itself says of the same trees; a column that none splits is 0 here. */
  @Test
  void importancesAreTheLibrarysOwn() throws Exception {
    double[][] rows = rows();
    double[] label = Arrays.stream(rows).mapToDouble(r -> r[30]).toArray();
    double[] ones = new double[rows.length];
    Arrays.fill(ones, 1);
    Examples train = examples(rows, 0, TRAINED, 30, label, ones);
    Model model =
        fit(train, Task.BINARY, 2, Map.of("max_depth", 3, "eta", 0.3, "num_round", 20), 1);
    float[] features = new float[TRAINED * 30];
    float[] labels = new float[TRAINED];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) train.features()[i];
      labels[i / 30] = (float) label[i / 30];
    }
    DMatrix matrix = new DMatrix(features, TRAINED, 30, Float.NaN);
    matrix.setLabel(labels);
    Booster booster =
        XGBoost.train(
            matrix,
            Map.of("max_depth", 3, "eta", 0.3, "objective", "binary:logistic", "nthread", 1),
            20,
            Map.of(),
            null,
            null);
    List<NativeImportance> all = ((SelfExplained) model).importances(30);
    assertThat(all).hasSize(4);
    for (NativeImportance own : all) {
      Map<String, Double> theirs = booster.getScore((String) null, own.scale().replace('-', '_'));
      assertThat(theirs).hasSizeGreaterThan(10);
      for (int j = 0; j < 30; j++) {
        double expected = theirs.getOrDefault("f" + j, 0.0);
        assertThat(own.of(new int[] {j}, null))
            .as(own.scale() + " " + j)
            .isCloseTo(expected, within(1e-4 * Math.max(1, expected)));
      }
    }
  }

  /** Trees after the best round are left out of both. */
  @Test
  void givesTheTreesThatItPredictsWith() throws IOException {
    double[][] rows = rows();
    double[] label = Arrays.stream(rows).mapToDouble(r -> r[30]).toArray();
    double[] ones = new double[rows.length];
    Arrays.fill(ones, 1);
    Examples train = examples(rows, 0, TRAINED, -1, label, ones);
    Model model =
        fit(
            train,
            Task.BINARY,
            2,
            Map.of("num_round", 500, "eta", 0.5, "early_stopping_rounds", 3),
            1);
    Forest forest = ((TreeEnsemble) model).forest(train.width());
    double[] found = new double[2 * TRAINED];
    forest.predict(train.features(), TRAINED, found);
    assertThat(forest.trees()).isLessThan(400);
    double[] expected = model.predict(train);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  /** Codes of categories are no numbers: one split tells {0, 2} from {1, 3}. */
  @Test
  void categoriesAreNoNumbers() {
    double[][] rows =
        IntStream.range(0, 400).mapToObj(i -> new double[] {i % 4}).toArray(double[][]::new);
    double[] label = IntStream.range(0, 400).mapToDouble(i -> i % 2).toArray();
    Examples train = Examples.of(rows, label);
    Map<String, Object> stump =
        Map.of("num_round", 1, "max_depth", 1, "eta", 1, "max_cat_to_onehot", 1, "lambda", 0);
    Local local = new Xgboost().local().orElseThrow();
    double[] nominal =
        local
            .fit(new Local.Given(train, new boolean[] {true}, Task.BINARY, 2, 1, 1), stump)
            .predict(train);
    double[] number =
        local
            .fit(new Local.Given(train, new boolean[] {false}, Task.BINARY, 2, 1, 1), stump)
            .predict(train);
    for (int i = 0; i < 400; i++) {
      assertThat(nominal[2 * i + 1] > 0.5).isEqualTo(label[i] == 1);
    }
    assertThat(IntStream.range(0, 400).filter(i -> number[2 * i + 1] > 0.5 == (label[i] == 1)))
        .hasSizeLessThan(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          max_dept | 3 | p.max_dept: no such parameter (did you mean 'max_depth'?); known: alpha,
          max_depth | -1 | p.max_depth = -1: must be a whole number from 0 on
          max_depth | 2.5 | p.max_depth = 2.5: must be a whole number from 0 on
          eta | 0 | p.eta = 0: must be a number above 0 and at most 1
          num_round | 0 | p.num_round = 0: must be a whole number from 1 on
          max_bin | 1 | p.max_bin = 1: must be a whole number from 2 on
          validation_fraction | 0.2 | p.validation_fraction: is for stopping early; set early_stopping_rounds, or remove it
          """)
  void refusesWhatMeansNothing(String name, double value, String message) {
    Object given = value == Math.rint(value) ? (Object) (int) value : (Object) value;
    assertThatThrownBy(() -> new Xgboost().check("p", Map.of(name, given)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void objectivesSuitTheLabel() {
    Local local = new Xgboost().local().orElseThrow();
    assertThat(local.refusal(Task.REGRESSION, Map.of("objective", "count:poisson"))).isNull();
    assertThat(local.refusal(Task.BINARY, Map.of("objective", "count:poisson")))
        .isEqualTo("objective = count:poisson is not for such a label; known: binary:logistic");
    assertThatThrownBy(() -> new Xgboost().check("p", Map.of("objective", "rank:ndcg")))
        .hasMessageStartingWith("p.objective = rank:ndcg: must be one of binary:logistic, ");
  }
}
