package org.assay.report;

import java.io.Serializable;

/**
 * How much a model depends on one of its inputs, or on a group of them, by one method and metric.
 *
 * @param job name of the job
 * @param data name of the data set
 * @param model name of the model
 * @param slice empty for all rows, else {@code country=NL} or {@code country=NL,plan=pro}
 * @param metric name of the metric; empty for methods that measure none
 * @param params the model's varied parameters, {@code key=value} joined by spaces; empty when none
 *     vary
 * @param feature the column, or the name of the group
 * @param members the columns of a group, joined by commas; empty for a single column
 * @param method name of the method, such as permutation
 * @param scale what the value is in. Of the metric: {@code difference}, how much worse it becomes,
 *     in its own unit; {@code ratio}, how many times; {@code chosen}, the share of splits that
 *     choose the input by it. Of predictions: {@code output}, their unit or a probability. Of the
 *     model itself: {@code impurity}, {@code coefficient}, {@code gain}, {@code total-gain}, {@code
 *     cover}, {@code weight}
 * @param repeats how often each row was given other values; 1 for methods that give none
 * @param baseline the metric without any change; with a plan the mean over its replicates; NaN
 *     where no metric is measured
 * @param value the importance: positive where the metric becomes worse; a ratio above 1. NaN when
 *     undefined
 * @param stdError its standard error, of all sources of spread that are known; NaN when none is
 * @param ciMethod method of the interval; empty without interval
 * @param ciLevel level of the interval in (0, 1); NaN without interval
 * @param ciLow lower end of the interval; NaN without interval
 * @param ciHigh upper end of the interval; NaN without interval
 * @param test the test of "greater than 0", or a ratio than 1; empty without a test
 * @param pValue its one-sided p-value; NaN without one
 * @param adjustment how p-values were adjusted over the inputs of a model, slice and metric, single
 *     columns and groups apart; empty without p-value
 * @param pAdjusted the adjusted p-value; NaN without one
 * @param rank place by value among the single columns, or among the groups, of a model, slice and
 *     metric; from 1, equal values share the best place; 0 for an undefined value
 * @param spreadShuffle standard deviation of the value over repeats: what one repeat would vary by
 *     over seeds; NaN with fewer than 2 repeats
 * @param spreadRows standard error that comes from the rows measured on; NaN when not known
 * @param spreadSplit standard deviation of the value over the plan's replicates; NaN without a plan
 * @param n number of distinct rows measured on
 * @param evaluations rows that a model answered for this line and the others of its metrics and
 *     slices, those without any change not counted
 * @param reason why a number is NaN, or what to heed in reading it; empty when there is nothing to
 *     say
 * @param seconds wall time of the method, for all lines of its models, metrics and slices; fits of
 *     the models that it explains not counted. NaN where it is not known
 */
public record ImportanceRow(
    String job,
    String data,
    String model,
    String slice,
    String metric,
    String params,
    String feature,
    String members,
    String method,
    String scale,
    int repeats,
    double baseline,
    double value,
    double stdError,
    String ciMethod,
    double ciLevel,
    double ciLow,
    double ciHigh,
    String test,
    double pValue,
    String adjustment,
    double pAdjusted,
    int rank,
    double spreadShuffle,
    double spreadRows,
    double spreadSplit,
    long n,
    long evaluations,
    String reason,
    @Volatile(reason = "a measured time") double seconds)
    implements Serializable {

  /** The same line of a method that took so long. */
  public ImportanceRow in(double measured) {
    return new ImportanceRow(
        job,
        data,
        model,
        slice,
        metric,
        params,
        feature,
        members,
        method,
        scale,
        repeats,
        baseline,
        value,
        stdError,
        ciMethod,
        ciLevel,
        ciLow,
        ciHigh,
        test,
        pValue,
        adjustment,
        pAdjusted,
        rank,
        spreadShuffle,
        spreadRows,
        spreadSplit,
        n,
        evaluations,
        reason,
        measured);
  }
}
