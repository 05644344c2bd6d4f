package org.assay.inference;

import java.io.Serializable;

/**
 * An estimate under the name of its estimator.
 *
 * @param estimator what the value is, as reports name it: "mean-of-folds"
 * @param value the estimate; NaN when undefined
 * @param standardError its standard error; NaN when undefined or not known
 * @param interval for what is estimated; null when the estimator has none
 * @param replicates number of fits or resamples behind it
 * @param reason why a number is NaN, or what is special about them; empty when nothing is
 */
public record PointEstimate(
    String estimator,
    double value,
    double standardError,
    Interval interval,
    int replicates,
    String reason)
    implements Serializable {

  /** A value that has neither a standard error nor an interval. */
  static PointEstimate bare(String estimator, double value, int replicates, String reason) {
    return new PointEstimate(estimator, value, Double.NaN, null, replicates, reason);
  }
}
