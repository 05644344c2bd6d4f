package org.assay.inference;

import java.util.List;
import org.assay.metric.Value;

/**
 * The mean over bootstrap replicates of the metric of the rows that each leaves out: "out-of-bag".
 *
 * <p>Every replicate counts the same, however many rows it leaves out. A fit has seen 63.2 % of the
 * rows on average, so the value tends to be worse than that of a fit to all rows. It has no
 * standard error of its own: the spread of the replicates' values is that of test sets of 36.8 % of
 * the rows and of fits, not that of their mean.
 *
 * <p><b>Edge results.</b> A replicate may have no value, for it leaves out no row or, for metrics
 * such as roc-auc, none of some class. That is chance of the draw and not of the fit, so up to
 * {@value #MOST_PERCENT} % of the replicates are left out, and the reason counts them; with more
 * the result is NaN. A replicate whose fit failed makes it NaN: leaving it out would be a choice
 * made by its result.
 *
 * <p>Pure and thread-safe.
 *
 * <p>Source: Efron and Tibshirani, "Improvements on cross-validation: the .632+ bootstrap method",
 * JASA 92 (1997), section 2, doi:10.1080/01621459.1997.10474007.
 */
public final class OutOfBag {
  /** The name of the estimator in reports. */
  public static final String ESTIMATOR = "out-of-bag";

  private static final int MOST_PERCENT = 1;

  private OutOfBag() {}

  /**
   * The mean.
   *
   * @param replicates the value of each whose fit did not fail
   * @param failed number of fits that failed
   * @throws IllegalArgumentException without a replicate
   */
  public static PointEstimate of(List<Value> replicates, int failed) {
    int all = replicates.size() + failed;
    if (all == 0) {
      throw new IllegalArgumentException("no replicates to take the mean of");
    }
    if (failed > 0) {
      return PointEstimate.bare(ESTIMATOR, Double.NaN, all, failed + " of " + all + " fits failed");
    }
    double sum = 0;
    int undefined = 0;
    String reason = "";
    for (Value value : replicates) {
      if (value.isDefined()) {
        sum += value.value();
      } else {
        reason = undefined == 0 ? value.reason() : reason;
        undefined++;
      }
    }
    String note =
        undefined == 0 ? "" : undefined + " of " + all + " replicates have no value: " + reason;
    return undefined * 100L > (long) all * MOST_PERCENT
        ? PointEstimate.bare(ESTIMATOR, Double.NaN, all, note)
        : PointEstimate.bare(ESTIMATOR, sum / (all - undefined), all, note);
  }
}
