package org.assay.permutation;

import java.util.Arrays;
import org.assay.random.Keyed;

/**
 * First samples: in every stratum a fixed number of its rows, all such subsets equally likely.
 *
 * <p>Rows are in the order of the {@link Strata}. Drawing row after row without replacement costs
 * some nanoseconds per row. Here each row is first taken independently with nearly the right
 * probability, 64 rows at once; then rows of the stratum drawn at random are given back, or taken
 * in addition, until the number is right: of n rows some sqrt(n). The result is exact: since all
 * rows of a stratum start with the same probability, all subsets of the size that it happened to
 * give are equally likely, and so they remain, whatever the probability was.
 *
 * <p>The probability is a multiple of 2<sup>-levels</sup>, made from at most {@code levels} random
 * words by "and" and "or"; the number of levels balances their cost with that of mending. Where few
 * rows are taken the probability is set two standard deviations low, for adding a row is then
 * cheaper than finding one to give back; where most are, high. All of it depends on the numbers of
 * rows alone.
 *
 * <p>Cost: about 0.1 ns per row and replicate in strata of thousands of rows, 4 ns in pairs.
 */
final class Selections implements Subsets {
  private static final long serialVersionUID = 1L;
  private static final int MOST_LEVELS = 12;

  /** Costs, relative to each other: a random word, and a mended row. */
  private static final double WORD_COST = 1;

  private static final double MEND_COST = 40;

  private final Keyed words;
  private final Keyed mends;
  private final Strata strata;
  private final int[] wanted;
  private final int levels;

  /** Of each word, where its parts start: rows that start with one probability. */
  private final int[] starts;

  /** Of each part, the probability in units of 2^-levels. */
  private final int[] numerators;

  /** Of each part, its rows. */
  private final long[] masks;

  /**
   * Selections of {@code sizes[s]} rows of each stratum s.
   *
   * @param sizes from 0 to the size of the stratum; not checked
   */
  Selections(Keyed function, Strata strata, int[] sizes) {
    this.words = function;
    this.mends = function.derive(1);
    this.strata = strata;
    this.wanted = sizes.clone();
    double[] probabilities = new double[sizes.length];
    Arrays.setAll(probabilities, s -> probability(sizes[s], strata.rows(s)));
    this.levels = levels(strata, probabilities);
    int count = (strata.rows() + 63) >>> 6;
    int[] ends = new int[count + 1];
    int[] found = new int[count + strata.size()];
    long[] foundMasks = new long[found.length];
    int parts = 0;
    for (int s = 0; s < strata.size(); s++) {
      int numerator = numerator(probabilities[s], levels);
      for (int place = strata.start(s), end = strata.start(s + 1); place < end; ) {
        int word = place >>> 6;
        int next = Math.min(end, (place | 63) + 1);
        // Strata come in order of places, so that the last word is the only one still growing.
        int part = ends[word];
        while (part < parts && found[part] != numerator) {
          part++;
        }
        found[part] = numerator;
        foundMasks[part] |= mask(place, next);
        parts = Math.max(parts, part + 1);
        if ((next & 63) == 0) {
          ends[word + 1] = parts;
        }
        place = next;
      }
    }
    ends[count] = parts;
    this.starts = ends;
    this.numerators = Arrays.copyOf(found, parts);
    this.masks = Arrays.copyOf(foundMasks, parts);
  }

  /** The probability to start with, of the rows of a stratum. */
  private static double probability(int size, int rows) {
    if (rows == 0) {
      return 0;
    }
    double p = (double) size / rows;
    double twoDeviations = 2 * Math.sqrt(p * (1 - p) / rows);
    if (p < 0.25) {
      return Math.max(0, p - twoDeviations);
    }
    return p > 0.75 ? Math.min(1, p + twoDeviations) : p;
  }

  private static int levels(Strata strata, double[] probabilities) {
    int best = 0;
    double least = Double.MAX_VALUE;
    for (int levels = 0; levels <= MOST_LEVELS; levels++) {
      double cost = levels * WORD_COST * strata.rows() / 64;
      for (int s = 0; s < probabilities.length; s++) {
        double p = (double) numerator(probabilities[s], levels) / (1 << levels);
        cost += Math.abs(probabilities[s] - p) * strata.rows(s) * MEND_COST;
      }
      if (cost < least) {
        best = levels;
        least = cost;
      }
    }
    return best;
  }

  private static int numerator(double p, int levels) {
    return (int) Math.rint(p * (1 << levels));
  }

  /** The places [from, to) of one word. */
  private static long mask(int from, int to) {
    return -1L >>> (64 - (to - from)) << from;
  }

  @Override
  public int rows() {
    return strata.rows();
  }

  @Override
  public long arrangements() {
    return Arrangements.MANY;
  }

  @Override
  public void fill(long from, int count, long[] subsets) {
    long[] streams = new long[count];
    Arrays.setAll(streams, r -> words.stream(from + r));
    long[] taken = new long[count];
    for (int word = 0; word < starts.length - 1; word++) {
      for (int part = starts[word]; part < starts[word + 1]; part++) {
        start(word, part, streams, taken);
        long mask = masks[part];
        if (part == starts[word]) {
          for (int r = 0; r < count; r++) {
            subsets[word * count + r] = taken[r] & mask;
          }
        } else {
          for (int r = 0; r < count; r++) {
            subsets[word * count + r] |= taken[r] & mask;
          }
        }
      }
    }
    Arrays.setAll(streams, r -> mends.stream(from + r));
    int[] sizes = new int[count];
    int[] draws = new int[count];
    for (int s = 0; s < strata.size(); s++) {
      int n = strata.rows(s);
      if (n > 0) {
        count(strata.start(s), n, subsets, sizes);
        for (int r = 0; r < count; r++) {
          if (sizes[r] != wanted[s]) {
            draws[r] =
                mend(
                    strata.start(s),
                    n,
                    wanted[s] - sizes[r],
                    streams[r],
                    draws[r],
                    subsets,
                    count,
                    r);
          }
        }
      }
    }
  }

  /** Takes the rows of a part of a word independently; parts may share draws, not rows. */
  private void start(int word, int part, long[] streams, long[] taken) {
    int count = streams.length;
    int numerator = numerators[part];
    if (numerator == 0 || numerator == 1 << levels) {
      Arrays.fill(taken, numerator == 0 ? 0 : -1);
      return;
    }
    int level = Integer.numberOfTrailingZeros(numerator);
    long draw = (long) word * MOST_LEVELS + level;
    for (int r = 0; r < count; r++) {
      taken[r] = Keyed.at(streams[r], draw);
    }
    // p is 1/2 now; a further digit d makes it (d + p) / 2.
    while (++level < levels) {
      draw++;
      if ((numerator >>> level & 1) == 0) {
        for (int r = 0; r < count; r++) {
          taken[r] &= Keyed.at(streams[r], draw);
        }
      } else {
        for (int r = 0; r < count; r++) {
          taken[r] |= Keyed.at(streams[r], draw);
        }
      }
    }
  }

  /** Counts the rows taken of the places [start, start + n). */
  private static void count(int start, int n, long[] subsets, int[] sizes) {
    int count = sizes.length;
    Arrays.fill(sizes, 0);
    for (int place = start, end = start + n; place < end; ) {
      int next = Math.min(end, (place | 63) + 1);
      long mask = mask(place, next);
      int at = (place >>> 6) * count;
      for (int r = 0; r < count; r++) {
        sizes[r] += Long.bitCount(subsets[at + r] & mask);
      }
      place = next;
    }
  }

  /**
   * Takes {@code missing} more rows of the places [start, start + n), or gives back as many as it
   * is below 0.
   */
  private static int mend(
      int start, int n, int missing, long stream, int draws, long[] subsets, int count, int r) {
    long unwanted = missing > 0 ? 0 : 1;
    for (int left = Math.abs(missing); left > 0; ) {
      long bits = Keyed.at(stream, draws++);
      int place = start + (int) Math.multiplyHigh(bits >>> 1, (long) n << 1);
      int at = (place >>> 6) * count + r;
      if ((subsets[at] >>> place & 1) == unwanted) {
        subsets[at] ^= 1L << place;
        left--;
      }
    }
    return draws;
  }
}
