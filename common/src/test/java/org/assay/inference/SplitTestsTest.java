package org.assay.inference;

import static org.assay.inference.Results.effect;
import static org.assay.inference.Results.folds;
import static org.assay.inference.Results.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.FDistribution;
import org.assay.metric.Metric.Direction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of two models on the splits of one data set. */
class SplitTestsTest {
  private static final FoldScores FIVE_BY_TWO =
      folds(
          new double[] {.02, .04},
          new double[] {-.01, .03},
          new double[] {.05, .01},
          new double[] {.00, .02},
          new double[] {.03, -.02});

  /** Dietterich's and Alpaydin's statistics by hand, computed with SciPy 1.17. */
  @Test
  void fiveByTwo() {
    TestResult t = only(new FiveByTwoT(), FIVE_BY_TWO);
    assertThat(t.statistic()).isCloseTo(.7844645406, within(1e-10));
    assertThat(t.df1()).isEqualTo(5);
    assertThat(t.effect()).isCloseTo(0.017, within(1e-15));
    assertThat(t.interval()).isEqualTo(Interval.none(0.95));
    TestResult f = only(new FiveByTwoF(), FIVE_BY_TWO);
    assertThat(f.statistic()).isCloseTo(1.1230769231, within(1e-10));
    assertThat(f.df1()).isEqualTo(10);
    assertThat(f.df2()).isEqualTo(5);
  }

  /** Printed by mlxtend's documentation. */
  @ParameterizedTest
  @CsvSource({"-1.539, .1844, 5e-5", "5.386, .0030, 5e-5", "7.269, .00077, 5e-6"})
  void pOfFiveByTwoT(double t, double p, double digits) {
    // A first difference of t with s^2 = 1 in every repeat.
    double other = t - Math.sqrt(2);
    double[] rest = {Math.sqrt(.5), -Math.sqrt(.5)};
    TestResult result =
        only(new FiveByTwoT(), folds(new double[] {t, other}, rest, rest, rest, rest));
    assertThat(result.statistic()).isCloseTo(t, within(1e-12));
    assertThat(result.pValue()).isCloseTo(p, within(digits));
  }

  /** Printed by mlxtend's documentation; the degrees of freedom are those of the test above. */
  @ParameterizedTest
  @CsvSource({"1.053, .5093, 5e-5", "34.934, .000533, 5e-7", "59.587, .000145, 5e-7"})
  void pOfFiveByTwoF(double f, double p, double digits) {
    assertThat(FDistribution.of(10, 5).survivalProbability(f)).isCloseTo(p, within(digits));
    // Sum of squares 2 f and sum of variances 1: mean m and half distance h in every repeat.
    double h = Math.sqrt(.1);
    double m = Math.sqrt((2 * f - 10 * h * h) / 10);
    double[] x = {m + h, m - h};
    TestResult result = only(new FiveByTwoF(), folds(x, x, x, x, x));
    assertThat(result.statistic()).isCloseTo(f, within(1e-10));
    assertThat(result.pValue()).isCloseTo(p, within(digits));
  }

  /** scikit-learn's example, see {@link CorrectedTTest}; its p of .227 is one-sided. */
  @Test
  void correctedResampledT() {
    double[] d = new double[100];
    Arrays.fill(d, 0, 50, -1);
    Arrays.fill(d, 50, 100, 1);
    double naive = Math.sqrt(100.0 / 99) / 10;
    double[] shifted = Arrays.stream(d).map(x -> x + 2.611 * naive).toArray();
    FoldScores scores =
        new FoldScores(
            new double[][] {shifted},
            new double[][] {new double[100]},
            90,
            10,
            FoldScores.Splits.RANDOM,
            Direction.HIGHER_IS_BETTER);
    assertThat(only(new ResampledT(), scores).statistic()).isCloseTo(2.611, within(1e-12));
    TestResult corrected = only(new CorrectedResampledT(), scores);
    assertThat(corrected.statistic()).isCloseTo(0.750, within(5e-4));
    assertThat(corrected.pValue() / 2).isCloseTo(0.227, within(5e-4));
    assertThat(corrected.df1()).isEqualTo(99);
  }

  @Test
  void agreesWithSciPy() {
    for (JsonNode c : References.of("splits")) {
      FoldScores scores =
          new FoldScores(
              new double[][] {References.doubles(c.get("a"))},
              new double[][] {References.doubles(c.get("b"))},
              c.get("train").asDouble(),
              c.get("test").asDouble(),
              FoldScores.Splits.FOLDS,
              Direction.HIGHER_IS_BETTER);
      for (ComparisonTest plain : List.of(new KFoldT(), new ResampledT())) {
        check(only(plain, scores), c.get("plain"));
        assertThat(only(plain, scores).note()).contains("rejects", "too often");
      }
      check(only(new CorrectedResampledT(), scores), c.get("corrected"));
      double[] posterior = References.doubles(c.get("posterior"));
      String[] names = {"probability-a-better", "probability-equivalent", "probability-b-better"};
      for (int i = 0; i < 3; i++) {
        assertThat(effect(names[i], scores).value()).isCloseTo(posterior[i], within(1e-12));
        assertThat(effect(names[i], scores.swapped()).value())
            .isCloseTo(posterior[2 - i], within(1e-12));
      }
      TestResult bayes = only(new BayesianCorrelatedT(), scores);
      assertThat(bayes.pValue()).isNaN();
      assertThat(bayes.note())
          .matches(
              "no p-value but probabilities: 0\\.\\d{4} that a is better by more than 0\\.01,"
                  + " 0\\.\\d{4} that neither is, 0\\.\\d{4} that b is");
      assertThat(bayes.interval()).isEqualTo(only(new CorrectedResampledT(), scores).interval());
    }
  }

  private static void check(TestResult result, JsonNode expected) {
    assertThat(result.statistic()).isCloseTo(expected.get(0).asDouble(), within(1e-10));
    assertThat(result.pValue()).isCloseTo(expected.get(1).asDouble(), within(1e-12));
  }

  @Test
  void bayesianWithoutRegionIsHalfThePValue() {
    TestResult t = only(new CorrectedResampledT(), FIVE_BY_TWO);
    List<Effect> effects =
        new BayesianCorrelatedT().effects(FIVE_BY_TWO, TestSettings.DEFAULT.withRope(0));
    assertThat(effects.get(2).value()).isCloseTo(t.pValue() / 2, within(1e-15));
    assertThat(effects.get(1).value()).isZero();
  }

  @Test
  void bayesianKnowsTheDirection() {
    FoldScores loss =
        new FoldScores(
            FIVE_BY_TWO.a(),
            FIVE_BY_TWO.b(),
            90,
            10,
            FoldScores.Splits.FOLDS,
            Direction.LOWER_IS_BETTER);
    assertThat(effect("probability-a-better", loss).value())
        .isEqualTo(effect("probability-b-better", FIVE_BY_TWO).value());
  }

  /** With k folds the ratio of test to training rows is 1 / (k - 1): the two tests agree. */
  @Test
  void bouckaertFrankIsTheCorrectionForFolds() {
    double[][] x = {{.1, .2, .15}, {.12, .05, .3}};
    FoldScores scores =
        new FoldScores(
            x, new double[2][3], 200, 100, FoldScores.Splits.FOLDS, Direction.HIGHER_IS_BETTER);
    TestResult ours = only(new BouckaertFrank(), scores);
    TestResult corrected = only(new CorrectedResampledT(), scores);
    assertThat(ours.statistic()).isCloseTo(corrected.statistic(), within(1e-13));
    assertThat(ours.df1()).isEqualTo(5);
    // By hand: mean .92 / 6, sum of squares about it .0387333, sd .0880151, error times sqrt(1/6 +
    // 1/2).
    assertThat(ours.statistic())
        .isCloseTo(
            .92 / 6 / Math.sqrt((.1794 - .92 * .92 / 6) / 5 * (1.0 / 6 + 1.0 / 2)), within(1e-12));
  }

  @Test
  void refusals() {
    FoldScores ten = folds(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    assertThat(refusal("five-by-two-t", ten))
        .isEqualTo("five-by-two-t needs 5 repeats of 2 folds, found 1 repeats of 10 folds");
    assertThat(refusal("five-by-two-f", ten)).startsWith("five-by-two-f needs 5 repeats");
    assertThat(refusal("k-fold-t", FIVE_BY_TWO))
        .isEqualTo(
            "k-fold-t needs one repeat of folds, found 5 repeats of 2 folds;"
                + " corrected-resampled-t is for those");
    FoldScores random =
        new FoldScores(
            ten.a(), ten.b(), 90, 10, FoldScores.Splits.RANDOM, Direction.HIGHER_IS_BETTER);
    assertThat(refusal("bouckaert-frank", random))
        .isEqualTo(
            "bouckaert-frank needs repeats of k-fold cross-validation, found random splits;"
                + " corrected-resampled-t is for those");
    assertThat(refusal("bouckaert-frank", folds(new double[] {1, 2, 3}, new double[] {1, 2})))
        .contains("found 2 repeats of up to 3 folds");
    assertThat(refusal("corrected-resampled-t", random)).isNull();
    assertThat(refusal("corrected-resampled-t", new PairedOutcomes(1, 2, 3, 4)))
        .isEqualTo(
            "corrected-resampled-t needs values of two models on the splits of one data set;"
                + " found right or wrong answers of two models to the same items");
  }

  private static String refusal(String test, Evidence evidence) {
    return ComparisonTests.refusal(ComparisonTests.named(test), evidence, TestSettings.DEFAULT);
  }

  /** 0.7 - 0.6 and 0.8 - 0.7 differ by 1e-16: no spread, not a t of 1e15. */
  @Test
  void aConstantLeadHasNoSpread() {
    double[][] a = {{.7, .8, .9, .3}};
    double[][] b = {{.6, .7, .8, .2}};
    FoldScores scores =
        new FoldScores(a, b, 90, 30, FoldScores.Splits.FOLDS, Direction.HIGHER_IS_BETTER);
    TestResult t = only(new CorrectedResampledT(), scores);
    assertThat(t.pValue()).isNaN();
    assertThat(t.effect()).isCloseTo(.1, within(1e-15));
    assertThat(t.note()).isEqualTo("all 4 values are equal, so the interval has no width");
    double[][] twoA = {{.7, .8}, {.9, .3}, {.7, .8}, {.9, .3}, {.7, .8}};
    double[][] twoB = {{.6, .7}, {.8, .2}, {.6, .7}, {.8, .2}, {.6, .7}};
    FoldScores two =
        new FoldScores(twoA, twoB, 50, 50, FoldScores.Splits.FOLDS, Direction.HIGHER_IS_BETTER);
    assertThat(only(new FiveByTwoT(), two).note())
        .isEqualTo("the two differences of every repeat are equal, so there is no spread");
    assertThat(only(new FiveByTwoF(), two).pValue()).isNaN();
  }

  @Test
  void refusesValuesThatDoNotPair() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new FoldScores(
                    new double[1][3],
                    new double[1][2],
                    1,
                    1,
                    FoldScores.Splits.FOLDS,
                    Direction.HIGHER_IS_BETTER))
        .withMessage("repeat 0: 3 folds of one model, 2 of the other: must be the same");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new FoldScores(
                    new double[1][3],
                    new double[1][3],
                    Double.NaN,
                    1,
                    FoldScores.Splits.FOLDS,
                    Direction.HIGHER_IS_BETTER))
        .withMessage("nTrain NaN, nTest 1.0: must be positive, mean rows per split");
  }
}
