package org.assay.permutation;

import java.util.Arrays;
import org.assay.random.Keyed;

/**
 * Distance correlation of two columns, with the second permuted within strata. The null hypothesis:
 * within each stratum the columns are independent. It sees every kind of dependence, not a monotone
 * one alone.
 *
 * <p>With the distances a(i,j) = |x(i) - x(j)| and b(i,j) = |y(i) - y(j)|, their row sums a(i) and
 * b(i), and their sums a and b over all n<sup>2</sup> pairs, a row with itself among them,
 *
 * <pre>
 *   dCov^2(x, y) = (sum over i, j of a(i,j) b(i,j)) / n^2 - 2 (sum over i of a(i) b(i)) / n^3 + a b / n^4
 *   dCor(x, y)   = sqrt(dCov^2(x, y) / sqrt(dCov^2(x, x) dCov^2(y, y)))
 * </pre>
 *
 * <p>in [0, 1]: the V-statistic, as R's {@code energy::dcor} and statsmodels have it, without the
 * correction of its bias, which permutations make needless. Only large values speak against the
 * null hypothesis: {@link Alternative#GREATER}.
 *
 * <p><b>Algorithm.</b> O(n log n) per replicate, with no sorting: in ascending order of x,
 *
 * <pre>
 *   sum over i &lt; j of (x(j) - x(i)) |y(j) - y(i)| = 2 D - n sum of x y + sum of x sum of y
 *   D = sum over i &lt; j with y(i) &lt;= y(j) of (x(j) - x(i)) (y(j) - y(i))
 * </pre>
 *
 * <p>and D is four running sums (1, x, y, x y) by the rank of y, in a Fenwick tree. The ranks, the
 * row sums, and all that permutations leave as it is are made once.
 *
 * <p><b>Accuracy.</b> Numbers are centred and scaled to at most 1; dCov<sup>2</sup> of these has an
 * absolute error below 1e-13, which is the tolerance, carried over to the correlation.
 *
 * <p>NaN when one column is constant, or there are no rows. Needs finite numbers. Immutable and
 * thread-safe; 76 bytes per row, 32 of them for each call of {@link #fill}.
 *
 * <p>Sources: G. J. Sz&eacute;kely, M. L. Rizzo and N. K. Bakirov, "Measuring and testing
 * dependence by correlation of distances", Annals of Statistics 35 (2007),
 * doi:10.1214/009053607000000505; X. Huo and G. J. Sz&eacute;kely, "Fast computing for distance
 * covariance", Technometrics 58 (2016), doi:10.1080/00401706.2015.1054435; A. Chaudhuri and W. Hu,
 * "A fast algorithm for computing distance correlation", Computational Statistics and Data Analysis
 * 135 (2019), doi:10.1016/j.csda.2019.01.016.
 */
public final class DistanceCorrelation implements Statistics {
  private static final long serialVersionUID = 1L;

  private static final double ERROR = 1e-13;

  private final Donors donors;

  /** Rows by ascending x, and x in that order. */
  private final int[] order;

  private final double[] x;
  private final double[] rowSumX;

  /** Of each row. */
  private final double[] y;

  /** Of each row, from 1; equal numbers have equal ranks. */
  private final int[] rankY;

  private final double[] rowSumY;

  /** a b / n^4. */
  private final double constant;

  /** sqrt(dCov^2(x, x) dCov^2(y, y)); 0 when a column is constant. */
  private final double norm;

  private final double observed;

  /**
   * The correlation of x and y.
   *
   * @param x one number per row, finite
   * @param y likewise
   * @param exactUpTo most arrangements to enumerate; 0 to draw in any case
   * @throws IllegalArgumentException if a number is not finite, or there are not as many of each
   */
  public DistanceCorrelation(
      Keyed function, Strata strata, double[] x, double[] y, long exactUpTo) {
    if (x.length != y.length || x.length != strata.rows()) {
      throw new IllegalArgumentException(
          x.length
              + " and "
              + y.length
              + " numbers, strata of "
              + strata.rows()
              + " rows: must be as many");
    }
    int n = x.length;
    this.donors = Donors.within(function, strata, exactUpTo);
    double[] unitX = scaled(x);
    this.y = scaled(y);
    this.order = order(unitX);
    this.x = new double[n];
    Arrays.setAll(this.x, i -> unitX[order[i]]);
    this.rowSumX = rowSums(this.x);
    int[] orderY = order(this.y);
    double[] sortedY = new double[n];
    Arrays.setAll(sortedY, i -> this.y[orderY[i]]);
    double[] sums = rowSums(sortedY);
    this.rankY = new int[n];
    this.rowSumY = new double[n];
    int rank = 0;
    for (int i = 0; i < n; i++) {
      rank += i == 0 || sortedY[i] > sortedY[i - 1] ? 1 : 0;
      rankY[orderY[i]] = rank;
      rowSumY[orderY[i]] = sums[i];
    }
    double squared = (double) n * n;
    this.constant = Arrays.stream(rowSumX).sum() / squared * (Arrays.stream(sums).sum() / squared);
    boolean isConstant = n == 0 || this.x[0] == this.x[n - 1] || sortedY[0] == sortedY[n - 1];
    this.norm =
        isConstant ? 0 : Math.sqrt(variance(this.x, rowSumX)) * Math.sqrt(variance(sortedY, sums));
    int[] identity = new int[n];
    Arrays.setAll(identity, i -> i);
    this.observed = of(identity, new double[4 * (n + 1)]);
  }

  /** Centred at the middle of the range, and divided by half of it. */
  private static double[] scaled(double[] x) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      if (!(Math.abs(value) <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            value + " among the numbers: must be finite; leave out rows without a value");
      }
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    double middle = least / 2 + most / 2;
    double half = most / 2 - least / 2;
    return Arrays.stream(x).map(value -> half == 0 ? 0 : (value - middle) / half).toArray();
  }

  /** Rows by ascending number, equal ones in the order of rows. */
  private static int[] order(double[] x) {
    Integer[] rows = new Integer[x.length];
    Arrays.setAll(rows, i -> i);
    Arrays.sort(rows, (i, j) -> Double.compare(x[i] + 0.0, x[j] + 0.0));
    return Arrays.stream(rows).mapToInt(i -> i).toArray();
  }

  /** Sums of the distances of each of these ascending numbers from all others. */
  private static double[] rowSums(double[] sorted) {
    int n = sorted.length;
    double[] sums = new double[n];
    for (int i = 1; i < n; i++) {
      sums[0] += sorted[i] - sorted[0];
    }
    // A step up the gap to the next brings it nearer to those above, and away from those below.
    for (int i = 1; i < n; i++) {
      sums[i] = sums[i - 1] + (2.0 * i - n) * (sorted[i] - sorted[i - 1]);
    }
    return sums;
  }

  /** dCov^2 of numbers with themselves: all squared distances have a closed form. */
  private static double variance(double[] x, double[] rowSums) {
    double n = x.length;
    double sum = 0;
    double squares = 0;
    double squaresOfRows = 0;
    double all = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i];
      squares += x[i] * x[i];
      squaresOfRows += rowSums[i] / n * (rowSums[i] / n);
      all += rowSums[i];
    }
    double mean = all / n / n;
    return Math.max(
        0, 2 * (squares / n - sum / n * (sum / n)) - 2 * squaresOfRows / n + mean * mean);
  }

  /**
   * The correlation when row i has the y of row donor[i]; {@code tree} is four numbers per rank.
   */
  private double of(int[] donor, double[] tree) {
    if (norm == 0) {
      return Double.NaN;
    }
    int n = x.length;
    Arrays.fill(tree, 0);
    double sumX = 0;
    double sumY = 0;
    double sumXy = 0;
    double products = 0;
    double ofRows = 0;
    for (int i = 0; i < n; i++) {
      int row = donor[order[i]];
      double a = x[i];
      double b = y[row];
      int rank = rankY[row];
      double count = 0;
      double ofX = 0;
      double ofY = 0;
      double ofXy = 0;
      for (int at = rank; at > 0; at &= at - 1) {
        count += tree[4 * at];
        ofX += tree[4 * at + 1];
        ofY += tree[4 * at + 2];
        ofXy += tree[4 * at + 3];
      }
      products += a * (b * count - ofY) - (b * ofX - ofXy);
      for (int at = rank; at <= n; at += at & -at) {
        tree[4 * at]++;
        tree[4 * at + 1] += a;
        tree[4 * at + 2] += b;
        tree[4 * at + 3] += a * b;
      }
      sumX += a;
      sumY += b;
      sumXy += a * b;
      ofRows += rowSumX[i] * rowSumY[row];
    }
    double m = n;
    double pairs = 2 * (2 * products / m / m - (sumXy / m - sumX / m * (sumY / m)));
    double covariance = pairs - 2 * (ofRows / m / m / m) + constant;
    return Math.sqrt(Math.min(1, Math.max(0, covariance / norm)));
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

  /** 0: the test is one-sided. */
  @Override
  public double center(int hypothesis) {
    return 0;
  }

  @Override
  public double tolerance(int hypothesis) {
    return observed - Math.sqrt(Math.max(0, observed * observed - 2 * ERROR / norm));
  }

  @Override
  public void fill(long from, long to, double[][] values) {
    int[] donor = new int[x.length];
    double[] tree = new double[4 * (x.length + 1)];
    for (long replicate = from; replicate < to; replicate++) {
      donors.fill(replicate, donor);
      values[0][(int) (replicate - from)] = of(donor, tree);
    }
  }
}
