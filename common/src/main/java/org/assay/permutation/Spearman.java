package org.assay.permutation;

import java.util.Arrays;
import org.assay.inference.Midranks;
import org.assay.random.Keyed;

/**
 * Spearman's rank correlation of two columns, with the second permuted within strata: Pearson's
 * correlation of their midranks. The null hypothesis: within each stratum the columns are
 * independent.
 *
 * <pre>
 *   sum over i of a(i) b(donor(i)) / sqrt(sum a^2 sum b^2),  a = 2 rank(x) - n - 1, b likewise
 * </pre>
 *
 * <p><b>Accuracy.</b> Products are summed as whole numbers, exactly below 2<sup>53</sup> (without
 * strata up to some 300,000 rows) and with a relative error of 1e-16 above, so ties are ties; the
 * tolerance of 1e-12 covers the last operations.
 *
 * <p>NaN when one column is constant. O(n) per replicate.
 *
 * <p>Source: C. Spearman, "The proof and measurement of association between two things", American
 * Journal of Psychology 15 (1904), doi:10.2307/1412159.
 */
public final class Spearman implements Statistics {
  private static final long serialVersionUID = 1L;

  private static final int MOST_ROWS = 1 << 25;
  private static final double TOLERANCE = 1e-12;

  private final Donors donors;
  private final int[] x;
  private final int[] y;
  private final double norm;
  private final double center;
  private final double spread;
  private final double observed;

  /**
   * The correlation of x and y.
   *
   * @param x one number per row, no NaN; infinities are ranked
   * @param y likewise
   * @param exactUpTo most arrangements to enumerate; 0 to draw in any case
   * @throws IllegalArgumentException if a number is NaN, or there are not as many of each
   */
  public Spearman(Keyed function, Strata strata, double[] x, double[] y, long exactUpTo) {
    if (x.length != y.length || x.length != strata.rows()) {
      throw new IllegalArgumentException(
          x.length
              + " and "
              + y.length
              + " numbers, strata of "
              + strata.rows()
              + " rows: must be as many");
    }
    if (x.length > MOST_ROWS) {
      throw new IllegalArgumentException(
          x.length + " rows: at most 2^25 are ranked; draw a sample of the rows");
    }
    this.x = centered(x);
    this.y = centered(y);
    this.donors = Donors.within(function, strata, exactUpTo);
    this.norm = Math.sqrt(squares(this.x)) * Math.sqrt(squares(this.y));
    int[] identity = new int[x.length];
    Arrays.setAll(identity, i -> i);
    this.observed = of(identity);
    double mean = 0;
    double variance = 0;
    for (int s = 0; s < strata.size(); s++) {
      int n = strata.rows(s);
      double sumX = 0;
      double sumY = 0;
      double squaresX = 0;
      double squaresY = 0;
      for (int place = strata.start(s); place < strata.start(s + 1); place++) {
        double a = this.x[strata.row(place)];
        double b = this.y[strata.row(place)];
        sumX += a;
        sumY += b;
        squaresX += a * a;
        squaresY += b * b;
      }
      if (n > 1) {
        variance += (squaresX - sumX * sumX / n) * (squaresY - sumY * sumY / n) / (n - 1);
      }
      mean += n == 0 ? 0 : sumX * sumY / n;
    }
    this.spread = Math.sqrt(variance) / norm;
    this.center = norm == 0 ? 0 : mean / norm;
  }

  private static int[] centered(double[] x) {
    long[] ranks = Midranks.of(x).doubled();
    int[] centered = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      centered[i] = Math.toIntExact(ranks[i] - x.length - 1);
    }
    return centered;
  }

  private static double squares(int[] a) {
    double sum = 0;
    for (int value : a) {
      sum += (double) value * value;
    }
    return sum;
  }

  private double of(int[] donor) {
    double sum = 0;
    for (int start = 0; start < x.length; start += 4096) {
      // 4096 products of up to MOST_ROWS^2: at most 2^62.
      long part = 0;
      for (int i = start, end = Math.min(x.length, start + 4096); i < end; i++) {
        part += (long) x[i] * y[donor[i]];
      }
      sum += part;
    }
    return norm == 0 ? Double.NaN : sum / norm;
  }

  @Override
  public int hypotheses() {
    return 1;
  }

  @Override
  public long arrangements() {
    return donors.arrangements();
  }

  @Override
  public double observed(int hypothesis) {
    return observed;
  }

  @Override
  public double center(int hypothesis) {
    return center;
  }

  /** Without strata 1 / sqrt(n - 1). */
  @Override
  public double spread(int hypothesis) {
    return spread;
  }

  @Override
  public double tolerance(int hypothesis) {
    return TOLERANCE;
  }

  @Override
  public void fill(long from, long to, double[][] values) {
    int[] donor = new int[x.length];
    for (long replicate = from; replicate < to; replicate++) {
      donors.fill(replicate, donor);
      values[0][(int) (replicate - from)] = of(donor);
    }
  }
}
