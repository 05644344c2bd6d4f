package org.assay.design;

import java.io.Serializable;
import java.util.Arrays;

/**
 * An endless periodic sequence of parts. Whoever takes m neighbouring places of it gets each part
 * in close proportion to its share, so dealing it to the rows of one stratum after another balances
 * every stratum and the whole at once.
 */
interface Deal extends Serializable {

  /** Length after which the sequence repeats itself. */
  long period();

  /**
   * The part at a place.
   *
   * @param place in [0, 2^52); not checked
   */
  int at(long place);

  /** The share of each part; they sum to 1. */
  double[] shares();

  /**
   * Equal parts in turn: 0, 1, ..., parts - 1, 0, ... In m places every part occurs floor(m /
   * parts) or ceil(m / parts) times.
   */
  record RoundRobin(int parts) implements Deal {
    @Override
    public long period() {
      return parts;
    }

    @Override
    public int at(long place) {
      return place <= Integer.MAX_VALUE ? (int) place % parts : (int) (place % parts);
    }

    @Override
    public double[] shares() {
      double[] shares = new double[parts];
      Arrays.fill(shares, 1.0 / parts);
      return shares;
    }
  }

  /**
   * Part 0 (test) {@code test} times in {@code period} places, part 1 (train) {@code train} times,
   * part 2 (unused) the rest.
   *
   * <p>Tests stand at the places j with j test mod period >= period - test, a balanced word: in m
   * places there are floor(m x test / period) or ceil(m x test / period) of them. The other places
   * are divided between train and unused by the same rule, so in m places the number of either is
   * within 2 of its share, and within 1 when nothing is unused.
   *
   * <p>Source: Lothaire, Algebraic Combinatorics on Words, 2002, ch. 2,
   * doi:10.1017/CBO9781107326019.
   */
  record Split(long period, long test, long train) implements Deal {
    @Override
    public int at(long place) {
      long j = place % period;
      long quotient = quotient(j, test, period);
      if (j * test - quotient * period >= period - test) {
        return 0;
      }
      long rest = period - test;
      if (rest == train) {
        return 1;
      }
      long i = j - quotient;
      return i * train - quotient(i, train, rest) * rest >= rest - train ? 1 : 2;
    }

    /**
     * floor(a b / c) for a, b <= c < 2^52, also when a b overflows: the remainder never does, and
     * shows the error of rounding.
     */
    private static long quotient(long a, long b, long c) {
      long q = (long) ((double) a * b / c);
      long r = a * b - q * c;
      while (r < 0) {
        q--;
        r += c;
      }
      while (r >= c) {
        q++;
        r -= c;
      }
      return q;
    }

    @Override
    public double[] shares() {
      double t = (double) test / period;
      double l = (double) train / period;
      return test + train == period
          ? new double[] {t, l}
          : new double[] {t, l, (double) (period - test - train) / period};
    }
  }
}
