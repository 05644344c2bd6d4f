package org.assay.report;

import java.io.Serializable;

/**
 * One metric of one model on one side of one split.
 *
 * @param job name of the job
 * @param data name of the data set
 * @param model name of the model
 * @param slice empty for all rows, else {@code country=NL} or {@code country=NL,plan=pro}
 * @param metric name of the metric
 * @param params the model's parameters, {@code key=value} joined by spaces, and of a point of a
 *     learning curve its {@code train-size=0.25}; empty when there are none
 * @param plan name of the plan, such as k-fold
 * @param design fingerprint of the design: equal fingerprints mean the same splits of the same rows
 * @param repeat repeat of the plan
 * @param fold fold within the repeat
 * @param split {@code test} or {@code train}: the side that was measured
 * @param nTrain number of training rows of the fit, a repeated row counted as often as it was drawn
 * @param nTest number of rows measured, all or those of the slice
 * @param value the metric; NaN when undefined
 * @param reason why it is NaN; empty when it is defined
 * @param fitSeconds seconds the fit took; null when there was none or several shared one pass
 */
public record Score(
    String job,
    String data,
    String model,
    String slice,
    String metric,
    String params,
    String plan,
    String design,
    int repeat,
    int fold,
    String split,
    long nTrain,
    long nTest,
    double value,
    String reason,
    @Volatile(reason = "a measured time") Double fitSeconds)
    implements Serializable {}
