package org.assay.inference;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.assay.Validation;
import org.assay.inference.Sizes.Promise;
import org.assay.metric.Metric.Direction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * How often each test rejects a true hypothesis.
 *
 * <p>What theory promises is asserted, and no more: of an exact test, that no level is exceeded; of
 * one whose p-value is uniform, that its levels are kept on both sides. Bounds are 4.75 standard
 * errors wide, so that one assertion of a right program fails with probability 1e-6 on a side: all
 * of them together with less than 5e-4, once and for all, for the seeds are fixed. Asymptotic tests
 * are asserted for the largest n only, with a further 0.005 for the approximation.
 */
@Tag("validation")
@TestMethodOrder(MethodOrderer.MethodName.class) // the order of the rows
class SizeValidationTest {
  private static final StringBuilder ROWS = new StringBuilder();

  @AfterAll
  static void write() {
    Validation.write(
        "Tests of a true hypothesis: share of p-values up to a level",
        """
        A valid test has at most the level in each column, a test without conservatism exactly that. "Theory" says what is promised for
        the row and asserted, within 4.75 standard errors; "nearly" allows another 0.005 for an approximation. Family-wise rows count a
        simulation when any of its p-values is that small.

        | test | data | simulations | 0.01 | 0.05 | 0.10 | 0.50 | theory |
        |---|---|---:|---:|---:|---:|---:|---|
        """
            + ROWS);
  }

  private static void check(
      String test, String data, int simulations, Promise promise, Function<Draw, Double> p) {
    Sizes.check(ROWS, test, data, simulations, promise, p, () -> "");
  }

  private static ToDoubleFunction<Evidence> p(ComparisonTest test) {
    return p(test, TestSettings.DEFAULT);
  }

  private static ToDoubleFunction<Evidence> p(ComparisonTest test, TestSettings settings) {
    return evidence -> ComparisonTests.results(test, evidence, settings).get(0).pValue();
  }

  /** One tenth of the items right by a alone, one tenth by b alone. */
  @Test
  void pairedOutcomes() {
    for (int n : new int[] {20, 100, 1000}) {
      String data = "items " + n + ", 20 % discordant";
      boolean large = n == 1000;
      for (ComparisonTest test :
          new ComparisonTest[] {
            new McNemarExact(), new McNemarMidP(), new McNemarCorrected(), new McNemarUncorrected()
          }) {
        Promise promise =
            test instanceof McNemarExact
                ? Promise.VALID
                : !large
                    ? Promise.NONE
                    : test instanceof McNemarCorrected ? Promise.NEARLY_VALID : Promise.NEARLY;
        check(
            test.name(),
            data,
            20_000,
            promise,
            draw -> p(test).applyAsDouble(draw.outcomes(n, 0.1, 0.1)));
      }
      check(
          "difference-of-proportions",
          n + " items each, independent, 80 % right",
          20_000,
          large ? Promise.NEARLY : Promise.NONE,
          draw ->
              DifferenceOfProportions.of(
                      draw.multinomial(n, 0.8, 0.2)[0],
                      n,
                      draw.multinomial(n, 0.8, 0.2)[0],
                      n,
                      0.95)
                  .pValue());
    }
    check(
        "difference-of-proportions",
        "1000 items, the same for both, 20 % discordant",
        20_000,
        Promise.NEARLY_VALID,
        draw -> p(new DifferenceOfProportions()).applyAsDouble(draw.outcomes(1000, 0.1, 0.1)));
  }

  /** Models that are right when the item's difficulty and noise of their own stay below a bound. */
  @Test
  void outcomesOfSeveralModels() {
    for (int n : new int[] {20, 100, 1000}) {
      for (ComparisonTest test : new ComparisonTest[] {new CochranQ(), new LooneyF()}) {
        check(
            test.name(),
            "4 models, items " + n,
            10_000,
            n == 1000 ? Promise.NEARLY : Promise.NONE,
            draw -> {
              long[] right = new long[4];
              long[] items = new long[5];
              for (int i = 0; i < n; i++) {
                double difficulty = draw.normal();
                int sum = 0;
                for (int m = 0; m < 4; m++) {
                  int hit = difficulty + draw.normal() < 1 ? 1 : 0;
                  right[m] += hit;
                  sum += hit;
                }
                items[sum]++;
              }
              return p(test).applyAsDouble(new OutcomeTotals(right, items));
            });
      }
    }
  }

  private static FoldScores folds(double[] d, int repeats, double nTrain, double nTest) {
    int folds = d.length / repeats;
    double[][] a = new double[repeats][];
    for (int r = 0; r < repeats; r++) {
      a[r] = Arrays.copyOfRange(d, r * folds, (r + 1) * folds);
    }
    return new FoldScores(
        a,
        new double[repeats][folds],
        nTrain,
        nTest,
        FoldScores.Splits.FOLDS,
        Direction.HIGHER_IS_BETTER);
  }

  /**
   * Normal differences of splits that correlate as the correction supposes, where t has Student's
   * distribution exactly; and independent ones, where the plain t has.
   */
  @Test
  void splitsAsTheModelHasThem() {
    for (ComparisonTest test :
        new ComparisonTest[] {new CorrectedResampledT(), new BouckaertFrank()}) {
      check(
          test.name(),
          "10 normal differences, correlation 1/10",
          20_000,
          Promise.UNIFORM,
          draw -> {
            double shared = Math.sqrt(0.1) * draw.normal();
            double[] d = draw.normals(10);
            Arrays.setAll(d, i -> shared + Math.sqrt(0.9) * d[i]);
            return p(test).applyAsDouble(folds(d, 1, 90, 10));
          });
    }
    for (ComparisonTest test : new ComparisonTest[] {new KFoldT(), new ResampledT()}) {
      check(
          test.name(),
          "10 independent normal differences",
          20_000,
          Promise.UNIFORM,
          draw -> p(test).applyAsDouble(folds(draw.normals(10), 1, 90, 10)));
    }
    for (ComparisonTest test : new ComparisonTest[] {new FiveByTwoT(), new FiveByTwoF()}) {
      check(
          test.name(),
          "10 independent normal differences",
          20_000,
          Promise.NONE,
          draw -> p(test).applyAsDouble(folds(draw.normals(10), 5, 50, 50)));
    }
    check(
        "bayesian-correlated-t",
        "10 normal differences, correlation 1/10; 2 min(P(a better), P(b better)), rope 0",
        20_000,
        Promise.UNIFORM,
        draw -> {
          double shared = Math.sqrt(0.1) * draw.normal();
          double[] d = draw.normals(10);
          Arrays.setAll(d, i -> shared + Math.sqrt(0.9) * d[i]);
          var effects =
              new BayesianCorrelatedT()
                  .effects(folds(d, 1, 90, 10), TestSettings.DEFAULT.withRope(0));
          return 2 * Math.min(effects.get(0).value(), effects.get(2).value());
        });
  }

  /**
   * Real cross-validation of two models that are equally good by symmetry: y = x1 + x2 + noise, 100
   * rows, one regresses y on x1, the other on x2; squared error.
   */
  @Test
  void splitsOfRealFits() {
    int simulations = 4000;
    String data = "squared errors of two symmetric regressions, 100 rows, ";
    for (ComparisonTest test : new ComparisonTest[] {new KFoldT(), new CorrectedResampledT()}) {
      check(
          test.name(),
          data + "10 folds",
          simulations,
          Promise.NONE,
          draw -> p(test).applyAsDouble(new Fits(draw).folds(1, 10)));
    }
    for (ComparisonTest test :
        new ComparisonTest[] {new CorrectedResampledT(), new BouckaertFrank()}) {
      check(
          test.name(),
          data + "10 times 10 folds",
          simulations,
          Promise.NONE,
          draw -> p(test).applyAsDouble(new Fits(draw).folds(10, 10)));
    }
    for (ComparisonTest test : new ComparisonTest[] {new FiveByTwoT(), new FiveByTwoF()}) {
      check(
          test.name(),
          data + "5 times 2 folds",
          simulations,
          Promise.NONE,
          draw -> p(test).applyAsDouble(new Fits(draw).folds(5, 2)));
    }
    for (ComparisonTest test : new ComparisonTest[] {new CorrectedResampledT(), new ResampledT()}) {
      check(
          test.name(),
          data + "30 random splits 90:10",
          simulations,
          test instanceof ResampledT ? Promise.TOO_OFTEN : Promise.NONE,
          draw -> p(test).applyAsDouble(new Fits(draw).random(30, 10)));
    }
  }

  private static final class Fits {
    private static final int ROWS = 100;
    private final Draw draw;
    private final double[][] x = new double[2][ROWS];
    private final double[] y = new double[ROWS];

    Fits(Draw draw) {
      this.draw = draw;
      for (int i = 0; i < ROWS; i++) {
        x[0][i] = draw.normal();
        x[1][i] = draw.normal();
        y[i] = x[0][i] + x[1][i] + draw.normal();
      }
    }

    FoldScores folds(int repeats, int folds) {
      double[][][] scores = new double[2][repeats][folds];
      for (int r = 0; r < repeats; r++) {
        int[] order = draw.order(ROWS);
        for (int f = 0; f < folds; f++) {
          for (int m = 0; m < 2; m++) {
            scores[m][r][f] = score(x[m], order, f * ROWS / folds, (f + 1) * ROWS / folds);
          }
        }
      }
      double test = (double) ROWS / folds;
      return scores(scores, test, FoldScores.Splits.FOLDS);
    }

    FoldScores random(int splits, int test) {
      double[][][] scores = new double[2][1][splits];
      for (int s = 0; s < splits; s++) {
        int[] order = draw.order(ROWS);
        for (int m = 0; m < 2; m++) {
          scores[m][0][s] = score(x[m], order, 0, test);
        }
      }
      return scores(scores, test, FoldScores.Splits.RANDOM);
    }

    private static FoldScores scores(double[][][] s, double test, FoldScores.Splits splits) {
      return new FoldScores(s[0], s[1], ROWS - test, test, splits, Direction.LOWER_IS_BETTER);
    }

    /** Mean squared error on order[from .. to) of the least-squares line fitted to the others. */
    private double score(double[] x, int[] order, int from, int to) {
      double n = ROWS - (to - from);
      double sx = 0;
      double sy = 0;
      double sxx = 0;
      double sxy = 0;
      for (int k = 0; k < ROWS; k++) {
        if (k < from || k >= to) {
          int i = order[k];
          sx += x[i];
          sy += y[i];
          sxx += x[i] * x[i];
          sxy += x[i] * y[i];
        }
      }
      double slope = (sxy - sx * sy / n) / (sxx - sx * sx / n);
      double start = (sy - slope * sx) / n;
      double error = 0;
      for (int k = from; k < to; k++) {
        double e = y[order[k]] - start - slope * x[order[k]];
        error += e * e;
      }
      return error / (to - from);
    }
  }

  /** Differences of data sets that are symmetric about 0: normal, and whole numbers with ties. */
  @Test
  void wilcoxon() {
    for (int n : new int[] {6, 10, 20, 100, 300}) {
      Promise promise = n <= 200 ? Promise.VALID : Promise.NEARLY;
      check(
          "wilcoxon",
          n + " normal differences",
          n > 20 ? 4000 : 20_000,
          promise,
          draw -> p(new Wilcoxon()).applyAsDouble(pairs(draw.normals(n))));
      check(
          "wilcoxon",
          n + " differences of -2 .. 2",
          n > 20 ? 4000 : 20_000,
          promise,
          draw -> {
            double[] d = draw.normals(n);
            Arrays.setAll(d, i -> Math.max(-2, Math.min(2, Math.rint(d[i]))));
            return p(new Wilcoxon()).applyAsDouble(pairs(d));
          });
    }
  }

  private static ScoreTable pairs(double[] d) {
    return new ScoreTable(
        Arrays.stream(d).mapToObj(x -> new double[] {x, 0}).toArray(double[][]::new),
        2,
        Direction.HIGHER_IS_BETTER);
  }

  private static ScoreTable table(Draw draw, int n, int k) {
    double[][] values = new double[n][];
    for (int d = 0; d < n; d++) {
      values[d] = draw.normals(k);
    }
    return new ScoreTable(values, k, Direction.HIGHER_IS_BETTER);
  }

  @Test
  void severalDataSets() {
    for (int n : new int[] {10, 30, 100}) {
      boolean large = n == 100;
      String data = "5 models, " + n + " data sets";
      for (int which : new int[] {0, 1}) {
        check(
            which == 0 ? "friedman" : "iman-davenport",
            data,
            20_000,
            large ? Promise.NEARLY : Promise.NONE,
            draw ->
                new Friedman()
                    .results(table(draw, n, 5), TestSettings.DEFAULT)
                    .get(which)
                    .pValue());
      }
      check(
          "nemenyi",
          data + ", family-wise",
          4000,
          large ? Promise.NEARLY_VALID : Promise.NONE,
          draw -> least(new Nemenyi(), table(draw, n, 5)));
      for (ComparisonTest test : new ComparisonTest[] {new BonferroniDunn(), new HolmPostHoc()}) {
        check(
            test.name(),
            data + ", against a control, family-wise",
            20_000,
            large ? Promise.NEARLY_VALID : Promise.NONE,
            draw -> least(test, table(draw, n, 5)));
      }
    }
  }

  private static double least(ComparisonTest test, ScoreTable table) {
    return test.results(table, TestSettings.DEFAULT.withControl(0)).stream()
        .mapToDouble(TestResult::pValue)
        .min()
        .getAsDouble();
  }

  /** A true difference that is just the margin: the hardest case of the hypothesis. */
  @Test
  void margins() {
    TestSettings settings = TestSettings.DEFAULT.withMargin(0.5);
    check(
        "non-inferiority",
        "20 normal differences, truth = -margin",
        20_000,
        Promise.UNIFORM,
        draw -> p(new NonInferiority(), settings).applyAsDouble(mean(draw, 20, -0.5)));
    check(
        "tost",
        "20 normal differences, truth = margin",
        20_000,
        Promise.VALID,
        draw -> p(new Tost(), settings).applyAsDouble(mean(draw, 20, 0.5)));
    TestSettings narrow = TestSettings.DEFAULT.withMargin(0.05);
    for (int n : new int[] {100, 1000}) {
      Promise promise = n == 1000 ? Promise.NEARLY : Promise.NONE;
      check(
          "non-inferiority",
          n + " paired answers, truth = -margin = -0.05",
          20_000,
          promise,
          draw -> p(new NonInferiority(), narrow).applyAsDouble(draw.outcomes(n, 0.05, 0.1)));
      check(
          "tost",
          n + " paired answers, truth = margin = 0.05",
          20_000,
          n == 1000 ? Promise.NEARLY_VALID : Promise.NONE,
          draw -> p(new Tost(), narrow).applyAsDouble(draw.outcomes(n, 0.1, 0.05)));
    }
  }

  private static Difference mean(Draw draw, int n, double truth) {
    double[] d = draw.normals(n);
    CorrectedT t = CorrectedT.of(d, 1, 1, 0.95);
    return new Difference(
        t.mean() + truth, t.naiveError(), n - 1, "student-t", n, Direction.HIGHER_IS_BETTER, "");
  }

  /** Two scores with equal areas of 0.76 that correlate. */
  @Test
  void areas() {
    for (int n : new int[] {20, 100, 1000}) {
      check(
          "delong",
          n + " items, half positive, areas 0.76",
          n == 1000 ? 4000 : 20_000,
          n == 1000 ? Promise.NEARLY : Promise.NONE,
          draw -> {
            boolean[] positive = new boolean[n];
            double[][] scores = new double[2][n];
            for (int i = 0; i < n; i++) {
              positive[i] = i % 2 == 0;
              double shared = draw.normal() + (positive[i] ? Math.sqrt(2) : 0);
              scores[0][i] = shared + draw.normal();
              scores[1][i] = shared + draw.normal();
            }
            return p(new DeLong()).applyAsDouble(RocPlacements.of(positive, scores));
          });
    }
  }

  /** 20 independent true hypotheses, of which the least adjusted p-value is looked at. */
  @Test
  void adjustments() {
    for (Adjustment adjustment : Adjustment.values()) {
      if (adjustment != Adjustment.NONE) {
        check(
            adjustment.label(),
            "20 independent true hypotheses, family-wise",
            20_000,
            adjustment == Adjustment.BH ? Promise.UNIFORM : Promise.VALID,
            draw -> {
              double[] p = new double[20];
              Arrays.setAll(p, i -> draw.uniform());
              return Arrays.stream(adjustment.adjust(p)).min().getAsDouble();
            });
      }
    }
  }
}
