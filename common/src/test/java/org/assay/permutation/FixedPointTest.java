package org.assay.permutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

class FixedPointTest {
  private static final double[] SIZES = {
    Double.MIN_VALUE, Double.MIN_NORMAL, 1e-300, 0.1, 1, 3, 1e15, 1e300, Double.MAX_VALUE
  };

  @Test
  void sumsOfAllRowsDoNotOverflowNorDoTheirDoubles() {
    for (double largest : SIZES) {
      for (long n : new long[] {1, 2, 3, 1_000_000, Integer.MAX_VALUE}) {
        long units = FixedPoint.of(n, largest).units(largest);
        assertThat(units).isPositive();
        assertThat(Math.multiplyHigh(units, 2 * n)).isZero();
        assertThat(units * 2 * n).isPositive();
      }
    }
  }

  @Test
  void theUnitIsAsSmallAsDocumented() {
    for (double largest : SIZES) {
      for (long n : new long[] {1, 2, 3, 1_000_000, Integer.MAX_VALUE}) {
        double bound = n * 0x1p-59;
        int exponent = FixedPoint.of(n, largest).exponent();
        assertThat(Math.scalb(largest, exponent / 2) * Math.scalb(1.0, exponent - exponent / 2))
            .isGreaterThanOrEqualTo(1 / bound);
      }
    }
  }

  @Test
  void numbersAreOffByHalfAUnitAtMostAndOppositesAreOpposite() {
    Keyed keyed = Keyed.of(1, "fixed point");
    FixedPoint scale = new FixedPoint(10);
    for (int i = 0; i < 1000; i++) {
      double x = keyed.uniform(0, i) - 0.5;
      assertThat(scale.value(scale.units(x))).isCloseTo(x, within(0x1p-11));
      assertThat(scale.units(-x)).isEqualTo(-scale.units(x));
    }
    assertThat(scale.units(0.5 / 1024)).isEqualTo(-scale.units(-0.5 / 1024)).isZero();
  }

  @Test
  void nothingToSumNeedsNoUnit() {
    assertThat(FixedPoint.of(0, 1)).isEqualTo(FixedPoint.WHOLE);
    assertThat(FixedPoint.of(5, 0)).isEqualTo(FixedPoint.WHOLE);
  }

  @Test
  void refusesWhatIsNotFinite() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FixedPoint.of(3, Double.NaN))
        .withMessage("a sum of 3 numbers of size up to NaN: must be finite");
  }
}
