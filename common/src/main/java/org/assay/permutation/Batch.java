package org.assay.permutation;

import java.util.Arrays;

/**
 * A batch of replicates while one word of 64 rows after the other passes. Every array begins with
 * the batch's first replicate: loops over arrays with different beginnings are not made vector
 * loops.
 */
final class Batch {
  /** Of each replicate, its subset of the present word of rows. */
  final long[] words;

  /** Of each slice of each column in turn, the sum of each replicate. */
  final long[][] sums;

  /** Room for the tables of one word of rows. */
  final long[] tables = new long[8 << 8];

  /** Number of replicates. */
  int count;

  Batch(int outputs, int most) {
    this.words = new long[most];
    this.sums = new long[outputs][most];
  }

  void start(int replicates) {
    count = replicates;
    for (long[] sum : sums) {
      Arrays.fill(sum, 0, count, 0);
    }
  }

  void finish(long[][] results, int offset) {
    for (int output = 0; output < sums.length; output++) {
      System.arraycopy(sums[output], 0, results[output], offset, count);
    }
  }
}
