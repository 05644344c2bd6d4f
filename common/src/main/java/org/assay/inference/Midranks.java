package org.assay.inference;

import java.util.Arrays;

/**
 * Ranks of numbers, 1 for the smallest; equal numbers share the mean of their ranks. Zeros of both
 * signs are equal.
 *
 * @param doubled twice the rank of each number, in the order of the numbers: whole
 * @param ties sum of t^3 - t over groups of t equal numbers; 0 when all differ
 */
public record Midranks(long[] doubled, double ties) {

  /**
   * The ranks of these numbers.
   *
   * @throws IllegalArgumentException if one is NaN
   */
  public static Midranks of(double[] values) {
    double[] sorted = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        throw new IllegalArgumentException(
            "row " + i + " is NaN: must be a number to be ranked; leave out rows without a value");
      }
      // Makes -0.0 a 0.0.
      sorted[i] = values[i] + 0.0;
    }
    Arrays.sort(sorted);
    long[] ranks = new long[values.length];
    double ties = 0;
    for (int from = 0, to = 0; from < sorted.length; from = to) {
      while (to < sorted.length && sorted[to] == sorted[from]) {
        to++;
      }
      Arrays.fill(ranks, from, to, from + 1L + to);
      double t = to - from;
      ties += t * t * t - t;
    }
    long[] doubled = new long[values.length];
    Arrays.setAll(doubled, i -> ranks[Arrays.binarySearch(sorted, values[i] + 0.0)]);
    return new Midranks(doubled, ties);
  }
}
