package org.assay.design;

import java.io.Serializable;

/**
 * The groups of a population, numbered in ascending order of their keys.
 *
 * <p>A key is found by its first bits and then by bisection, which takes about one step for keys
 * that are hashes and at most log2(groups) for any others. Immutable and thread-safe.
 */
final class Groups implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] key;
  private final int shift;
  private final int[] start;

  /** The groups of distinct keys in ascending order. */
  Groups(long[] key) {
    this.key = key;
    int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(Math.max(1, key.length - 1)));
    shift = 64 - bits;
    start = new int[(1 << bits) + 1];
    for (long k : key) {
      start[slot(k) + 1]++;
    }
    for (int i = 1; i < start.length; i++) {
      start[i] += start[i - 1];
    }
  }

  int size() {
    return key.length;
  }

  long key(int index) {
    return key[index];
  }

  /**
   * The number of a group.
   *
   * @throws IllegalArgumentException if there is no such group
   */
  int index(long wanted) {
    int slot = slot(wanted);
    int low = start[slot];
    int high = start[slot + 1] - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (key[middle] < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low > high || key[low] != wanted) {
      throw new IllegalArgumentException(
          "group key " + wanted + " is not in the population that the design is bound to");
    }
    return low;
  }

  private int slot(long k) {
    return (int) ((k ^ Long.MIN_VALUE) >>> shift);
  }
}
