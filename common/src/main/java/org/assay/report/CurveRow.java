package org.assay.report;

import java.io.Serializable;

/**
 * A point of a curve that shows what a model makes of changed inputs.
 *
 * <ul>
 *   <li>{@code deletion}: the metric when the first {@code at} inputs of an order are those of
 *       other rows, the most important first; a good order makes it worse at once.
 *   <li>{@code sensitivity}: half of what predictions change by when a column is moved up and down
 *       by {@code at} of its standard deviations, all others left as they are.
 * </ul>
 *
 * @param job name of the job
 * @param data name of the data set
 * @param model name of the model
 * @param params the model's varied parameters, {@code key=value} joined by spaces; empty when none
 *     vary
 * @param method deletion or sensitivity
 * @param byMethod of a deletion the method that found the order; else empty
 * @param byMetric of a deletion the metric that the order is by; empty for methods without
 * @param metric what is measured; empty for predictions: the score, or the number
 * @param feature the column that is moved, or the last one deleted; empty where none is
 * @param at where on the curve
 * @param value the metric, with a plan the mean over its replicates; or the mean change of
 *     predictions, NaN for more than two classes
 * @param size of a sensitivity the mean size of the change, on average over classes; else NaN
 * @param stdError of a deletion the error of the draw of donors; of a sensitivity that of the size,
 *     from the rows
 * @param area of a deletion the mean of the metric over the whole curve; else NaN
 * @param fall of a deletion (metric with no input deleted - area) / (metric with none deleted -
 *     with all): 0.5 for a metric that falls evenly, near 1 where the first carry all; else NaN
 * @param n number of rows
 * @param reason why a number is NaN; empty when there is nothing to say
 */
public record CurveRow(
    String job,
    String data,
    String model,
    String params,
    String method,
    String byMethod,
    String byMetric,
    String metric,
    String feature,
    double at,
    double value,
    double size,
    double stdError,
    double area,
    double fall,
    long n,
    String reason)
    implements Serializable {}
