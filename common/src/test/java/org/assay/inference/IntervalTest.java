package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class IntervalTest {

  @Test
  void containsItsEnds() {
    Interval interval = new Interval("percentile", 0.9, 1, 2);
    assertThat(interval.contains(1)).isTrue();
    assertThat(interval.contains(2)).isTrue();
    assertThat(interval.contains(2.0000001)).isFalse();
    assertThat(interval.contains(Double.NaN)).isFalse();
    assertThat(interval.width()).isEqualTo(1);
  }

  @Test
  void undefinedContainsNothing() {
    Interval none = Interval.undefined("bca", 0.95);
    assertThat(none.isDefined()).isFalse();
    assertThat(none.contains(0)).isFalse();
    assertThat(none.width()).isNaN();
  }

  @Test
  void refusesWhatIsNoInterval() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Interval("bca", 0.95, 2, 1))
        .withMessage("bca interval from 2.0 to 1.0: must not end before it starts");
    assertThatIllegalArgumentException().isThrownBy(() -> new Interval("bca", 0.95, Double.NaN, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Interval("bca", 0.95, 1, Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Interval("bca", 1, 0, 1))
        .withMessageStartingWith("level 1.0: must be between 0 and 1");
    assertThatIllegalArgumentException().isThrownBy(() -> new Interval("", 0.95, 0, 1));
  }
}
