package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assay.flaky.FailureRate.Stopping;
import org.assay.inference.ConfidenceSequence;
import org.assay.inference.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureRateTest {

  @Test
  void intervalsAndBoundsAreThoseOfSciPy() {
    for (JsonNode row : References.of("rates")) {
      FailureRate rate = new FailureRate(row.get(0).asLong(), row.get(1).asLong());
      Interval interval = rate.interval(Stopping.FIXED, .95);
      if (rate.failures() > 0 && rate.failures() < rate.runs()) {
        assertThat(interval.low()).isCloseTo(row.get(2).asDouble(), within(1e-10));
        assertThat(interval.high()).isCloseTo(row.get(3).asDouble(), within(1e-10));
      }
      assertThat(rate.bound(.95)).isCloseTo(row.get(4).asDouble(), within(1e-10));
    }
  }

  /** 1 - .05^(1/n): 59 runs without failure show less than 5 %, 299 less than 1 %. */
  @ParameterizedTest
  @CsvSource({"59, .05", "170, .0175", "299, .01", "2995, .001"})
  void noFailureGivesABound(long runs, double bound) {
    FailureRate rate = new FailureRate(0, runs);
    assertThat(rate.bound(.95)).isCloseTo(bound, within(.01 * bound));
    assertThat(rate.interval(Stopping.FIXED, .95))
        .isEqualTo(new Interval("clopper-pearson", .95, 0, rate.bound(.95)));
    assertThat(FailureRate.rerunsFor(rate.bound(.95), .95)).isEqualTo(runs);
  }

  @Test
  void optionalStoppingHasItsOwnInterval() {
    assertThat(new FailureRate(3, 70).interval(Stopping.OPTIONAL, .9))
        .isEqualTo(ConfidenceSequence.of(3, 70, .9));
  }

  /**
   * ln(.05) / ln(1 - p); the median of a public set of 811 flaky tests is .7 %, which needs 427.
   */
  @ParameterizedTest
  @CsvSource({".5, 5", ".05, 59", ".01, 299", ".007, 427", "1, 1", "0, 0", "NaN, 0"})
  void rerunsForACertainChance(double rate, long reruns) {
    assertThat(FailureRate.rerunsFor(rate, .95)).isEqualTo(reruns);
  }

  @Test
  void refusesMoreFailuresThanRuns() {
    assertThatThrownBy(() -> new FailureRate(3, 2))
        .hasMessage("3 failures in 2 runs: must be between 0 and the number of runs");
  }

  @Test
  void thePriorOfASuiteIsTheMostLikelyOne() {
    for (JsonNode one : References.of("beta_prior")) {
      List<FailureRate> rates = new ArrayList<>();
      for (int i = 0; i < one.get("k").size(); i++) {
        rates.add(new FailureRate(one.get("k").get(i).asLong(), one.get("n").get(i).asLong()));
      }
      BetaPrior prior = BetaPrior.fit(rates);
      // Where the likelihood is flat the parameters are known to the root of its precision.
      assertThat(prior.a()).isCloseTo(one.get("a").asDouble(), within(1e-4 * prior.a()));
      assertThat(prior.b()).isCloseTo(one.get("b").asDouble(), within(1e-4 * prior.b()));
      for (JsonNode posterior : one.get("posterior")) {
        FailureRate rate = new FailureRate(posterior.get(0).asLong(), posterior.get(1).asLong());
        assertThat(prior.mean(rate))
            .isCloseTo(posterior.get(2).asDouble(), within(1e-4 * prior.mean(rate)));
        Interval interval = prior.interval(rate, .95);
        assertThat(interval.low()).isCloseTo(posterior.get(3).asDouble(), within(1e-4));
        assertThat(interval.high()).isCloseTo(posterior.get(4).asDouble(), within(1e-4));
      }
      Collections.reverse(rates);
      assertThat(BetaPrior.fit(rates)).isEqualTo(prior);
    }
  }

  @Test
  void withoutFailuresThePriorIsJeffreys() {
    assertThat(BetaPrior.fit(List.of(new FailureRate(0, 9), new FailureRate(0, 0))))
        .isEqualTo(BetaPrior.JEFFREYS);
    assertThat(BetaPrior.fit(List.of(new FailureRate(4, 4)))).isEqualTo(BetaPrior.JEFFREYS);
  }
}
