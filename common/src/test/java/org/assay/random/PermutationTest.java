package org.assay.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;

/**
 * Chi-square tests have fixed seeds; with others, a right permutation would fail each with
 * probability 1e-4.
 */
class PermutationTest {
  private static final double ALPHA = 1e-4;
  private static final Keyed FUNCTION = Keyed.of(20, "permutation test");

  @Test
  void inverseUndoesIt() {
    for (long n : new long[] {1, 2, 7, 4096, 4097, 10_007, 1L << 31, (1L << 52) - 1}) {
      Permutation permutation = Permutation.of(Keyed.of(5, "inverse"), 3, n);
      for (long i = 0; i < Math.min(n, 5000); i++) {
        long x = n <= 5000 ? i : (i * 0x5DEECE66DL + 11) % n;
        assertThat(permutation.inverse(permutation.at(x))).isEqualTo(x);
        assertThat(permutation.at(permutation.inverse(x))).isEqualTo(x);
      }
    }
  }

  @Test
  void isABijectionForEverySmallSize() {
    for (int n = 0; n <= 300; n++) {
      for (int replicate = 0; replicate < 5; replicate++) {
        assertBijection(Permutation.of(FUNCTION, replicate, n), n);
        if (n > 0) {
          assertBijection(Permutation.feistel(FUNCTION, replicate, n), n);
        }
      }
    }
  }

  @Test
  void isABijectionForLargeSizes() {
    for (int n : new int[] {4095, 4096, 4097, 4160, 4161, 5000, 65_535, 65_536, 65_537, 999_983}) {
      assertBijection(Permutation.of(FUNCTION, 3, n), n);
    }
  }

  @Test
  void staysInRangeAndDoesNotRepeatForHugeSizes() {
    for (long n : new long[] {1L << 31, 10_000_000_019L, 1L << 52}) {
      Permutation permutation = Permutation.of(FUNCTION, 1, n);
      long[] images = new long[100_000];
      Arrays.setAll(images, i -> permutation.at(n - 1 - i));
      assertThat(Arrays.stream(images).min().getAsLong()).isNotNegative();
      assertThat(Arrays.stream(images).max().getAsLong()).isLessThan(n);
      assertThat(Arrays.stream(images).distinct().count()).isEqualTo(images.length);
    }
  }

  @Test
  void givesAll24PermutationsOf4EquallyOften() {
    long[] observed = new long[24];
    for (int replicate = 0; replicate < 48_000; replicate++) {
      Permutation p = Permutation.of(FUNCTION, replicate, 4);
      observed[rank(p)]++;
    }
    double[] expected = new double[24];
    Arrays.fill(expected, 2_000);
    assertFits(observed, expected);
  }

  @Test
  void imagesAreUniform() {
    for (int n : new int[] {1_000, 5_000, 5_041, 100_003}) {
      for (int i : new int[] {0, 1, 777, n - 1}) {
        int bins = 50;
        long[] observed = new long[bins];
        double[] expected = new double[bins];
        int draws = 20_000;
        for (int replicate = 0; replicate < draws; replicate++) {
          observed[(int) (Permutation.feistel(FUNCTION, replicate, n).at(i) * bins / n)]++;
        }
        for (int x = 0; x < n; x++) {
          expected[(int) ((long) x * bins / n)] += (double) draws / n;
        }
        assertFits(observed, expected);
      }
    }
  }

  /**
   * Places (i, j) of one permutation: neighbours, places in one column and in one row of the
   * Feistel square, far ones.
   */
  @Test
  void pairsOfImagesAreUniform() {
    int n = 5_000;
    int bins = 10;
    int draws = 200_000;
    for (int[] pair : new int[][] {{0, 1}, {1_000, 1_001}, {100, 100 + 71}, {0, 4_999}}) {
      long[] observed = new long[bins * bins];
      for (int replicate = 0; replicate < draws; replicate++) {
        Permutation p = Permutation.of(FUNCTION, replicate, n);
        observed[(int) (p.at(pair[0]) * bins / n * bins + p.at(pair[1]) * bins / n)]++;
      }
      double[] expected = new double[bins * bins];
      double each = n / (double) bins;
      for (int k = 0; k < expected.length; k++) {
        boolean same = k / bins == k % bins;
        expected[k] = draws * each * (same ? each - 1 : each) / ((double) n * (n - 1));
      }
      assertFits(observed, expected);
    }
  }

  /**
   * In a uniform permutation the number of i with at(i + 1) > at(i) has mean (n - 1) / 2 and
   * variance (n + 1) / 12.
   */
  @Test
  void ascentsAreAsManyAsInAUniformPermutation() {
    int n = 100_000;
    for (int replicate = 0; replicate < 20; replicate++) {
      Permutation p = Permutation.of(FUNCTION, replicate, n);
      int ascents = 0;
      for (int i = 0; i + 1 < n; i++) {
        ascents += p.at(i + 1) > p.at(i) ? 1 : 0;
      }
      // 5 standard deviations: 6e-7 for each replicate.
      assertThat((ascents - (n - 1) / 2.0) / Math.sqrt((n + 1) / 12.0)).isBetween(-5.0, 5.0);
    }
  }

  @Test
  void refusesSizesOutOfRange() {
    assertThatThrownBy(() -> Permutation.of(FUNCTION, 0, -1))
        .hasMessage("a permutation of -1 numbers: must be between 0 and 2^52");
  }

  private static void assertBijection(Permutation p, int n) {
    boolean[] seen = new boolean[n];
    for (int i = 0; i < n; i++) {
      int x = Math.toIntExact(p.at(i));
      if (seen[x]) {
        throw new AssertionError(x + " twice among " + n);
      }
      seen[x] = true;
    }
    assertThat(p.size()).isEqualTo(n);
  }

  private static int rank(Permutation p) {
    int rank = 0;
    for (int i = 0; i < 4; i++) {
      int smaller = 0;
      for (int j = i + 1; j < 4; j++) {
        smaller += p.at(j) < p.at(i) ? 1 : 0;
      }
      rank = rank * (4 - i) + smaller;
    }
    return rank;
  }

  private static void assertFits(long[] observed, double[] expected) {
    double chi2 = 0;
    for (int k = 0; k < observed.length; k++) {
      chi2 += (observed[k] - expected[k]) * (observed[k] - expected[k]) / expected[k];
    }
    assertThat(ChiSquaredDistribution.of(observed.length - 1).survivalProbability(chi2))
        .isGreaterThan(ALPHA);
  }
}
