package org.assay.report;

import java.io.Serializable;

/**
 * An order in which tests were run.
 *
 * @param job name of the job
 * @param subject name of the test suite
 * @param orderId its name, such as {@code pair-cover-0007}
 * @param kind what it was made for: same-order, random, reverse, alphabetical, pair-cover, or a
 *     phase that makes orders of its own
 * @param seed the seed it was drawn with; 0 where nothing is drawn
 * @param size how many tests it holds
 * @param runs how often it was run as asked
 * @param tests ids of the tests, first to last, as a JSON list of texts
 */
public record TestOrder(
    String job,
    String subject,
    String orderId,
    String kind,
    long seed,
    int size,
    int runs,
    String tests)
    implements Serializable {}
