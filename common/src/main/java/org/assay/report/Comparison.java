package org.assay.report;

import java.io.Serializable;

/**
 * What a test says of two models, or of several.
 *
 * @param job name of the job
 * @param data name of the data set; several, joined by commas, for a test over data sets
 * @param modelA the model, or the first of two; in a test of columns the column, or the first
 *     sample, such as {@code sex=F}
 * @param modelB the second model; {@code *} for a test of all models together; empty for a test of
 *     one model against chance; in a test of columns the other column, or the second sample
 * @param slice empty for all rows, else {@code country=NL} or {@code country=NL,plan=pro}
 * @param metric name of the metric
 * @param test name of the test
 * @param statistic its statistic; NaN when undefined or when it has none
 * @param df1 degrees of freedom, of the numerator where there are two; NaN where there are none
 * @param df2 degrees of freedom of the denominator; NaN where there are none
 * @param effect a minus b, in the metric's unit unless the test says otherwise; in a permutation
 *     test of labels the metric less its mean under permutation; NaN when undefined
 * @param ciMethod method of the effect's interval; empty without interval
 * @param ciLevel level of the interval; NaN without interval
 * @param ciLow lower end; NaN without interval
 * @param ciHigh upper end; NaN without interval
 * @param pValue two-sided unless the test says otherwise; NaN when undefined
 * @param adjustment how p-values of the family were adjusted; empty for one that is in no family
 * @param pAdjusted the adjusted p-value; NaN when undefined
 * @param n units that the test rests on: rows, splits or data sets
 * @param replicates permutations or resamples drawn; 0 for a test in closed form
 * @param reason why a number is NaN, what to heed, or why this test was chosen; empty when there is
 *     nothing to say
 * @param family what the p-value was adjusted together with, such as {@code cmp/pairs of 12}
 * @param pSmallest the smallest p-value that so many replicates could give; null in closed form
 * @param pLow lower end of the 99 % interval for the p-value of all replicates there could be; null
 *     in closed form
 * @param pHigh its upper end
 */
public record Comparison(
    String job,
    String data,
    String modelA,
    String modelB,
    String slice,
    String metric,
    String test,
    double statistic,
    double df1,
    double df2,
    double effect,
    String ciMethod,
    double ciLevel,
    double ciLow,
    double ciHigh,
    double pValue,
    String adjustment,
    double pAdjusted,
    long n,
    int replicates,
    String reason,
    String family,
    Double pSmallest,
    Double pLow,
    Double pHigh)
    implements Serializable {}
