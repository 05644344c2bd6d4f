package org.assay.random;

import java.io.Serializable;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * How often each of n units is drawn in n draws with replacement: exact multinomial counts, as a
 * pure function of (function, replicate), for any range of units without the others.
 *
 * <p>The draws are dealt down a binary tree whose leaves are runs of {@value #LEAF} units: the left
 * part of a node receives a binomial share of the node's draws. Left parts are perfect trees, so
 * that all shares below them are fair halves, Binomial(m, 1/2), taken as the number of ones among m
 * random bits; only the nodes on the right edge, of which there are log2(n / {@value #LEAF}), need
 * a general binomial, by inversion. In a leaf each draw is 8 random bits. Takes about n (1 + 0.02
 * log2 n) steps per replicate and no memory besides the counts.
 *
 * <p>n = 0 has no counts. Immutable and thread-safe.
 */
public final class Multinomial implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Units of a leaf; a draw in it is 8 bits. */
  static final int LEAF = 256;

  /** The most units. */
  public static final int MOST = 1 << 30;

  private static final long C2 = 0x9E3779B97F4A7C15L;

  private final Keyed function;
  private final int units;

  /**
   * Draws from units 0 .. {@code units} - 1.
   *
   * @param function what is random
   */
  public Multinomial(Keyed function, int units) {
    if (units < 0 || units > MOST) {
      throw new IllegalArgumentException(units + " units: must be 0 to " + MOST);
    }
    this.function = function;
    this.units = units;
  }

  /** Number of units, and of draws. */
  public int units() {
    return units;
  }

  /**
   * Fills {@code lanes[at + i]} with the counts of unit i in the eight replicates of a batch. A
   * count above {@link Lanes#MOST} would not fit, and has a probability below 1e-490.
   */
  public void fill(int batch, long[] lanes, int at) {
    if (units > 0) {
      new Dealt((long) batch * Lanes.WIDTH, Lanes.WIDTH, 0, leaves(), lanes, at).deal();
    }
  }

  /**
   * The counts of units {@code from .. to - 1} in one replicate: what {@link #fill} puts into the
   * lane of that replicate. Only the parts of the tree above these units are dealt, which takes
   * about {@code to - from + units / 32} steps.
   */
  public int[] counts(int replicate, int from, int to) {
    java.util.Objects.checkFromToIndex(from, to, units);
    int[] counts = new int[to - from];
    if (counts.length > 0) {
      int first = from / LEAF;
      int last = (to + LEAF - 1) / LEAF;
      long[] lanes = new long[(last - first) * LEAF];
      new Dealt(replicate, 1, first, last, lanes, -first * LEAF).deal();
      for (int i = 0; i < counts.length; i++) {
        counts[i] = Lanes.get(lanes[from - first * LEAF + i], 0);
      }
    }
    return counts;
  }

  private int leaves() {
    return (units + LEAF - 1) / LEAF;
  }

  /** Deals the draws of some replicates to the leaves [from, to), all replicates together. */
  private final class Dealt {
    private final long replicate;
    private final int width;
    private final int from;
    private final int to;
    private final long[] lanes;
    private final int at;

    /** Of the node at each depth, by lane. */
    private final int[] draws;

    Dealt(long replicate, int width, int from, int to, long[] lanes, int at) {
      this.replicate = replicate;
      this.width = width;
      this.from = from;
      this.to = to;
      this.lanes = lanes;
      this.at = at;
      this.draws = new int[33 * width];
    }

    void deal() {
      java.util.Arrays.fill(draws, 0, width, units);
      deal(0, leaves(), 0);
    }

    /** Deals the draws at {@code draws[depth]} among the leaves [low, high). */
    private void deal(int low, int high, int depth) {
      if (high <= from || low >= to) {
        return;
      }
      int here = depth * width;
      int size = high - low;
      if (size == 1) {
        leaf(replicate, width, low, draws, here, lanes, at + low * LEAF);
        return;
      }
      int left = Integer.highestOneBit(size - 1);
      int unitsLeft = left * LEAF;
      int unitsHere = Math.min(high * LEAF, units) - low * LEAF;
      int below = here + width;
      int[] rest = new int[width];
      for (int k = 0; k < width; k++) {
        long key = key(replicate + k, low, size);
        int all = draws[here + k];
        draws[below + k] =
            2 * unitsLeft == unitsHere
                ? half(key, all)
                : share(key, all, unitsLeft / (double) unitsHere);
        rest[k] = all - draws[below + k];
      }
      deal(low, low + left, depth + 1);
      System.arraycopy(rest, 0, draws, below, width);
      deal(low + left, high, depth + 1);
    }
  }

  /** What a node's random bits are made from; nodes differ in their first leaf or in their size. */
  private long key(long replicate, int low, int size) {
    return function.bits(replicate, (long) low << 32 | size);
  }

  /** Binomial(draws, 1/2): the ones among as many random bits. */
  private static int half(long key, int draws) {
    int ones = 0;
    long state = key;
    int rest = draws;
    for (; rest >= 64; rest -= 64) {
      state += C2;
      ones += Long.bitCount(Keyed.mix(state));
    }
    if (rest > 0) {
      ones += Long.bitCount(Keyed.mix(state + C2) >>> 64 - rest);
    }
    return ones;
  }

  /** Binomial(draws, p), by inversion; exact up to the 2^-53 of its uniform number. */
  private static int share(long key, int draws, double p) {
    if (draws == 0) {
      return 0;
    }
    double uniform = ((Keyed.mix(key + C2) >>> 11) + 0.5) * 0x1.0p-53;
    return BinomialDistribution.of(draws, p).inverseCumulativeProbability(uniform);
  }

  /** Deals the draws at {@code draws[here]} among the units of a leaf. */
  private void leaf(
      long replicate, int width, int number, int[] draws, int here, long[] lanes, int from) {
    long[] counts = new long[LEAF]; // of a length that spares the check of every place
    int size = Math.min(LEAF, units - number * LEAF);
    for (int k = 0; k < width; k++) {
      long state = key(replicate + k, number, 1);
      long one = 1L << 8 * k;
      int rest = draws[here + k];
      if (size < LEAF) {
        for (; rest > 0; rest--) {
          state += C2;
          counts[(int) Math.multiplyHigh(Keyed.mix(state) >>> 1, (long) size << 1)] += one;
        }
        continue;
      }
      for (; rest >= 8; rest -= 8) {
        state += C2;
        long bits = Keyed.mix(state);
        counts[(int) (bits & 0xFF)] += one;
        counts[(int) (bits >>> 8 & 0xFF)] += one;
        counts[(int) (bits >>> 16 & 0xFF)] += one;
        counts[(int) (bits >>> 24 & 0xFF)] += one;
        counts[(int) (bits >>> 32 & 0xFF)] += one;
        counts[(int) (bits >>> 40 & 0xFF)] += one;
        counts[(int) (bits >>> 48 & 0xFF)] += one;
        counts[(int) (bits >>> 56)] += one;
      }
      long bits = Keyed.mix(state + C2);
      for (; rest > 0; rest--) {
        counts[(int) (bits & 0xFF)] += one;
        bits >>>= 8;
      }
    }
    System.arraycopy(counts, 0, lanes, from, size);
  }
}
