package org.assay.inference;

import java.util.List;
import org.assay.metric.Value;

/**
 * The metric of all rows that the folds of a repeat hold out, taken together as if one model had
 * predicted them, averaged over the repeats: "pooled-out-of-fold".
 *
 * <p>For a metric that is a mean over rows it is the mean of the folds weighted by their rows. For
 * one that ranks, such as roc-auc, it also compares scores of different fits, and differs from the
 * mean of folds by more than weighting. It has no standard error of its own.
 *
 * <p><b>Edge results.</b> A repeat without a value: NaN, with the reason of the first such repeat.
 *
 * <p>Pure and thread-safe.
 *
 * <p>Source: on pooling against averaging, Forman and Scholz, "Apples-to-apples in cross-validation
 * studies: pitfalls in classifier performance measurement", SIGKDD Explorations 12 (2010),
 * doi:10.1145/1882471.1882479.
 */
public final class PooledEstimate {
  /** The name of the estimator in reports. */
  public static final String ESTIMATOR = "pooled-out-of-fold";

  private PooledEstimate() {}

  /**
   * The mean over repeats.
   *
   * @param repeats the metric of the pooled rows of each; at least one
   * @throws IllegalArgumentException if there is none
   */
  public static PointEstimate of(List<Value> repeats) {
    if (repeats.isEmpty()) {
      throw new IllegalArgumentException("no repeats to take the mean of");
    }
    double sum = 0;
    for (Value repeat : repeats) {
      if (!repeat.isDefined()) {
        return PointEstimate.bare(ESTIMATOR, Double.NaN, repeats.size(), repeat.reason());
      }
      sum += repeat.value();
    }
    return PointEstimate.bare(ESTIMATOR, sum / repeats.size(), repeats.size(), "");
  }
}
