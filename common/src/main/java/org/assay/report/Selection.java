package org.assay.report;

import java.io.Serializable;

/**
 * One point of a model's grid as the inner loop saw it.
 *
 * @param job name of the job
 * @param data name of the data set
 * @param model name of the model
 * @param metric name of the metric the choice was made by
 * @param repeat repeat of the outer plan
 * @param fold fold of the outer plan
 * @param params the point, {@code key=value} joined by commas
 * @param value its estimate in the inner loop; NaN when undefined
 * @param stdError the standard error of that estimate; NaN when undefined
 * @param rank place among the points, from 1 for the best; equal values share the least place
 * @param selected whether this point was chosen
 * @param rule how it was chosen, such as best or one-standard-error
 */
public record Selection(
    String job,
    String data,
    String model,
    String metric,
    int repeat,
    int fold,
    String params,
    double value,
    double stdError,
    int rank,
    boolean selected,
    String rule)
    implements Serializable {}
