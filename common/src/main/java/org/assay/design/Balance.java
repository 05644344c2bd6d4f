package org.assay.design;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What one replicate makes of the rows: how many of each stratum it trains on, with which total
 * weight, and how many it holds out.
 *
 * <p>Tallies of different blocks are merged by {@link #merge}, in any order. Rows without strata
 * count as stratum 0.
 *
 * @param train rows trained on, by stratum
 * @param trainWeight their total weight, by stratum
 * @param test rows held out, by stratum
 * @param unused rows that are neither
 */
public record Balance(long[] train, long[] trainWeight, long[] test, long unused)
    implements Serializable {

  /** No rows. */
  public static final Balance EMPTY = new Balance(new long[0], new long[0], new long[0], 0);

  /** The tally of one block, from the weights that a design filled. */
  public static Balance of(Rows rows, int[] weight) {
    int strata = 1;
    for (int i = 0; rows.stratum() != null && i < rows.size(); i++) {
      strata = Math.max(strata, rows.stratum()[i] + 1);
    }
    long[] train = new long[strata];
    long[] trainWeight = new long[strata];
    long[] test = new long[strata];
    long unused = 0;
    for (int i = 0; i < rows.size(); i++) {
      int s = rows.stratum() == null ? 0 : rows.stratum()[i];
      if (weight[i] > 0) {
        train[s]++;
        trainWeight[s] += weight[i];
      } else if (weight[i] == Design.HELD_OUT) {
        test[s]++;
      } else {
        unused++;
      }
    }
    return new Balance(train, trainWeight, test, unused);
  }

  /** Both together. */
  public Balance merge(Balance other) {
    return new Balance(
        sum(train, other.train),
        sum(trainWeight, other.trainWeight),
        sum(test, other.test),
        unused + other.unused);
  }

  /** Rows trained on. */
  public long trainRows() {
    return Arrays.stream(train).sum();
  }

  /** Rows held out. */
  public long testRows() {
    return Arrays.stream(test).sum();
  }

  private static long[] sum(long[] a, long[] b) {
    long[] sum = Arrays.copyOf(a, Math.max(a.length, b.length));
    for (int s = 0; s < b.length; s++) {
      sum[s] += b[s];
    }
    return sum;
  }
}
