package org.assay.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigmoidTest {
  private static double[] of(double... x) {
    double[] all = x.clone();
    Sigmoid.ofOpposite(all, all.length, new double[all.length]);
    return all;
  }

  /** Against StrictMath: 32 roundings, each of which weighs |x| at most. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 1, 10, 40})
  void isAsNearAsItsRoundingAllows(double most) {
    Random random = new Random(1);
    double[] x = random.doubles(10_000, -most, most).toArray();
    double[] found = of(x);
    for (int i = 0; i < x.length; i++) {
      double exact = 1 / (1 + StrictMath.exp(x[i]));
      assertThat(found[i] / exact).isCloseTo(1, within(0x1p-48 * Math.max(1, Math.abs(x[i]))));
    }
  }

  /** Far from what matters the polynomial's end is the larger error. */
  @Test
  void farOutItIsRoughlyRight() {
    double[] x = new Random(2).doubles(10_000, -700, 700).toArray();
    double[] found = of(x);
    for (int i = 0; i < x.length; i++) {
      assertThat(found[i] * (1 + StrictMath.exp(x[i]))).isCloseTo(1, within(1e-8));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0.5", "-0.0, 0.5", "-1000, 1", "-Infinity, 1"})
  void ends(double x, double right) {
    assertThat(of(x)[0]).isEqualTo(right);
    assertThat(of(1, x, -1)[1]).isEqualTo(right);
  }

  @Test
  void whatIsNoNumberStaysNone() {
    assertThat(of(1, Double.NaN, -1)[1]).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"701", "1e300", "Infinity"})
  void beyondAllThatMattersItIsHardlyMoreThanNothing(double x) {
    assertThat(of(x)[0]).isBetween(0.0, 1e-303);
  }
}
