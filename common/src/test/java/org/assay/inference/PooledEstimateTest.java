package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.assay.metric.Value;
import org.junit.jupiter.api.Test;

class PooledEstimateTest {
  @Test
  void isTheMeanOverRepeats() {
    PointEstimate two = PooledEstimate.of(List.of(Value.of(.25), Value.of(.75)));
    assertThat(two).isEqualTo(PointEstimate.bare("pooled-out-of-fold", .5, 2, ""));
    assertThat(two.interval()).isNull();
    assertThat(PooledEstimate.of(List.of(Value.of(.25))).value()).isEqualTo(.25);
  }

  @Test
  void aRepeatWithoutAValueLeavesNoneAndSaysWhy() {
    PointEstimate none =
        PooledEstimate.of(
            List.of(Value.of(.25), Value.undefined("only one class"), Value.undefined("other")));
    assertThat(none.value()).isNaN();
    assertThat(none.replicates()).isEqualTo(3);
    assertThat(none.reason()).isEqualTo("only one class");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PooledEstimate.of(List.of()))
        .withMessage("no repeats to take the mean of");
  }
}
