package org.assay.inference;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Ranks of numbers, 1 for the smallest; equal numbers share the mean of their ranks. Zeros of both
 * signs are equal. No NaN.
 *
 * @param doubled twice the rank of each number, in the order of the numbers: whole
 * @param ties sum of t^3 - t over groups of t equal numbers; 0 when all differ
 */
record Midranks(long[] doubled, double ties) {

  static Midranks of(double[] values) {
    int n = values.length;
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i] + 0.0))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] doubled = new long[n];
    double ties = 0;
    for (int from = 0, to; from < n; from = to) {
      to = from + 1;
      while (to < n && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        doubled[order[i]] = from + 1L + to;
      }
      double t = to - from;
      ties += t * t * t - t;
    }
    return new Midranks(doubled, ties);
  }
}
