package org.assay.permutation;

import java.util.Arrays;

/**
 * Statistics whose replicates were computed beforehand, as those of learners that are fitted anew
 * in each. The arrangements looked at, by which centres and spreads are taken, are the replicates
 * and the observed one.
 */
public final class GivenStatistics implements Statistics {
  private static final long serialVersionUID = 1L;

  /** Of the size of a value: what fits that are carried to their optima may differ by. */
  private static final double TOLERANCE = 1e-9;

  private final double[] observed;
  private final double[][] values;
  private final double[] center;
  private final double[] spread;

  /**
   * Statistics by hypothesis.
   *
   * @param observed what was observed; NaN where undefined
   * @param values {@code values[k][r]} of hypothesis k in replicate r; NaN where undefined
   */
  public GivenStatistics(double[] observed, double[][] values) {
    this.observed = observed.clone();
    this.values = values.clone();
    this.center = new double[observed.length];
    this.spread = new double[observed.length];
    for (int k = 0; k < observed.length; k++) {
      double point = observed[k];
      // Distances from the observed one, whose own is 0.
      double[] off =
          Arrays.stream(values[k]).map(v -> v - point).filter(Double::isFinite).toArray();
      int count = off.length + 1;
      double mean = Arrays.stream(off).sum() / count;
      double squares = mean * mean + Arrays.stream(off).map(d -> (d - mean) * (d - mean)).sum();
      center[k] = point + mean;
      spread[k] = Math.sqrt(squares / count);
    }
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
    return center[hypothesis];
  }

  @Override
  public double spread(int hypothesis) {
    return spread[hypothesis];
  }

  @Override
  public double tolerance(int hypothesis) {
    return TOLERANCE * Math.abs(observed[hypothesis]);
  }

  /**
   * The replicates in [from, to).
   *
   * @throws IndexOutOfBoundsException if there are not so many
   */
  @Override
  public void fill(long from, long to, double[][] into) {
    for (int k = 0; k < observed.length; k++) {
      System.arraycopy(values[k], Math.toIntExact(from), into[k], 0, (int) (to - from));
    }
  }
}
