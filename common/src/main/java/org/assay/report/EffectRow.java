package org.assay.report;

import java.io.Serializable;

/**
 * How large something is: an effect size, or a number that helps to read a comparison, such as a
 * minimum detectable effect.
 *
 * @param job name of the job
 * @param data name of the data set; several, joined by commas, over data sets
 * @param modelA the model, or the first of two; {@code *} for all together
 * @param modelB the second of two; empty without one
 * @param slice empty for all rows, else {@code country=NL} or {@code country=NL,plan=pro}
 * @param metric name of the metric
 * @param effect its name, such as cohens-g
 * @param value a minus b where it has a sign; NaN when undefined
 * @param ciMethod method of its interval; empty without interval
 * @param ciLevel level of the interval; NaN without interval
 * @param ciLow lower end; NaN without interval
 * @param ciHigh upper end; NaN without interval
 * @param n units it rests on: rows, splits or data sets
 * @param reason why the value is NaN, or what to heed; empty when there is nothing to say
 */
public record EffectRow(
    String job,
    String data,
    String modelA,
    String modelB,
    String slice,
    String metric,
    String effect,
    double value,
    String ciMethod,
    double ciLevel,
    double ciLow,
    double ciHigh,
    long n,
    String reason)
    implements Serializable {}
