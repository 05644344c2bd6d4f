package org.assay.report;

import java.io.Serializable;

/**
 * How far two orders of a model's inputs agree, by different methods or metrics, or those of the
 * splits of one plan.
 *
 * @param job name of the job
 * @param data name of the data set
 * @param model name of the model
 * @param params the model's varied parameters, {@code key=value} joined by spaces; empty when none
 *     vary
 * @param methodA the first order's method
 * @param metricA its metric; empty for methods without
 * @param scaleA its scale
 * @param methodB the second order's method; empty where the splits of the first are compared
 * @param metricB its metric; empty for methods without
 * @param scaleB its scale
 * @param measure {@code kendall}, {@code spearman}, {@code overlap} of the first {@code top},
 *     {@code rank-biased-overlap}, all at most 1; or {@code stability} of the first {@code top}
 *     over splits: 1 when they are the same in all, 0 on average when drawn at random
 * @param top how many inputs are looked at first
 * @param value the measure; NaN when undefined
 * @param stdError the standard error of a stability, by the jackknife; else NaN
 * @param ciMethod method of the interval; empty without interval
 * @param ciLevel level of the interval in (0, 1); NaN without interval
 * @param ciLow lower end of the interval; NaN without interval
 * @param ciHigh upper end of the interval; NaN without interval
 * @param pValue of "no more alike than by chance", over all orders of the inputs or drawn ones; NaN
 *     without one
 * @param features number of inputs in both orders
 * @param splits number of splits of a stability; 0 for two orders
 * @param reason why a number is NaN, or what to heed in reading it; empty when there is nothing to
 *     say
 */
public record RankingRow(
    String job,
    String data,
    String model,
    String params,
    String methodA,
    String metricA,
    String scaleA,
    String methodB,
    String metricB,
    String scaleB,
    String measure,
    int top,
    double value,
    double stdError,
    String ciMethod,
    double ciLevel,
    double ciLow,
    double ciHigh,
    double pValue,
    int features,
    int splits,
    String reason)
    implements Serializable {}
