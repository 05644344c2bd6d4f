package org.assay.inference;

import static org.assay.inference.Results.relative;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FairCoinTest {

  /** The definition: sums of binomial coefficients over 2^n, as whole numbers. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 31, 32, 33, 100, 1001})
  void isTheSumOfBinomialCoefficients(int n) {
    BigDecimal all = new BigDecimal(BigInteger.TWO.pow(n));
    BigInteger coefficient = BigInteger.ONE;
    BigInteger sum = BigInteger.ONE;
    for (int k = 0; k <= n; k++) {
      double exact = new BigDecimal(sum).divide(all, MathContext.DECIMAL64).doubleValue();
      assertThat(FairCoin.atMost(k, n)).as(k + " of " + n).isCloseTo(exact, relative(exact, 1e-12));
      coefficient =
          coefficient.multiply(BigInteger.valueOf(n - k)).divide(BigInteger.valueOf(k + 1));
      sum = sum.add(coefficient);
    }
    assertThat(FairCoin.atMost(-1, n)).isZero();
  }
}
