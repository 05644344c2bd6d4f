package org.assay.permutation;

import java.util.Arrays;
import org.assay.inference.Midranks;
import org.assay.random.Keyed;

/**
 * The energy distance of two samples, with the samples exchanged: for samples X of n and Y of m
 * rows
 *
 * <pre>  2 E|X - Y| - E|X - X'| - E|Y - Y'|  </pre>
 *
 * <p>where the expectations are means over all pairs, a row with itself among them. It is not
 * negative, and 0 when and only when both samples have the same values with the same frequencies;
 * it sees every kind of difference, not of location alone. (SciPy's {@code energy_distance} is its
 * square root.) Only large values speak against the null hypothesis: {@link Alternative#GREATER}.
 *
 * <p><b>One dimension</b> ({@link #of}): 2 times the integral of (F - G)<sup>2</sup>; after one
 * sort, O(n) per replicate. <b>Any distances</b> ({@link #ofDistances}): O(n<sup>2</sup>) memory
 * and time per replicate, so for up to {@value #MOST_ROWS} rows. Strata of two rows, one of each
 * sample, make it a paired test.
 *
 * <p><b>Accuracy.</b> Relative error below 1e-12 of the largest distance; that is the tolerance.
 * NaN when one sample is empty.
 *
 * <p>Source: G. J. Sz&eacute;kely and M. L. Rizzo, "Energy statistics: a class of statistics based
 * on distances", J. Statistical Planning and Inference 143 (2013), doi:10.1016/j.jspi.2013.03.018.
 */
public final class EnergyDistance implements Statistics {
  private static final long serialVersionUID = 1L;

  /** Most rows of {@link #ofDistances}: distances of 64 MB. */
  public static final int MOST_ROWS = 4_000;

  private final Subsets subsets;
  private final Energy energy;
  private final double observed;

  /** The distance as a function of the first sample. */
  private interface Energy extends java.io.Serializable {
    /** Of the subset whose words are {@code words[w * count + r]}. */
    double of(long[] words, int count, int r);

    double largestDistance();
  }

  private EnergyDistance(
      Keyed function, Strata strata, boolean[] first, Energy energy, long exactUpTo) {
    int[] sizes = new int[strata.size()];
    long[] words = new long[(first.length + 63) >>> 6];
    for (int s = 0; s < sizes.length; s++) {
      for (int place = strata.start(s); place < strata.start(s + 1); place++) {
        if (first[strata.row(place)]) {
          sizes[s]++;
          words[place >>> 6] |= 1L << place;
        }
      }
    }
    this.subsets = Subsets.selections(function, strata, sizes, exactUpTo);
    this.energy = energy;
    this.observed = energy.of(words, 1, 0);
  }

  /**
   * Of numbers.
   *
   * @param first of each row, whether it is in the first sample
   * @param x one number per row, finite
   * @param exactUpTo most arrangements to enumerate; 0 to draw in any case
   */
  public static EnergyDistance of(
      Keyed function, Strata strata, boolean[] first, double[] x, long exactUpTo) {
    check(strata, first, x.length);
    return new EnergyDistance(function, strata, first, new OnALine(strata, first, x), exactUpTo);
  }

  /**
   * Of rows with given distances, such as Euclidean distances of vectors.
   *
   * @param first of each row, whether it is in the first sample
   * @param distances {@code distances[i][j]} for j &lt; i, finite, not negative; what is not below
   *     the diagonal is not read
   * @param exactUpTo most arrangements to enumerate; 0 to draw in any case
   */
  public static EnergyDistance ofDistances(
      Keyed function, Strata strata, boolean[] first, double[][] distances, long exactUpTo) {
    check(strata, first, distances.length);
    if (distances.length > MOST_ROWS) {
      throw new IllegalArgumentException(
          distances.length
              + " rows: energy distances of more than one dimension take at most "
              + MOST_ROWS
              + "; draw a sample of the rows");
    }
    return new EnergyDistance(
        function, strata, first, new OfPairs(strata, first, distances), exactUpTo);
  }

  private static void check(Strata strata, boolean[] first, int rows) {
    if (first.length != rows || strata.rows() != rows) {
      throw new IllegalArgumentException(
          rows
              + " rows, "
              + first.length
              + " labels, strata of "
              + strata.rows()
              + ": must be as many");
    }
  }

  private static long chosen(boolean[] first) {
    long chosen = 0;
    for (boolean is : first) {
      chosen += is ? 1 : 0;
    }
    return chosen;
  }

  /**
   * 2 sum over gaps of (i-th smallest to next) (F - G)^2 gap, where (F - G) n m is the whole number
   * (chosen among the first i) (n + m) - i n.
   */
  private static final class OnALine implements Energy {
    private static final long serialVersionUID = 1L;

    /** Places of the rows, by ascending number. */
    private final int[] places;

    /** From each number to the next, the last 0. */
    private final double[] gaps;

    private final long n;

    OnALine(Strata strata, boolean[] first, double[] x) {
      long[] ranks = Midranks.of(x).doubled();
      double[] sorted = x.clone();
      Arrays.sort(sorted);
      this.n = chosen(first);
      this.gaps = new double[x.length];
      for (int i = 0; i < gaps.length; i++) {
        if (!(Math.abs(sorted[i]) <= Double.MAX_VALUE)) {
          throw new IllegalArgumentException(
              sorted[i] + " among the numbers: must be finite; leave out rows without a value");
        }
        gaps[i] = i + 1 < gaps.length ? sorted[i + 1] - sorted[i] : 0;
      }
      // A counting sort by rank: equal numbers in any order, for there is no gap between them.
      long[] byRank = new long[x.length];
      for (int place = 0; place < byRank.length; place++) {
        byRank[place] = ranks[strata.row(place)] << 31 | place;
      }
      Arrays.sort(byRank);
      this.places = new int[x.length];
      Arrays.setAll(places, i -> (int) byRank[i] & Integer.MAX_VALUE);
    }

    @Override
    public double of(long[] words, int count, int r) {
      long rows = places.length;
      if (n == 0 || n == rows) {
        return Double.NaN;
      }
      double scale = 1 / ((double) n * (rows - n));
      double sum = 0;
      long difference = 0;
      for (int i = 0; i < rows; i++) {
        int place = places[i];
        long taken = words[(place >>> 6) * count + r] >>> place & 1;
        difference += taken * rows - n;
        double d = difference * scale;
        sum += d * d * gaps[i];
      }
      return 2 * sum;
    }

    @Override
    public double largestDistance() {
      return Arrays.stream(gaps).sum();
    }
  }

  /**
   * From the sum within the first sample alone: with the total T over all pairs and the sums A of
   * each row's distances, between = (sum of A over the sample) - 2 within, rest = T - within -
   * between.
   */
  private static final class OfPairs implements Energy {
    private static final long serialVersionUID = 1L;

    /** Of place i, the distances to the places below it. */
    private final double[][] below;

    private final double[] sums;
    private final double total;
    private final double largest;
    private final long n;

    OfPairs(Strata strata, boolean[] first, double[][] distances) {
      int rows = distances.length;
      this.n = chosen(first);
      this.below = new double[rows][];
      this.sums = new double[rows];
      double all = 0;
      double most = 0;
      for (int i = 0; i < rows; i++) {
        below[i] = new double[i];
        for (int j = 0; j < i; j++) {
          int a = Math.max(strata.row(i), strata.row(j));
          int b = Math.min(strata.row(i), strata.row(j));
          double d = distances[a][b];
          if (!(d >= 0 && d <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                "distance " + d + " of rows " + a + " and " + b + ": must be finite, not negative");
          }
          below[i][j] = d;
          sums[i] += d;
          sums[j] += d;
          all += d;
          most = Math.max(most, d);
        }
      }
      this.total = all;
      this.largest = most;
    }

    @Override
    public double of(long[] words, int count, int r) {
      int rows = below.length;
      if (n == 0 || n == rows) {
        return Double.NaN;
      }
      int[] sample = new int[(int) n];
      int size = 0;
      double all = 0;
      for (int place = 0; place < rows; place++) {
        if ((words[(place >>> 6) * count + r] >>> place & 1) != 0) {
          sample[size++] = place;
          all += sums[place];
        }
      }
      double within = 0;
      for (int i = 0; i < size; i++) {
        double[] row = below[sample[i]];
        double sum = 0;
        for (int j = 0; j < i; j++) {
          sum += row[sample[j]];
        }
        within += sum;
      }
      double between = all - 2 * within;
      double rest = total - within - between;
      double m = rows - (double) n;
      return 2 * (between / (n * m) - within / n / n - rest / m / m);
    }

    @Override
    public double largestDistance() {
      return largest;
    }
  }

  @Override
  public int hypotheses() {
    return 1;
  }

  @Override
  public long arrangements() {
    return subsets.arrangements();
  }

  @Override
  public double observed(int hypothesis) {
    return observed;
  }

  /** 0: the test is one-sided. */
  @Override
  public double center(int hypothesis) {
    return 0;
  }

  @Override
  public double tolerance(int hypothesis) {
    return 1e-12 * energy.largestDistance();
  }

  @Override
  public void fill(long from, long to, double[][] values) {
    int words = (subsets.rows() + 63) >>> 6;
    int most = (int) Math.max(1, Math.min(to - from, (1 << 20) / Math.max(1, words)));
    long[] batch = new long[most * words];
    for (long start = from; start < to; start += most) {
      int count = (int) Math.min(most, to - start);
      subsets.fill(start, count, batch);
      for (int r = 0; r < count; r++) {
        values[0][(int) (start - from) + r] = energy.of(batch, count, r);
      }
    }
  }
}
