package org.assay.inference;

import org.assay.metric.Metric;

/**
 * The estimators .632 and .632+ of a prediction error: between the apparent error err of a fit to
 * all rows, which is too small, and the error err<sub>1</sub> of bootstrap samples on the rows that
 * they leave out, which is that of fits to fewer distinct rows and so too large.
 *
 * <pre>
 *   .632   = .368 err + .632 err1
 *   .632+  = (1 - w) err + w err1',    w = .632 / (1 - .368 R)
 *   err1'  = min(err1, gamma)
 *   R      = (err1' - err) / (gamma - err)  if err1' &gt; err and gamma &gt; err, else 0
 * </pre>
 *
 * <p>gamma is the no-information error: that of the same predictions if labels had nothing to do
 * with them. R, the relative overfitting rate, is in [0, 1]; at 0 both estimators are the same, at
 * 1 .632+ is err1'. For metrics that are means of a loss err1 is the leave-one-out bootstrap
 * ({@link LeaveOneOutBootstrap}). For others, such as roc-auc, it is the mean of the replicates'
 * values ({@link OutOfBag}), as in the second source.
 *
 * <p><b>Direction.</b> Where greater is better, the error is minus the score. Both estimators of
 * -score are minus those of the score, and w is the same for any error c - score, so nothing
 * depends on c.
 *
 * <p><b>Edge results.</b> NaN if a number that is needed is NaN. An err1 below err, which happens
 * when there is nothing to overfit: R = 0.
 *
 * <p>Pure and thread-safe.
 *
 * <p>Sources: Efron and Tibshirani, "Improvements on cross-validation: the .632+ bootstrap method",
 * JASA 92 (1997), doi:10.1080/01621459.1997.10474007; for the area under the ROC curve Sahiner,
 * Chan and Hadjiiski, "Classifier performance prediction for computer-aided diagnosis using a
 * limited dataset", Medical Physics 35 (2008), doi:10.1118/1.2868757.
 */
public final class Err632 {
  private Err632() {}

  /** The estimator .632, in the unit of the metric; linear, so that direction does not matter. */
  public static double plain(double apparent, double leftOut) {
    return .368 * apparent + .632 * leftOut;
  }

  /** The estimator .632+, in the unit of the metric. */
  public static double plus(
      double apparent, double leftOut, double noInformation, Metric.Direction direction) {
    double sign = direction == Metric.Direction.LOWER_IS_BETTER ? 1 : -1;
    double err = sign * apparent;
    double gamma = sign * noInformation;
    double err1 = Math.min(sign * leftOut, gamma);
    double rate = err1 > err && gamma > err ? (err1 - err) / (gamma - err) : 0;
    double w = .632 / (1 - .368 * rate);
    return sign * ((1 - w) * err + w * err1);
  }
}
