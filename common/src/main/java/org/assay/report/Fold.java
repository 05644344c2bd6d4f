package org.assay.report;

import java.io.Serializable;

/**
 * What one side of one split is made of, class by class.
 *
 * @param job name of the job
 * @param data name of the data set
 * @param plan name of the plan, such as k-fold
 * @param design fingerprint of the design
 * @param repeat repeat of the plan
 * @param fold fold within the repeat
 * @param split {@code train}, {@code test} or {@code unused}
 * @param label the class counted, in column {@code class}; empty for all rows
 * @param rows number of distinct rows
 * @param weight sum of their weights, a repeated row counted as often as it was drawn
 * @param groups number of distinct groups; null without groups
 * @param unseen number of the test side's groups, or without groups classes, that training has none
 *     of; null where it does not apply
 */
public record Fold(
    String job,
    String data,
    String plan,
    String design,
    int repeat,
    int fold,
    String split,
    @Named("class") String label,
    long rows,
    double weight,
    Long groups,
    Long unseen)
    implements Serializable {}
