package org.assay.report;

import java.io.Serializable;

/**
 * One metric of one model with its uncertainty.
 *
 * @param job name of the job
 * @param data name of the data set
 * @param model name of the model
 * @param slice empty for all rows, else {@code country=NL} or {@code country=NL,plan=pro}
 * @param metric name of the metric
 * @param params the model's parameters, {@code key=value} joined by spaces, and of a point of a
 *     learning curve its {@code train-size=0.25}; empty when there are none
 * @param estimator what the value is: mean-of-folds, sd-of-folds, naive-se-of-folds or
 *     pooled-out-of-fold of folds, train-mean-of-folds and train-sd-of-folds of the rows that they
 *     train on; apparent, no-information, out-of-bag, loob, 632 or 632-plus of refits on bootstrap
 *     samples; plug-in of predictions as they are
 * @param value the estimate; NaN when undefined
 * @param stdError its standard error, in units of the value; NaN when undefined
 * @param ciMethod method of the interval; empty without interval. One is no confidence interval:
 *     percentile-of-replicates holds the values of that share of single bootstrap refits
 * @param ciLevel level of the interval in (0, 1); NaN without interval
 * @param ciLow lower end of the interval; NaN without interval
 * @param ciHigh upper end of the interval; NaN without interval
 * @param n number of distinct rows of the slice, of positive weight, that were measured: a row that
 *     several folds or repeats hold out counts once, and one that none of them does, as a draw of
 *     random splits may leave it, not at all
 * @param replicates number of fits or resamples behind the estimate
 * @param reason why a number is NaN, or what to heed in reading it; empty when there is nothing to
 *     say
 * @param ciLowError Monte Carlo standard error of the lower end: what it would vary by over seeds;
 *     null for an interval without resampling
 * @param ciHighError that of the upper end
 */
public record Estimate(
    String job,
    String data,
    String model,
    String slice,
    String metric,
    String params,
    String estimator,
    double value,
    double stdError,
    String ciMethod,
    double ciLevel,
    double ciLow,
    double ciHigh,
    long n,
    int replicates,
    String reason,
    Double ciLowError,
    Double ciHighError)
    implements Serializable {

  /** An estimate whose interval, if any, is made without resampling. */
  public Estimate(
      String job,
      String data,
      String model,
      String slice,
      String metric,
      String params,
      String estimator,
      double value,
      double stdError,
      String ciMethod,
      double ciLevel,
      double ciLow,
      double ciHigh,
      long n,
      int replicates,
      String reason) {
    this(
        job,
        data,
        model,
        slice,
        metric,
        params,
        estimator,
        value,
        stdError,
        ciMethod,
        ciLevel,
        ciLow,
        ciHigh,
        n,
        replicates,
        reason,
        null,
        null);
  }
}
