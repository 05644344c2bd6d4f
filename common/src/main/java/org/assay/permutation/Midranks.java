package org.assay.permutation;

import java.util.Arrays;

/**
 * Ranks of numbers, from 1 on, tied numbers sharing the mean of their ranks; doubled, so that they
 * are whole. Zeros of both signs are tied.
 */
final class Midranks {
  private Midranks() {}

  /**
   * Twice the rank of each number.
   *
   * @throws IllegalArgumentException if one is NaN
   */
  static long[] doubled(double[] x) {
    double[] sorted = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      if (Double.isNaN(x[i])) {
        throw new IllegalArgumentException(
            "row " + i + " is NaN: must be a number to be ranked; leave out rows without a value");
      }
      // Makes -0.0 a 0.0.
      sorted[i] = x[i] + 0.0;
    }
    Arrays.sort(sorted);
    // Equal numbers stand at i + 1 .. next.
    long[] ranks = new long[x.length];
    for (int i = 0, next = 0; i < sorted.length; i = next) {
      while (next < sorted.length && sorted[next] == sorted[i]) {
        next++;
      }
      Arrays.fill(ranks, i, next, i + 1L + next);
    }
    long[] doubled = new long[x.length];
    Arrays.setAll(doubled, i -> ranks[Arrays.binarySearch(sorted, x[i] + 0.0)]);
    return doubled;
  }
}
