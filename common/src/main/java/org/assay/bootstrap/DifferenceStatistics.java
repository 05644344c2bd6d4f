package org.assay.bootstrap;

import java.util.List;
import org.assay.permutation.Arrangements;
import org.assay.permutation.Statistics;

/**
 * Differences of two models, of each metric and slice, under replicates that are moved to the null
 * hypothesis: d*<sub>r</sub> - d, the replicate's difference less the observed one, is how the
 * difference would vary about 0.
 *
 * <p>With them the p-value of a paired bootstrap is (b + 1) / (m + 1), b the replicates whose
 * |d*<sub>r</sub> - d| is at least |d|, and max-T adjusts jointly. A replicate in which a metric is
 * undefined counts as extreme.
 *
 * <p>Sources: P. Hall and S. R. Wilson, "Two guidelines for bootstrap hypothesis testing",
 * Biometrics 47, 1991, doi:10.2307/2532163; T. Berg-Kirkpatrick, D. Burkett and D. Klein, "An
 * empirical investigation of statistical significance in NLP", EMNLP 2012.
 */
public final class DifferenceStatistics implements Statistics {
  private static final long serialVersionUID = 1L;

  private final double[] observed;
  private final double[][] moved;
  private final double[] spread;
  private final double[] tolerance;

  /**
   * Differences a - b.
   *
   * @param observed of the data, one per hypothesis; NaN when undefined
   * @param replicates of each hypothesis, its difference in every replicate; not kept
   * @param sizes of each hypothesis, |a| + |b| of the data: what rounding is relative to
   */
  public DifferenceStatistics(
      List<Double> observed, List<double[]> replicates, List<Double> sizes) {
    int count = observed.size();
    this.observed = observed.stream().mapToDouble(d -> d).toArray();
    this.moved = new double[count][];
    this.spread = new double[count];
    for (int k = 0; k < count; k++) {
      double[] values = replicates.get(k).clone();
      for (int r = 0; r < values.length; r++) {
        values[r] -= this.observed[k];
      }
      moved[k] = values;
      double error = Distribution.of(0, 0, values, "").standardError();
      spread[k] = Double.isNaN(error) ? 0 : error;
    }
    this.tolerance = sizes.stream().mapToDouble(size -> 0x1p-48 * size).toArray();
  }

  @Override
  public int hypotheses() {
    return observed.length;
  }

  @Override
  public long arrangements() {
    return Arrangements.MANY;
  }

  @Override
  public double observed(int hypothesis) {
    return observed[hypothesis];
  }

  @Override
  public double center(int hypothesis) {
    return 0;
  }

  @Override
  public double spread(int hypothesis) {
    return spread[hypothesis];
  }

  /** 2^-48 of the values that were subtracted, whatever their unit. */
  @Override
  public double tolerance(int hypothesis) {
    return tolerance[hypothesis];
  }

  @Override
  public void fill(long from, long to, double[][] values) {
    for (int k = 0; k < moved.length; k++) {
      System.arraycopy(moved[k], (int) from, values[k], 0, (int) (to - from));
    }
  }
}
