package org.assay.report;

import java.io.Serializable;

/**
 * A part of the run that could not be measured; the rest went on.
 *
 * @param job name of the job
 * @param data name of the data set; empty where it does not apply
 * @param model name of the model; empty where it does not apply
 * @param cell which part: {@code repeat=0,fold=3}, a slice, an order
 * @param kind what kind of failure, in kebab-case, such as fit or too-few-rows
 * @param reason why, as a sentence for people
 */
public record Failure(
    String job, String data, String model, String cell, String kind, String reason)
    implements Serializable {}
