package org.assay.permutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.assay.Task;
import org.assay.Validation;
import org.assay.bootstrap.Scored;
import org.assay.inference.Draw;
import org.assay.inference.Sizes;
import org.assay.inference.Sizes.Promise;
import org.assay.metric.Metrics;
import org.assay.metric.Target;
import org.assay.random.Keyed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * How often permutation tests reject a true hypothesis.
 *
 * <p>Ties make p-values discrete, so uniformity is tested of randomized ones: with ties counted by
 * a uniform share, (more + u (ties + 1)) / (m + 1), p is exactly uniform where the observed data
 * and its m replicates are exchangeable. The largest distance of its distribution from the uniform
 * one, times the root of the number of simulations, is above {@value #MOST} with probability 1e-6
 * at most: P. Massart, "The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality", Annals of
 * Probability 18 (1990), doi:10.1214/aop/1176990746.
 */
@Tag("validation")
@TestMethodOrder(MethodOrderer.MethodName.class) // the order of the rows
class PermutationValidationTest {
  private static final int SIMULATIONS = 20_000;
  private static final int REPLICATES = 199;
  private static final double MOST = 2.694; // sqrt(log(2e6) / 2)
  private static final StringBuilder ROWS = new StringBuilder();

  @AfterAll
  static void write() {
    Validation.write(
        "Permutation tests of a true hypothesis: share of p-values up to a level",
        """
        Of %d replicates each. A valid test has at most the level in each column: asserted where "theory" says so, within 4.75 standard
        errors. "Uniform" is the distance of p-values with ties broken at random from the uniform distribution, times the root of the number
        of simulations; where it is given it is asserted to be at most %s, which is exceeded with probability 1e-6. Rows with "more" are
        misuses, there to be compared with. Family-wise rows count a simulation when any true hypothesis has so small a p-value.

        | test | data | simulations | 0.01 | 0.05 | 0.10 | 0.50 | theory | uniform |
        |---|---|---:|---:|---:|---:|---:|---|---:|
        """
                .formatted(REPLICATES, Double.toString(MOST))
            + ROWS);
    Validation.write(
        "Permutation tests of a false hypothesis: power",
        """
        Of %d replicates each. The power of the t-test for the same data is 0.852 for two samples, 0.565 for pairs: noncentral t of SciPy
        1.17.1; asserted to be met within 0.03.

        | test | data | simulations | 0.01 | 0.05 | 0.10 | 0.50 | theory |
        |---|---|---:|---:|---:|---:|---:|---|
        """
                .formatted(REPLICATES)
            + POWER);
  }

  private static final StringBuilder POWER = new StringBuilder();

  private static double power(
      String test, String data, Alternative alternative, BiFunction<Draw, Keyed, Statistics> made) {
    long[] simulation = new long[1];
    long[] found = new long[1];
    Sizes.check(
        POWER,
        test,
        data,
        SIMULATIONS,
        Promise.NONE,
        draw -> {
          Statistics statistics = made.apply(draw, Keyed.of(simulation[0]++, test + data));
          double[][] values = new double[1][REPLICATES];
          statistics.fill(0, REPLICATES, values);
          Exceedances all = new Exceedances(statistics, alternative);
          all.add(values, REPLICATES);
          found[0] += all.p(0).p() <= .05 ? 1 : 0;
          return all.p(0).p();
        },
        () -> "");
    return (double) found[0] / SIMULATIONS;
  }

  @Test
  void powers() {
    boolean[] first = new boolean[60];
    Arrays.fill(first, 0, 25, true);
    assertThat(
            power(
                "mean-difference",
                "25 and 35 normal numbers 0.8 apart",
                Alternative.TWO_SIDED,
                (draw, f) ->
                    LinearStatistics.meanDifferences(
                        f, Strata.one(60), first, new double[][] {other(draw, .8, 1)}, 0)))
        .isBetween(.822, .882);
    assertThat(
            power(
                "energy-distance",
                "25 and 35 normal numbers, one sample 3 times as wide",
                Alternative.GREATER,
                (draw, f) -> EnergyDistance.of(f, Strata.one(60), first, other(draw, 0, 3), 0)))
        .as("what a difference of means does not see")
        .isGreaterThan(.5);
    assertThat(
            power(
                "sign-flip",
                "20 normal differences with mean 0.5",
                Alternative.TWO_SIDED,
                (draw, f) -> {
                  double[] d = draw.normals(20);
                  Arrays.setAll(d, i -> d[i] + .5);
                  return LinearStatistics.pairedMeans(
                      f, List.of(Column.of(d)), new double[] {20}, 0);
                }))
        .isBetween(.535, .595);
  }

  private static double[] other(Draw draw, double shift, double wide) {
    double[] x = draw.normals(60);
    for (int i = 0; i < 25; i++) {
      x[i] = shift + wide * x[i];
    }
    return x;
  }

  /** One hypothesis; {@code made} gets the numbers of a simulation and its random function. */
  private static void check(
      String test,
      String data,
      Promise promise,
      Alternative alternative,
      BiFunction<Draw, Keyed, Statistics> made) {
    List<Double> uniform = new ArrayList<>();
    boolean exact = promise == Promise.VALID || promise == Promise.UNIFORM;
    double[] distance = new double[1];
    long[] simulation = new long[1];
    Sizes.check(
        ROWS,
        test,
        data,
        SIMULATIONS,
        promise,
        draw -> {
          Keyed function = Keyed.of(simulation[0]++, test + ", " + data);
          Statistics statistics = centered(made.apply(draw, function));
          boolean drawn = statistics.arrangements() == Arrangements.MANY;
          int count = drawn ? REPLICATES : Math.toIntExact(statistics.arrangements());
          double[][] values = new double[1][count];
          statistics.fill(0, count, values);
          Exceedances all = new Exceedances(statistics, alternative);
          all.add(values, count);
          double center = statistics.center(0);
          double seen = alternative.extremeness(statistics.observed(0), center);
          double tolerance = statistics.tolerance(0);
          long more = 0;
          for (double value : values[0]) {
            more += alternative.extremeness(value, center) > seen + tolerance ? 1 : 0;
          }
          long ties = all.count(0) - more;
          double share = draw.uniform();
          uniform.add(
              drawn ? (more + share * (ties + 1)) / (count + 1) : (more + share * ties) / count);
          assertThat(all.p(0).p()).isBetween(0.0, 1.0);
          return all.p(0).p();
        },
        () -> {
          distance[0] = distance(uniform);
          return exact ? String.format(Locale.ROOT, " %.3f |", distance[0]) : " - |";
        });
    if (exact) {
      assertThat(distance[0]).as(test + ", " + data).isLessThanOrEqualTo(MOST);
    }
  }

  /** With a centre from further replicates, where none is known, as the engine does it. */
  private static Statistics centered(Statistics statistics) {
    if (!Double.isNaN(statistics.center(0))) {
      return statistics;
    }
    double[][] values = new double[1][REPLICATES];
    statistics.fill(REPLICATES, 2 * REPLICATES, values);
    double[] mean = {Arrays.stream(values[0]).average().getAsDouble()};
    return new CenteredStatistics(statistics, mean, new double[] {Double.NaN});
  }

  /** The statistic of Kolmogorov and Smirnov for the uniform distribution. */
  private static double distance(List<Double> numbers) {
    double[] sorted = numbers.stream().mapToDouble(x -> x).sorted().toArray();
    double most = 0;
    for (int i = 0; i < sorted.length; i++) {
      most = Math.max(most, sorted[i] - (double) i / sorted.length);
      most = Math.max(most, (i + 1.0) / sorted.length - sorted[i]);
    }
    return most * Math.sqrt(sorted.length);
  }

  /** The least max-T p-value of the hypotheses from {@code first} on, which are true. */
  private static void family(
      String data, Alternative alternative, int first, BiFunction<Draw, Keyed, Statistics> made) {
    long[] simulation = new long[1];
    Sizes.check(
        ROWS,
        "max-t, family-wise",
        data,
        SIMULATIONS,
        Promise.VALID,
        draw -> {
          Statistics statistics = made.apply(draw, Keyed.of(simulation[0]++, "max-t, " + data));
          double[][] values = new double[statistics.hypotheses()][REPLICATES];
          statistics.fill(0, REPLICATES, values);
          MaxT joint = new MaxT(statistics, alternative);
          joint.add(values, REPLICATES);
          return Arrays.stream(joint.stepDown()).skip(first).min().getAsDouble();
        },
        () -> " - |");
  }

  private static final int[] STRATUM = new int[60];

  static {
    Arrays.setAll(STRATUM, i -> i / 20);
  }

  /**
   * Scored rows; {@code good} models have skill; labels and scores depend on the stratum by {@code
   * confounding}.
   */
  private static PermutedMetrics labels(
      Draw draw, Keyed function, Strata strata, double confounding, int good, String... metrics) {
    double[] label = new double[60];
    for (int i = 0; i < label.length; i++) {
      label[i] = draw.uniform() < .4 + confounding * (STRATUM[i] - 1) ? 1 : 0;
    }
    label[0] = 1; // whatever follows is independent of the labels, of which both classes exist
    label[1] = 0;
    List<Scored> scored = new ArrayList<>();
    double[] both = draw.normals(60);
    for (int m = 0; m < (metrics.length > 1 ? 3 : 1); m++) {
      double[] score = new double[60];
      double[] prediction = new double[60];
      for (int i = 0; i < 60; i++) {
        double x = both[i] + draw.normal() + 4 * confounding * (STRATUM[i] - 1);
        score[i] = 1 / (1 + Math.exp(-(m < good ? x + 3 * label[i] : x)));
        prediction[i] = score[i] > .5 ? 1 : 0;
      }
      scored.add(
          new Scored(new Target(Task.BINARY, 2, Target.Scores.PROBABILITY), prediction, 1, score));
    }
    return new PermutedMetrics(
        function,
        label,
        null,
        strata,
        scored,
        Arrays.stream(metrics).map(Metrics::named).toList(),
        0);
  }

  @Test
  void labels() {
    for (String metric : new String[] {"roc-auc", "accuracy", "log-loss"}) {
      check(
          "label-permutation of " + metric,
          "60 rows",
          Promise.VALID,
          Alternative.GREATER,
          (draw, f) -> labels(draw, f, Strata.one(60), 0, 0, metric));
      check(
          "label-permutation of " + metric,
          "3 strata that labels and scores depend on, within them",
          Promise.VALID,
          Alternative.GREATER,
          (draw, f) -> labels(draw, f, Strata.of(STRATUM), .3, 0, metric));
      check(
          "label-permutation of " + metric,
          "3 strata that labels and scores depend on, across them",
          Promise.TOO_OFTEN,
          Alternative.GREATER,
          (draw, f) -> labels(draw, f, Strata.one(60), .3, 0, metric));
    }
  }

  private static double[] some(Draw draw, int n, boolean ties) {
    double[] x = draw.normals(n);
    return ties ? Arrays.stream(x).map(v -> Math.rint(v * v)).toArray() : x;
  }

  @Test
  void columns() {
    boolean[] first = new boolean[60];
    Arrays.fill(first, 0, 25, true);
    for (boolean ties : new boolean[] {false, true}) {
      String data = ties ? "whole numbers with ties" : "normal numbers";
      check(
          "mean-difference",
          "25 and 35 rows, " + data,
          ties ? Promise.VALID : Promise.UNIFORM,
          Alternative.TWO_SIDED,
          (draw, f) ->
              LinearStatistics.meanDifferences(
                  f, Strata.one(60), first, new double[][] {some(draw, 60, ties)}, 0));
      check(
          "energy-distance",
          "25 and 35 rows, " + data,
          ties ? Promise.VALID : Promise.UNIFORM,
          Alternative.GREATER,
          (draw, f) -> EnergyDistance.of(f, Strata.one(60), first, some(draw, 60, ties), 0));
      check(
          "spearman",
          "60 rows, " + data,
          Promise.VALID,
          Alternative.TWO_SIDED,
          (draw, f) ->
              new Spearman(f, Strata.one(60), some(draw, 60, ties), some(draw, 60, ties), 0));
      check(
          "distance-correlation",
          "60 rows, " + data,
          ties ? Promise.VALID : Promise.UNIFORM,
          Alternative.GREATER,
          (draw, f) ->
              new DistanceCorrelation(
                  f, Strata.one(60), some(draw, 60, ties), some(draw, 60, ties), 0));
    }
  }

  @Test
  void signs() {
    for (boolean ties : new boolean[] {false, true}) {
      for (int size : new int[] {1, 3}) {
        int[] units = new int[60];
        Arrays.setAll(units, i -> i / size);
        check(
            "sign-flip",
            (ties ? "-1, 0 and 1" : "normal differences")
                + (size == 1 ? ", 60 rows" : ", 20 whole groups of 3"),
            Promise.VALID,
            Alternative.TWO_SIDED,
            (draw, f) -> {
              double[] d = new double[60];
              double[] shared = draw.normals(60);
              for (int i = 0; i < 60; i++) {
                double x = shared[units[i]] + draw.normal();
                d[i] = ties ? Math.max(-1, Math.min(1, Math.rint(x / 2))) : x;
              }
              Column column = Column.of(d).joined(units, 60 / size);
              return LinearStatistics.pairedMeans(f, List.of(column), new double[] {60}, 0);
            });
      }
    }
  }

  @Test
  void families() {
    for (int good : new int[] {0, 1}) {
      family(
          "roc-auc and log-loss of 3 models that correlate by half, "
              + (good == 0 ? "all without skill" : "one of them with skill"),
          Alternative.GREATER,
          2 * good,
          (draw, f) -> labels(draw, f, Strata.one(60), 0, good, "roc-auc", "log-loss"));
    }
  }

  /**
   * Losses of three models, skewed to the right: the signs of a row are shared by its three
   * differences, whose joint distribution is not symmetric although that of each of them is.
   */
  private static Statistics losses(Draw draw, Keyed function, int rows, boolean worse) {
    double[][] loss = new double[3][rows];
    for (int i = 0; i < rows; i++) {
      for (double[] of : loss) {
        of[i] = Math.exp(1.5 * draw.normal());
      }
      loss[2][i] += worse ? 2 : 0;
    }
    List<Column> pairs = new ArrayList<>();
    for (int[] pair : new int[][] {{0, 2}, {1, 2}, {0, 1}}) {
      double[] d = new double[rows];
      Arrays.setAll(d, i -> loss[pair[0]][i] - loss[pair[1]][i]);
      pairs.add(Column.of(d));
    }
    return LinearStatistics.pairedMeans(function, pairs, new double[] {rows, rows, rows}, 0);
  }

  @Test
  void familiesOfSigns() {
    for (int rows : new int[] {20, 100}) {
      for (boolean worse : new boolean[] {false, true}) {
        family(
            "sign-flips of the losses of 3 models, log-normal with sigma 1.5, "
                + rows
                + " rows, "
                + (worse ? "one of them worse by 2" : "all alike"),
            Alternative.TWO_SIDED,
            worse ? 2 : 0,
            (draw, f) -> losses(draw, f, rows, worse));
      }
    }
  }

  /** Stops after 10; the p-value has no ties to break. */
  @Test
  void stops() {
    long[] simulation = new long[1];
    Sizes.check(
        ROWS,
        "sequential, stopped after 10 of at most 999",
        "spearman, 60 rows, normal numbers",
        SIMULATIONS,
        Promise.VALID,
        draw -> {
          Keyed f = Keyed.of(simulation[0]++, "sequential");
          Statistics statistics =
              new Spearman(f, Strata.one(60), draw.normals(60), draw.normals(60), 0);
          Sequential all = new Sequential(statistics, Alternative.TWO_SIDED, 10, 999);
          double[][] values = new double[1][999];
          statistics.fill(0, 999, values);
          all.add(values, 0, 999);
          return all.p(0).p();
        },
        () -> " - |");
  }
}
