package org.assay.inference;

import static org.assay.inference.Results.relative;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.assay.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Intervals of one proportion, and of the difference of two. */
class ProportionsTest {

  /** 84 of 100 at 95 %; computed with SciPy 1.17 and statsmodels. */
  @ParameterizedTest
  @CsvSource({
    "wald, .768147, .911853",
    "wilson, .755797, .899047",
    "clopper-pearson, .753212, .905690",
  })
  void eightyFourOfAHundred(String name, double low, double high) {
    Interval interval = ProportionInterval.named(name).of(84, 100, 0.95);
    assertThat(interval.method()).isEqualTo(name);
    assertThat(interval.low()).isCloseTo(low, within(5e-7));
    assertThat(interval.high()).isCloseTo(high, within(5e-7));
  }

  @Test
  void agreeWithStatsmodels() {
    for (JsonNode c : References.of("proportions")) {
      long k = c.get("successes").asLong();
      long n = c.get("n").asLong();
      for (String name : ProportionInterval.names()) {
        Interval interval = ProportionInterval.named(name).of(k, n, c.get("level").asDouble());
        double[] ends = References.doubles(c.get(name));
        String as = name + " of " + c;
        assertThat(interval.low())
            .as(as)
            .isCloseTo(ends[0], relative(Math.max(ends[0], 1e-15), 1e-8));
        assertThat(1 - interval.high()).as(as).isCloseTo(1 - ends[1], within(1e-12));
      }
    }
    assertThat(ProportionInterval.names()).containsExactly("clopper-pearson", "wald", "wilson");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wald", "wilson", "clopper-pearson"})
  void edges(String name) {
    ProportionInterval interval = ProportionInterval.named(name);
    assertThat(interval.of(0, 0, 0.95)).isEqualTo(Interval.undefined(name, 0.95));
    assertThat(interval.of(0, 20, 0.95).low()).isZero();
    assertThat(interval.of(20, 20, 0.95).high()).isEqualTo(1);
    Interval few = interval.of(3, 20, 0.95);
    Interval many = interval.of(17, 20, 0.95);
    assertThat(few.low()).isCloseTo(1 - many.high(), within(1e-15));
    assertThat(few.high()).isCloseTo(1 - many.low(), within(1e-15));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> interval.of(21, 20, 0.95))
        .withMessage("21 of 20: must be between 0 and the number of trials");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> interval.of(1, 20, 95))
        .withMessageStartingWith("level 95.0");
  }

  @Test
  void unknownNamesAreAnsweredWithTheKnown() {
    assertThatThrownBy(() -> ProportionInterval.named("wilsn"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "unknown interval of a proportion 'wilsn' (did you mean 'wilson'?);"
                + " known: clopper-pearson, wald, wilson");
  }

  /** .84 against .92 of 100 each; computed with statsmodels. */
  @Test
  void differenceOfProportionsIsPooledAndTwoSided() {
    TestResult result = DifferenceOfProportions.of(84, 100, 92, 100, 0.95);
    assertThat(result.statistic()).isCloseTo(-1.7407765596, within(1e-10));
    assertThat(result.pValue()).isCloseTo(0.0817227523, within(1e-10));
    TestResult paired =
        Results.only(new DifferenceOfProportions(), new PairedOutcomes(4, 4, 12, 80));
    assertThat(paired.statistic()).isEqualTo(result.statistic());
    assertThat(paired.n()).isEqualTo(200);
    assertThat(paired.note()).isEqualTo("takes the answers of the two models for independent");
  }

  @Test
  void differenceOfProportionsAgreesWithStatsmodels() {
    for (JsonNode c : References.of("two_proportions")) {
      long[] k = new long[4];
      for (int i = 0; i < 4; i++) {
        k[i] = c.get("counts").get(i).asLong();
      }
      TestResult result = DifferenceOfProportions.of(k[0], k[1], k[2], k[3], 0.95);
      assertThat(result.statistic()).isCloseTo(c.get("z").asDouble(), within(1e-11));
      assertThat(result.pValue()).isCloseTo(c.get("p").asDouble(), within(1e-12));
      assertThat(result.interval().method()).isEqualTo("newcombe");
      assertThat(result.interval().low())
          .isCloseTo(c.get("newcombe").get(0).asDouble(), within(1e-12));
      assertThat(result.interval().high())
          .isCloseTo(c.get("newcombe").get(1).asDouble(), within(1e-12));
    }
  }

  @Test
  void differenceOfProportionsWithoutSpread() {
    assertThat(DifferenceOfProportions.of(0, 10, 0, 20, 0.95).note())
        .isEqualTo("all answers are wrong");
    assertThat(DifferenceOfProportions.of(10, 10, 20, 20, 0.95).note())
        .isEqualTo("all answers are right");
    TestResult none = DifferenceOfProportions.of(0, 0, 5, 20, 0.95);
    assertThat(none.note()).isEqualTo("no items");
    assertThat(none.pValue()).isNaN();
    assertThat(none.interval().isDefined()).isFalse();
  }

  /** The likelihood maximized numerically by SciPy. */
  @Test
  void tangoAgreesWithTheNumericMaximum() {
    for (JsonNode c : References.of("tango")) {
      PairedOutcomes o = References.outcomes(c.get("counts"));
      for (JsonNode score : c.get("scores")) {
        double expected = score.get(1).asDouble();
        // The maximum is flat: its place, and so the score, is found to about the root of 1e-16.
        assertThat(Tango.score(o, score.get(0).asDouble()))
            .as(c.toString())
            .isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
      }
      Interval interval = Tango.of(o, 0.95);
      assertThat(interval.low())
          .as(c.toString())
          .isCloseTo(c.get("interval").get(0).asDouble(), within(1e-6));
      assertThat(interval.high())
          .as(c.toString())
          .isCloseTo(c.get("interval").get(1).asDouble(), within(1e-6));
    }
  }

  /** Without disagreement q = 0 and the ends solve n d^2 = z^2 d (1 - d). */
  @Test
  void tangoHasAWidthWithoutDisagreement() {
    double zz = 1.959963984540054 * 1.959963984540054;
    Interval interval = Tango.of(new PairedOutcomes(10, 0, 0, 20), 0.95);
    assertThat(interval.high()).isCloseTo(zz / (30 + zz), within(1e-15));
    assertThat(interval.low()).isEqualTo(-interval.high());
    assertThat(Tango.of(new PairedOutcomes(0, 5, 0, 0), 0.95).high()).isEqualTo(1);
    assertThat(Tango.of(new PairedOutcomes(0, 0, 0, 0), 0.95).isDefined()).isFalse();
  }

  @Test
  void tangoLeavesOutZeroExactlyWhenMcNemarRejects() {
    int rejected = 0;
    for (int b = 0; b < 25; b++) {
      for (int c = 0; c < 25; c++) {
        if (b + c > 0) {
          PairedOutcomes o = new PairedOutcomes(20, b, c, 30);
          boolean rejects = Results.only(new McNemarUncorrected(), o).pValue() < 0.05;
          assertThat(Tango.of(o, 0.95).contains(0)).as(o.toString()).isEqualTo(!rejects);
          double z = Tango.score(o, 0);
          assertThat(z * z)
              .isCloseTo(
                  Results.only(new McNemarUncorrected(), o).statistic(),
                  within(1e-12 * (1 + z * z)));
          rejected += rejects ? 1 : 0;
        }
      }
    }
    assertThat(rejected).isBetween(100, 500);
  }
}
