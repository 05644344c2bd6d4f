package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

class ConfidenceSequenceTest {

  @Test
  void itsEndsAreThoseFoundByBrentsMethod() {
    for (JsonNode row : org.assay.flaky.References.of("sequences")) {
      Interval interval =
          ConfidenceSequence.of(row.get(0).asLong(), row.get(1).asLong(), row.get(2).asDouble());
      double low = row.get(3).asDouble();
      assertThat(interval.low()).isCloseTo(low, within(1e-10 * low + 1e-300));
      assertThat(interval.high()).isCloseTo(row.get(4).asDouble(), within(1e-10));
    }
    assertThat(ConfidenceSequence.of(0, 0, .95)).isEqualTo(new Interval("beta-mixture", .95, 0, 1));
  }

  @Test
  void isWiderThanAnIntervalThatIsLookedAtOnce() {
    for (long k = 0; k <= 40; k++) {
      Interval once = new ClopperPearson().of(k, 40, .95);
      Interval always = ConfidenceSequence.of(k, 40, .95);
      assertThat(always.low()).isLessThanOrEqualTo(once.low());
      assertThat(always.high()).isGreaterThanOrEqualTo(once.high());
    }
  }

  /**
   * One who looks often in 300 trials and stops at the first interval that leaves the truth out: at
   * most 5 % of sequences allow it, 4.7 standard errors above of 1,000 (chance 1e-6); with Clopper
   * and Pearson's intervals far more do.
   */
  @Test
  void holdsHoweverOneStops() {
    for (double p : new double[] {.01, .2, .5}) {
      Keyed draws = Keyed.of(3, "sequence of " + p);
      int sequences = 1000;
      int missed = 0;
      int missedOnce = 0;
      for (int s = 0; s < sequences; s++) {
        long k = 0;
        boolean left = false;
        boolean leftOnce = false;
        for (int n = 1; n <= 300 && !left; n++) {
          k += draws.uniform(s, n) < p ? 1 : 0;
          if (n % 20 == 0 || n < 20) {
            left = !ConfidenceSequence.of(k, n, .95).contains(p);
            leftOnce |= s < 200 && !new ClopperPearson().of(k, n, .95).contains(p);
          }
        }
        missed += left ? 1 : 0;
        missedOnce += leftOnce ? 1 : 0;
      }
      assertThat(missed).isLessThan((int) (sequences * .05 + 4.7 * Math.sqrt(sequences * .0475)));
      assertThat(missedOnce).as("what it is for, p = %s", p).isGreaterThan(p < .1 ? 5 : 20);
    }
  }
}
