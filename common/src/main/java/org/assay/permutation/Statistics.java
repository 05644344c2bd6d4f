package org.assay.permutation;

import java.io.Serializable;

/**
 * Statistics of a data set as it was observed and under every replicate of an arrangement: one per
 * hypothesis, all of them from the same arrangements, so that they may be judged jointly.
 *
 * <p>Values of a replicate depend on the replicate alone, to the bit, however the replicates are
 * cut into ranges. Immutable and thread-safe.
 */
public interface Statistics extends Serializable {

  /** Number of hypotheses. */
  int hypotheses();

  /**
   * How many replicates enumerate all arrangements, the observed one among them; {@link
   * Arrangements#MANY} when they are drawn, without end.
   */
  long arrangements();

  /** What was observed; NaN when the statistic is undefined for these data. */
  double observed(int hypothesis);

  /**
   * The mean over all arrangements: the centre from which a two-sided test measures; NaN when it is
   * not known in closed form.
   */
  double center(int hypothesis);

  /**
   * The standard deviation over all arrangements, by which statistics of different kinds are made
   * comparable; NaN when it is not known in closed form.
   */
  default double spread(int hypothesis) {
    return Double.NaN;
  }

  /**
   * Values that differ by no more than this are tied: a bound on the rounding errors of two of
   * them.
   */
  double tolerance(int hypothesis);

  /**
   * The statistics of the replicates in [from, to).
   *
   * @param values {@code values[k][r]} receives hypothesis k in replicate {@code from + r}; NaN
   *     when it is undefined there
   */
  void fill(long from, long to, double[][] values);
}
