package org.assay.permutation;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Any statistics of rows whose labels, or whose values of a column, are permuted: the caller
 * computes them from the donors, as by feeding a metric's state with row i's prediction and row
 * {@code donor[i]}'s label. O(n) per replicate, some nanoseconds per row apart from the statistics.
 */
public final class PermutedStatistics implements Statistics {
  private static final long serialVersionUID = 1L;

  private final Donors donors;
  private final Statistic statistic;
  private final double[] center;
  private final double[] observed;
  private final double[] tolerance;

  /** What is computed of permuted rows: a pure function of the donors. */
  @FunctionalInterface
  public interface Statistic extends Serializable {
    /**
     * The statistics when row i has what row {@code donor[i]} had.
     *
     * @param donor one per row; not kept
     * @param values receives one per hypothesis; NaN where undefined
     */
    void of(int[] donor, double[] values);
  }

  /**
   * One hypothesis per centre.
   *
   * @param center of each hypothesis, the value that no relation has, from which a two-sided test
   *     measures; any number for one-sided tests
   */
  public PermutedStatistics(Donors donors, double[] center, Statistic statistic) {
    this.donors = donors;
    this.statistic = statistic;
    this.center = center.clone();
    this.observed = new double[center.length];
    this.tolerance = new double[center.length];
    int[] identity = new int[donors.rows()];
    Arrays.setAll(identity, i -> i);
    statistic.of(identity, observed);
    for (int k = 0; k < center.length; k++) {
      tolerance[k] = 1e-12 * Math.max(Math.abs(observed[k]), Math.abs(center[k]));
    }
  }

  @Override
  public int hypotheses() {
    return center.length;
  }

  @Override
  public long arrangements() {
    return donors.arrangements();
  }

  @Override
  public double observed(int hypothesis) {
    return observed[hypothesis];
  }

  @Override
  public double center(int hypothesis) {
    return center[hypothesis];
  }

  /** 1e-12 of the observed value or of the centre, whichever is larger. */
  @Override
  public double tolerance(int hypothesis) {
    return tolerance[hypothesis];
  }

  @Override
  public void fill(long from, long to, double[][] values) {
    int[] donor = new int[donors.rows()];
    double[] row = new double[center.length];
    for (long replicate = from; replicate < to; replicate++) {
      donors.fill(replicate, donor);
      statistic.of(donor, row);
      for (int k = 0; k < row.length; k++) {
        values[k][(int) (replicate - from)] = row[k];
      }
    }
  }
}
