package org.assay.permutation;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Which rows may be exchanged with which: those of one stratum, be it a group, a pair, a fold or
 * all rows.
 *
 * <p>Rows are put in an order in which each stratum is one run, strata by code and rows of a
 * stratum as they came. Immutable.
 */
public final class Strata implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] order;
  private final int[] starts;

  private Strata(int[] order, int[] starts) {
    this.order = order;
    this.starts = starts;
  }

  /** All rows in one stratum. */
  public static Strata one(int rows) {
    int[] order = new int[rows];
    Arrays.setAll(order, i -> i);
    return new Strata(order, new int[] {0, rows});
  }

  /**
   * Strata of rows with equal codes.
   *
   * @param codes one per row, from 0 to below the number of rows; some may not occur
   * @throws IllegalArgumentException if a code is out of range
   */
  public static Strata of(int[] codes) {
    int most = -1;
    for (int code : codes) {
      if (code < 0 || code >= codes.length) {
        throw new IllegalArgumentException(
            "stratum " + code + " of " + codes.length + " rows: must be from 0 to below that");
      }
      most = Math.max(most, code);
    }
    int[] starts = new int[most + 2];
    for (int code : codes) {
      starts[code + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] next = starts.clone();
    int[] order = new int[codes.length];
    for (int row = 0; row < codes.length; row++) {
      order[next[codes[row]]++] = row;
    }
    return new Strata(order, starts);
  }

  /** Number of rows. */
  public int rows() {
    return order.length;
  }

  /** Number of strata, empty ones included. */
  public int size() {
    return starts.length - 1;
  }

  /** The row at a place of the order. */
  int row(int place) {
    return order[place];
  }

  /** The first place of a stratum; that of {@link #size} is the number of rows. */
  int start(int stratum) {
    return starts[stratum];
  }

  /** Number of rows of a stratum. */
  int rows(int stratum) {
    return starts[stratum + 1] - starts[stratum];
  }
}
