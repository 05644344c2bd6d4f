package org.assay.inference;

import static org.assay.inference.Results.effect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.assay.metric.Metric.Direction;
import org.junit.jupiter.api.Test;

class EffectSizesTest {

  /** R's binom.test for the share; odds and g follow from it. */
  @Test
  void cohensGAndOddsRatioAgreeWithR() {
    for (JsonNode c : References.of("odds")) {
      long a = c.get("a").asLong();
      long b = c.get("b").asLong();
      PairedOutcomes o = new PairedOutcomes(50, a, b, 100);
      Effect odds = effect("odds-ratio", o);
      assertThat(odds.value()).isEqualTo((double) a / b);
      assertThat(odds.interval().low()).isCloseTo(c.get("odds").get(0).asDouble(), within(1e-10));
      assertThat(odds.interval().high()).isCloseTo(c.get("odds").get(1).asDouble(), within(1e-9));
      Effect g = effect("cohens-g", o);
      assertThat(g.value()).isCloseTo((double) a / (a + b) - 0.5, within(1e-15));
      assertThat(g.interval().low())
          .isCloseTo(c.get("share").get(0).asDouble() - 0.5, within(1e-11));
      assertThat(g.interval().high())
          .isCloseTo(c.get("share").get(1).asDouble() - 0.5, within(1e-11));
      assertThat(effect("cohens-g", o.swapped()).value()).isEqualTo(-g.value());
      assertThat(effect("odds-ratio", o.swapped()).interval().low())
          .isCloseTo(1 / odds.interval().high(), within(1e-14));
    }
  }

  @Test
  void oddsWithoutDisagreementOnOneSide() {
    Effect odds = effect("odds-ratio", new PairedOutcomes(1, 5, 0, 9));
    assertThat(odds.value()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(odds.interval().high()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(odds.interval().low()).isPositive().isFinite();
    Effect none = effect("odds-ratio", new PairedOutcomes(1, 0, 0, 9));
    assertThat(none.value()).isNaN();
    assertThat(none.interval().isDefined()).isFalse();
    assertThat(none.note()).isEqualTo("the models are right and wrong on the same items");
    assertThat(effect("cohens-g", new PairedOutcomes(1, 0, 0, 9)).value()).isNaN();
  }

  /** The definition over all pairs, in the script. */
  @Test
  void cliffsDeltaAgreesWithTheDefinition() {
    for (JsonNode c : References.of("cliff")) {
      double[] a = References.doubles(c.get("a"));
      double[] b = References.doubles(c.get("b"));
      Effect delta = CliffsDelta.of(a, b, Subject.PAIR, 0.95);
      assertThat(delta.value()).isCloseTo(c.get("delta").asDouble(), within(1e-15));
      assertThat(delta.interval().low())
          .isCloseTo(c.get("interval").get(0).asDouble(), within(1e-12));
      assertThat(delta.interval().high())
          .isCloseTo(c.get("interval").get(1).asDouble(), within(1e-12));
      Effect swapped = CliffsDelta.of(b, a, Subject.PAIR, 0.95);
      assertThat(swapped.value()).isEqualTo(-delta.value());
      assertThat(swapped.interval().low()).isCloseTo(-delta.interval().high(), within(1e-14));
    }
  }

  @Test
  void cliffsDeltaEdges() {
    double[] low = {1, 2};
    double[] high = {3, 4};
    assertThat(CliffsDelta.of(high, low, Subject.PAIR, 0.95).value()).isEqualTo(1);
    assertThat(CliffsDelta.of(high, low, Subject.PAIR, 0.95).interval().isDefined()).isFalse();
    assertThat(CliffsDelta.of(high, new double[0], Subject.PAIR, 0.95).note())
        .isEqualTo("no values");
    assertThat(CliffsDelta.of(new double[] {Double.NaN, 1}, low, Subject.PAIR, 0.95).value())
        .isNaN();
    assertThat(
            CliffsDelta.of(new double[] {-0.0, 1}, new double[] {0.0, 1}, Subject.PAIR, 0.95)
                .value())
        .isZero();
    assertThat(CliffsDelta.of(new double[] {2}, low, Subject.PAIR, 0.95).note())
        .isEqualTo("one value shows no spread");
  }

  /** SciPy's root of the power equation. */
  @Test
  void detectableDifferenceOfPairedProportions() {
    for (JsonNode c : References.of("detectable")) {
      long discordant = c.get("discordant").asLong();
      long n = c.get("n").asLong();
      PairedOutcomes o = new PairedOutcomes(0, discordant - 1, 1, n - discordant);
      assertThat(effect("minimum-detectable-effect", o).value())
          .isCloseTo(c.get("effect").asDouble(), within(1e-12));
    }
    Effect few = effect("minimum-detectable-effect", new PairedOutcomes(50, 2, 1, 40));
    assertThat(few.value()).isNaN();
    assertThat(few.note())
        .isEqualTo(
            "not to be had with 3 items on which the models differ, even if all of them spoke for"
                + " one");
  }

  /** (1.959964 + 0.841621) standard errors, of a table of the normal distribution. */
  @Test
  void detectableDifferenceFromAStandardError() {
    Difference d =
        new Difference(
            3, 0.5, Double.POSITIVE_INFINITY, "normal", 9, Direction.HIGHER_IS_BETTER, "");
    assertThat(effect("minimum-detectable-effect", d).value()).isCloseTo(1.4007925, within(1e-6));
    // t(9): 2.262157 and 0.883404.
    Difference t = new Difference(3, 0.5, 9, "student-t", 9, Direction.HIGHER_IS_BETTER, "");
    assertThat(effect("minimum-detectable-effect", t).value()).isCloseTo(1.5727805, within(1e-6));
  }

  @Test
  void intervalsOfAMean() {
    // R: t.test(c(1, 2, 3, 4, 10))$conf.int is [-0.3899452, 8.3899452].
    Interval t = MeanInterval.studentT(5, 4, Math.sqrt(12.5), 0.95);
    assertThat(t.low()).isCloseTo(-0.3899452, within(5e-8));
    assertThat(t.high()).isCloseTo(8.3899452, within(5e-8));
    Interval normal = MeanInterval.normal(5, 4, Math.sqrt(12.5), 0.95);
    assertThat(normal.width() / 2).isCloseTo(1.959963984540054 * Math.sqrt(2.5), within(1e-12));
    assertThat(MeanInterval.studentT(1, 4, 0, 0.95).isDefined()).isFalse();
    assertThat(MeanInterval.studentT(9, 4, Double.NaN, 0.95).isDefined()).isFalse();
    assertThat(MeanInterval.normal(9, 4, 0, 0.95).width()).isZero();
  }
}
