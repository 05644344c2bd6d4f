package org.assay.inference;

import static org.assay.inference.Results.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.assay.metric.Metric.Direction;
import org.junit.jupiter.api.Test;

/** Equivalence and non-inferiority. */
class MarginTestTest {

  private static Difference difference(double value, double error, double df, Direction direction) {
    return new Difference(value, error, df, "student-t", 10, direction, "");
  }

  /** statsmodels' ttost_paired. */
  @Test
  void agreesWithStatsmodels() {
    for (JsonNode c : References.of("splits")) {
      double[] a = References.doubles(c.get("a"));
      double[] b = References.doubles(c.get("b"));
      double mean = 0;
      for (int i = 0; i < a.length; i++) {
        mean += (a[i] - b[i]) / a.length;
      }
      double squares = 0;
      for (int i = 0; i < a.length; i++) {
        squares += (a[i] - b[i] - mean) * (a[i] - b[i] - mean);
      }
      double error = Math.sqrt(squares / (a.length - 1) / a.length);
      JsonNode expected = c.get("tost");
      TestSettings settings = TestSettings.DEFAULT.withMargin(expected.get("margin").asDouble());
      Difference up = difference(mean, error, a.length - 1, Direction.HIGHER_IS_BETTER);
      Difference down = difference(mean, error, a.length - 1, Direction.LOWER_IS_BETTER);
      TestResult tost = only(new Tost(), up, settings);
      assertThat(tost.pValue()).isCloseTo(expected.get("p").asDouble(), within(1e-11));
      TestResult lower = only(new NonInferiority(), up, settings);
      assertThat(lower.statistic())
          .isCloseTo(expected.get("lower").get(0).asDouble(), within(1e-9));
      assertThat(lower.pValue()).isCloseTo(expected.get("lower").get(1).asDouble(), within(1e-11));
      TestResult upper = only(new NonInferiority(), down, settings);
      assertThat(upper.statistic())
          .isCloseTo(expected.get("upper").get(0).asDouble(), within(1e-9));
      assertThat(upper.pValue()).isCloseTo(expected.get("upper").get(1).asDouble(), within(1e-11));
      assertThat(tost.interval().level()).isCloseTo(0.9, within(1e-15));
      boolean within =
          tost.interval().low() > -settings.margin() && tost.interval().high() < settings.margin();
      assertThat(within).isEqualTo(tost.pValue() < settings.alpha());
    }
  }

  @Test
  void ofPairedProportionsIsTangosScore() {
    PairedOutcomes o = new PairedOutcomes(20, 5, 9, 166);
    TestSettings settings = TestSettings.DEFAULT.withMargin(0.05);
    TestResult tost = only(new Tost(), o, settings);
    TestResult notWorse = only(new NonInferiority(), o, settings);
    assertThat(notWorse.statistic()).isEqualTo(Tango.score(o, -0.05));
    // b looks better: the harder of the two is that a is not much worse.
    assertThat(tost.pValue()).isEqualTo(notWorse.pValue());
    assertThat(tost.interval().method()).isEqualTo("tango");
    assertThat(tost.interval().low() > -0.05 && tost.interval().high() < 0.05)
        .isEqualTo(tost.pValue() < settings.alpha());
    // Identical models of 30 items are not yet known to be within 0.05, of 100 they are.
    assertThat(only(new Tost(), new PairedOutcomes(10, 0, 0, 20), settings).pValue())
        .isGreaterThan(0.05);
    assertThat(only(new Tost(), new PairedOutcomes(30, 0, 0, 70), settings).pValue())
        .isLessThan(0.05);
  }

  @Test
  void takesSplitsAndAreas() {
    TestSettings settings = TestSettings.DEFAULT.withMargin(0.2);
    FoldScores splits = Results.folds(new double[] {.1, .2, .15, .12});
    CorrectedT t = CorrectedT.of(splits.differences(), 90, 10, 0.9);
    TestResult tost = only(new Tost(), splits, settings);
    assertThat(tost.interval().method()).isEqualTo("corrected-t");
    assertThat(tost.interval().low()).isCloseTo(t.interval().low(), within(1e-15));
    assertThat(tost.df1()).isEqualTo(3);
    boolean[] labels = {true, true, true, false, false, false};
    RocPlacements areas =
        RocPlacements.of(labels, new double[] {3, 1, 5, 2, 0, 4}, new double[] {6, 1, 5, 2, 3, 4});
    assertThat(only(new NonInferiority(), areas, settings).df1()).isNaN();
    assertThat(only(new NonInferiority(), areas, settings).pValue()).isBetween(0.0, 1.0);
  }

  @Test
  void edgesAndRefusals() {
    TestSettings settings = TestSettings.DEFAULT.withMargin(0.05);
    Difference none = difference(0.01, 0, 9, Direction.HIGHER_IS_BETTER);
    assertThat(only(new Tost(), none, settings).note()).isEqualTo("the standard error is 0");
    Difference bad = difference(Double.NaN, 0.1, 9, Direction.HIGHER_IS_BETTER);
    assertThat(only(new Tost(), bad, settings).pValue()).isNaN();
    assertThat(only(new NonInferiority(), new PairedOutcomes(0, 0, 0, 0), settings).note())
        .isEqualTo("no items");
    assertThat(
            ComparisonTests.refusal(
                new Tost(), new PairedOutcomes(1, 1, 1, 1), TestSettings.DEFAULT))
        .isEqualTo(
            "tost needs a margin, the difference that does not matter, in the metric's unit");
    assertThat(
            ComparisonTests.refusal(
                new NonInferiority(), new PairedOutcomes(1, 1, 1, 1), settings.withMargin(5)))
        .isEqualTo(
            "non-inferiority needs a margin below 1 for a difference of accuracies, found 5.0");
    assertThat(ComparisonTests.refusal(new Tost(), none, settings.withLevel(0.5)))
        .isEqualTo("tost needs a level above 0.5, found 0.5");
  }
}
