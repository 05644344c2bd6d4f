package org.assay.permutation;

import java.util.Arrays;
import org.assay.random.Keyed;

/**
 * First samples: in every stratum a fixed number of its rows, all such subsets equally likely.
 *
 * <p>Rows are in the order of the {@link Strata}. Drawing row after row without replacement costs
 * some nanoseconds per row. Here each row is first taken independently with nearly the right
 * probability, 64 rows at once; then rows of each stratum drawn at random are taken back, or taken
 * in addition, until the number is right. Of n rows that are some sqrt(n). The result is exact:
 * given how many were taken at first, all subsets of that size are equally likely, and so they
 * remain, whatever the probability was.
 *
 * <p>The probability of a word of rows is a multiple of 2<sup>-levels</sup>, made from at most
 * {@code levels} random words by "and" and "or"; the number of levels balances their cost with that
 * of mending. Where few rows are taken the probability is set two standard deviations low, for
 * adding a row is then cheaper than finding one to take back; where most are, high. All of it
 * depends on the numbers of rows alone.
 *
 * <p>Cost: about 0.1 ns per row and replicate in strata of thousands of rows, some nanoseconds in
 * strata of few. Source of the idea: none known; the argument is above.
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

  /** Of each word, the probability of a row, in units of 2^-levels. */
  private final int[] numerators;

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
    double[] means = means(strata, sizes);
    int best = 0;
    double least = Double.MAX_VALUE;
    for (int candidate = 0; candidate <= MOST_LEVELS; candidate++) {
      double cost = candidate * WORD_COST * means.length;
      for (double mean : means) {
        cost += 64 * Math.abs(mean - numerator(mean, candidate) * unit(candidate)) * MEND_COST;
      }
      if (cost < least) {
        best = candidate;
        least = cost;
      }
    }
    this.levels = best;
    this.numerators = new int[means.length];
    Arrays.setAll(numerators, word -> numerator(means[word], levels));
  }

  /** Of each word, the mean over its rows of the probability to start with. */
  private static double[] means(Strata strata, int[] sizes) {
    double[] means = new double[(strata.rows() + 63) >>> 6];
    for (int s = 0; s < strata.size(); s++) {
      int n = strata.rows(s);
      double p = n == 0 ? 0 : (double) sizes[s] / n;
      double twoDeviations = n == 0 ? 0 : 2 * Math.sqrt(p * (1 - p) / n);
      if (p < 0.25) {
        p = Math.max(0, p - twoDeviations);
      } else if (p > 0.75) {
        p = Math.min(1, p + twoDeviations);
      }
      for (int place = strata.start(s), end = place + n; place < end; ) {
        int next = Math.min(end, (place | 63) + 1);
        means[place >>> 6] += p * (next - place);
        place = next;
      }
    }
    for (int word = 0; word < means.length; word++) {
      means[word] /= Math.min(64, strata.rows() - (word << 6));
    }
    return means;
  }

  private static int numerator(double p, int levels) {
    return (int) Math.rint(p * (1 << levels));
  }

  private static double unit(int levels) {
    return 1.0 / (1 << levels);
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
    for (int word = 0; word < numerators.length; word++) {
      start(word, streams, taken);
      System.arraycopy(taken, 0, subsets, word * count, count);
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

  /** Takes the rows of a word independently. */
  private void start(int word, long[] streams, long[] taken) {
    int count = streams.length;
    int numerator = numerators[word];
    if (numerator == 0 || numerator == 1 << levels) {
      Arrays.fill(taken, numerator == 0 ? 0 : -1);
    } else {
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
    int rows = rows() - (word << 6);
    if (rows < 64) {
      for (int r = 0; r < count; r++) {
        taken[r] &= (1L << rows) - 1;
      }
    }
  }

  /** Counts the rows taken of the places [start, start + n). */
  private static void count(int start, int n, long[] subsets, int[] sizes) {
    int count = sizes.length;
    Arrays.fill(sizes, 0);
    for (int place = start, end = start + n; place < end; ) {
      int next = Math.min(end, (place | 63) + 1);
      long mask = -1L >>> (64 - (next - place)) << (place & 63);
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
