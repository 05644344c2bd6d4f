package org.assay.permutation;

/**
 * How many ways there are to arrange rows, for the choice between enumerating them and drawing from
 * them. Counts saturate at {@link #MANY}.
 */
public final class Arrangements {
  /** More than a {@code long} can count, or drawn without end. */
  public static final long MANY = Long.MAX_VALUE;

  /** Most that are ever enumerated: 2^40. */
  static final long MOST = 1L << 40;

  private Arrangements() {}

  /** 2^n. */
  public static long signs(int n) {
    return n < Long.SIZE - 1 ? 1L << n : MANY;
  }

  /** The subsets of size k of n rows; 0 when there are none. */
  public static long combinations(int n, int k) {
    if (k < 0 || k > n) {
      return 0;
    }
    long count = 1;
    for (int i = 1, few = Math.min(k, n - k); i <= few; i++) {
      // count * (n - few + i) is divisible by i, and no partial product is above the result * i.
      long factor = (long) n - few + i;
      if (Math.multiplyHigh(count, factor) != 0 || count * factor < 0) {
        return MANY;
      }
      count = count * factor / i;
    }
    return count;
  }

  /** n!. */
  public static long permutations(int n) {
    long count = 1;
    for (int i = 2; i <= n && count < MANY; i++) {
      count = times(count, i);
    }
    return count;
  }

  /** The product of two counts. */
  static long times(long a, long b) {
    return a == MANY || b == MANY || Math.multiplyHigh(a, b) != 0 || a * b < 0 ? MANY : a * b;
  }
}
