package org.assay.design;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class DealTest {

  /** Every run of every length, for all sizes up to 24. */
  @Test
  void everyRunOfASplitHoldsEachPartByItsShare() {
    for (int n = 2; n <= 24; n++) {
      for (int test = 1; test < n; test++) {
        for (int train = 1; train + test <= n; train++) {
          Deal deal = new Deal.Split(n, test, train);
          for (int from = 0; from < n; from++) {
            int[] count = new int[3];
            for (int m = 1; m <= n; m++) {
              count[deal.at(from + m - 1)]++;
              assertThat(Math.abs(count[0] - (double) m * test / n)).isLessThan(1);
              assertThat(Math.abs(count[1] - (double) m * train / n))
                  .isLessThan(train + test == n ? 1 : 2);
            }
            assertThat(count).containsExactly(test, train, n - test - train);
          }
        }
      }
    }
  }

  /** Products beyond 64 bits: the same parts as exact arithmetic gives. */
  @Test
  void hugePeriodsAreExact() {
    long n = (1L << 51) + 7;
    long test = n / 3 + 1;
    Deal deal = new Deal.Split(n, test, n - test);
    for (int i = 0; i < 10_000; i++) {
      long j = Math.floorMod(i * 0x9E3779B97F4A7C15L, n);
      var product = BigInteger.valueOf(j).multiply(BigInteger.valueOf(test));
      long remainder = product.mod(BigInteger.valueOf(n)).longValueExact();
      assertThat(deal.at(j)).isEqualTo(remainder >= n - test ? 0 : 1);
    }
  }

  @Test
  void roundRobinTakesTurns() {
    Deal deal = new Deal.RoundRobin(3);
    assertThat(new int[] {deal.at(0), deal.at(1), deal.at(2), deal.at(3), deal.at((1L << 40) + 1)})
        .containsExactly(0, 1, 2, 0, 2);
  }
}
