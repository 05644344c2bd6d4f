package org.assay.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assay.UserException;
import org.junit.jupiter.api.Test;

class ThresholdsTest {

  @Test
  void choosesTheGreatestProbabilityPerThreshold() {
    double[] p = {9, 0.5, 0.3, 0.2};
    assertThat(new Thresholds(new double[] {1, 1, 1}).choose(p, 1)).isZero();
    assertThat(new Thresholds(new double[] {1, 0.5, 0.5}).choose(p, 1)).isEqualTo(1);
    assertThat(new Thresholds(new double[] {5, 3, 2}).choose(p, 1)).isZero();
    assertThat(new Thresholds(new double[] {0.5, 0.3, 0.1}).choose(p, 1)).isEqualTo(2);
  }

  @Test
  void aThresholdOfZeroWinsUnlessItsProbabilityIsZero() {
    Thresholds zero = new Thresholds(new double[] {1, 0});
    assertThat(zero.choose(new double[] {0.99, 0.01}, 0)).isEqualTo(1);
    assertThat(zero.choose(new double[] {1, 0}, 0)).isZero();
  }

  @Test
  void oneThresholdIsForTheSecondOfTwo() {
    assertThat(Thresholds.above(0.25).choose(new double[] {0.75, 0.25}, 0)).isZero();
    assertThat(Thresholds.above(0.25).choose(new double[] {0.74, 0.26}, 0)).isEqualTo(1);
    assertThat(Thresholds.above(0).choose(new double[] {1, 0}, 0)).isZero();
  }

  @Test
  void refusesWhatIsNoThreshold() {
    assertThatThrownBy(() -> new Thresholds(new double[] {0, 0}))
        .isInstanceOf(UserException.class)
        .hasMessage("thresholds = [0.0, 0.0]: must be 0 or more and finite, with one 0 at most");
    assertThatThrownBy(() -> new Thresholds(new double[] {Double.NaN, 1}))
        .hasMessageContaining("must be 0 or more");
    assertThatThrownBy(() -> Thresholds.above(1.5))
        .hasMessage("threshold = 1.5: must be in [0, 1]");
  }
}
