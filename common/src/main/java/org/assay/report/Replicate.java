package org.assay.report;

import java.io.Serializable;

/**
 * What one replicate measured: of a bootstrap, or of models fitted to permuted labels.
 *
 * @param job name of the job
 * @param data name of the data set
 * @param model name of the model
 * @param slice empty for all rows, else {@code country=NL} or {@code country=NL,plan=pro}
 * @param metric name of the metric
 * @param params the model's varied parameters; empty when none vary
 * @param replicate its number, from 0; equal numbers of one job are the same draws for all models,
 *     slices and metrics
 * @param value the metric; NaN when undefined
 */
public record Replicate(
    String job,
    String data,
    String model,
    String slice,
    String metric,
    String params,
    int replicate,
    double value)
    implements Serializable {}
