package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assay.flaky.Sprt.Decision;
import org.assay.order.Order;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

class SprtTest {
  private static final Sprt TEST = new Sprt(.001, .05, .05, .05);

  @Test
  void decidesAtWaldsBounds() {
    // ln(.05 / .95) / ln(.95 / .999) = 58.5
    assertThat(TEST.runsForLow()).isEqualTo(59);
    assertThat(TEST.decide(0, 58)).isEqualTo(Decision.MORE);
    assertThat(TEST.decide(0, 59)).isEqualTo(Decision.LOW);
    // One failure at once is ln 50 = 3.9, over ln 19 = 2.9.
    assertThat(TEST.decide(1, 1)).isEqualTo(Decision.HIGH);
    assertThat(TEST.decide(0, 0)).isEqualTo(Decision.MORE);
  }

  @Test
  void theFirstDecisionStandsWhateverCameInTheSameBatch() {
    boolean[] failed = new boolean[200];
    failed[100] = true;
    failed[101] = true;
    assertThat(TEST.decide(2, 200)).isEqualTo(Decision.MORE);
    assertThat(TEST.decide(failed)).isEqualTo(Decision.LOW);
  }

  /** Wrong in at most alpha / (1 - beta) of cases; 4.7 standard errors of 4,000 (chance 1e-6). */
  @Test
  void keepsItsErrors() {
    int trials = 4000;
    for (double rate : new double[] {TEST.low(), TEST.high()}) {
      Keyed draws = Keyed.of(5, "sprt " + rate);
      int wrong = 0;
      for (int trial = 0; trial < trials; trial++) {
        long failures = 0;
        Decision decision = Decision.MORE;
        for (int n = 1; decision == Decision.MORE; n++) {
          failures += draws.uniform(trial, n) < rate ? 1 : 0;
          decision = TEST.decide(failures, n);
        }
        wrong += decision == (rate == TEST.low() ? Decision.HIGH : Decision.LOW) ? 1 : 0;
      }
      double most = .05 / .95;
      assertThat((double) wrong / trials)
          .isLessThan(most + 4.7 * Math.sqrt(most * (1 - most) / trials));
    }
  }

  @Test
  void refusesRatesThatAreNoAlternatives() {
    assertThatThrownBy(() -> new Sprt(.05, .05, .05, .05))
        .hasMessage("rates 0.05 and 0.05: must be 0 < low < high < 1");
    assertThatThrownBy(() -> new Sprt(.01, .05, .05, .5))
        .hasMessage("alpha 0.05, beta 0.5: must be between 0 and 0.5");
  }

  /**
   * Of five tests the first and third never fail, the second always does, the fourth is skipped,
   * the fifth was decided in a run of all and is not run again.
   */
  @Test
  void anOrderIsRunUpToItsLastUndecidedTest() {
    Sprt rule = new Sprt(.05, .5, .05, .05);
    assertThat(rule.runsForLow()).isEqualTo(5);
    Order all = new Order("same-order-0000", "same-order", 0, new int[] {0, 1, 2, 3, 4});
    Observation pass = new Observation(Outcome.PASS, 1, "", "");
    Observation fail = new Observation(Outcome.FAIL, 1, "", "");
    Observation skip = new Observation(Outcome.SKIP, 1, "", "");
    List<Run> runs = new ArrayList<>();
    assertThat(rule.undecided(all, runs)).isZero();
    for (int round = 0; round < 4; round++) {
      runs.add(Run.of(all, round, 0, "", "", List.of(pass, fail, pass, skip, fail)));
    }
    assertThat(rule.decide(all, runs))
        .containsExactly(Decision.MORE, Decision.HIGH, Decision.MORE, Decision.MORE, Decision.HIGH);
    assertThat(rule.undecided(all, runs)).isEqualTo(3);
    Order beginning = new Order("same-order-0000", "same-order", 0, new int[] {0, 1, 2});
    runs.add(Run.of(beginning, 4, 0, "", "", List.of(pass, pass, fail)));
    assertThat(rule.decide(all, runs)[0]).isEqualTo(Decision.LOW);
    assertThat(rule.decide(all, runs)[1]).as("it stays").isEqualTo(Decision.HIGH);
    assertThat(rule.undecided(all, runs)).isEqualTo(3);
    runs.add(Run.of(beginning, 5, 0, "", "", List.of(pass, pass, fail)));
    assertThat(rule.decide(all, runs)[2]).as("4 passes, then 2 failures").isEqualTo(Decision.MORE);
  }
}
