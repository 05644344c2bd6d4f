package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorrectedTTest {
  private static final double[] VALUES = {.81, .79, .84, .80, .77, .83, .82, .78, .85, .80};

  /**
   * SciPy 1.10.1 and NumPy: {@code se = x.std(ddof=1) * sqrt(1/m + n_test/n_train)}, {@code
   * x.mean() -+ q * se} with {@code q = brentq(lambda t: betainc(4.5, .5, 9/(9 + t*t))/2 - (1 -
   * level)/2, .5, 9, xtol=1e-15)} for df = 9; its {@code stats.t.ppf} is right to 1e-9 only.
   */
  @ParameterizedTest
  @CsvSource({
    "90, 10, 0.95, 0.011952064752663097, 0.7819625511095352, 0.8360374488904647",
    "50, 50, 0.90, 0.027282473006187174, 0.7589881458975135, 0.8590118541024864",
    "2, 1, 0.99, 0.020149441679609862, 0.743517628286366, 0.8744823717136339",
  })
  void agreesWithSciPy(
      double nTrain, double nTest, double level, double error, double low, double high) {
    CorrectedT t = CorrectedT.of(VALUES, nTrain, nTest, level);
    assertThat(t.m()).isEqualTo(10);
    assertThat(t.mean()).isCloseTo(0.809, within(1e-15));
    assertThat(t.sd()).isCloseTo(0.0260128173535022, within(1e-15));
    assertThat(t.naiveError()).isCloseTo(0.008225975119502035, within(1e-15));
    assertThat(t.standardError()).isCloseTo(error, within(1e-15));
    assertThat(t.interval().method()).isEqualTo("corrected-t");
    assertThat(t.interval().level()).isEqualTo(level);
    assertThat(t.interval().low()).isCloseTo(low, within(1e-12));
    assertThat(t.interval().high()).isCloseTo(high, within(1e-12));
    assertThat(t.note()).isEmpty();
  }

  /**
   * Printed in scikit-learn's example "Statistical comparison of models using grid search": 100
   * differences, 90 training and 10 test rows in each hundred; uncorrected t 2.611, corrected t
   * 0.750, one-sided p 0.227.
   */
  @Test
  void agreesWithThePrintedExampleOfScikitLearn() {
    double[] differences = new double[100];
    Arrays.fill(differences, 0, 50, -1);
    Arrays.fill(differences, 50, 100, 1);
    double naive = CorrectedT.of(differences, 90, 10, 0.95).naiveError();
    CorrectedT t =
        CorrectedT.of(
            Arrays.stream(differences).map(d -> d + 2.611 * naive).toArray(), 90, 10, 0.95);
    assertThat(t.mean() / t.naiveError()).isCloseTo(2.611, within(1e-12));
    assertThat(t.mean() / t.standardError()).isCloseTo(0.750, within(5e-4));
    assertThat(TDistribution.of(99).survivalProbability(t.mean() / t.standardError()))
        .isCloseTo(0.227, within(5e-4));
  }

  @Test
  void oneSplitHasAMeanOnly() {
    CorrectedT t = CorrectedT.of(new double[] {0.7}, 90, 10, 0.95);
    assertThat(t.mean()).isEqualTo(0.7);
    assertThat(new double[] {t.sd(), t.naiveError(), t.standardError()}).containsOnly(Double.NaN);
    assertThat(t.interval()).isEqualTo(Interval.undefined("corrected-t", 0.95));
    assertThat(t.note()).isEqualTo("one split shows no spread");
  }

  @Test
  void equalValuesHaveAnIntervalWithoutWidthThatSaysSo() {
    double[] values = new double[7];
    Arrays.fill(values, 0.1);
    CorrectedT t = CorrectedT.of(values, 90, 10, 0.95);
    assertThat(t.mean()).isEqualTo(0.1);
    assertThat(t.sd()).isZero();
    assertThat(t.interval()).isEqualTo(new Interval("corrected-t", 0.95, 0.1, 0.1));
    assertThat(t.note()).isEqualTo("all 7 values are equal, so the interval has no width");
  }

  @Test
  void undefinedValuesAreNotDropped() {
    CorrectedT t =
        CorrectedT.of(new double[] {0.7, Double.NaN, 0.8, Double.NEGATIVE_INFINITY}, 90, 10, 0.95);
    assertThat(new double[] {t.mean(), t.sd(), t.standardError()}).containsOnly(Double.NaN);
    assertThat(t.interval().isDefined()).isFalse();
    assertThat(t.note()).isEqualTo("2 of 4 values are undefined or infinite");
    assertThat(CorrectedT.of(new double[0], 90, 10, 0.95).note()).isEqualTo("no splits");
    assertThat(CorrectedT.of(new double[] {1e308, 1.5e308, -1e308}, 90, 10, 0.95).note())
        .isEqualTo("the values are too large for doubles");
  }

  @Test
  void checksSizesAndLevel() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CorrectedT.of(VALUES, 0, 10, 0.95))
        .withMessageContaining("nTrain 0.0: must be positive");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CorrectedT.of(VALUES, 90, Double.NaN, 0.95))
        .withMessageContaining("nTest NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CorrectedT.of(VALUES, 90, 10, 95))
        .withMessage("level 95.0: must be between 0 and 1, such as 0.95");
  }
}
