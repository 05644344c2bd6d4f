package org.assay.report;

import java.io.Serializable;

/**
 * Failures of tests with one message, but for what differs from run to run: one thing to mend.
 *
 * @param job name of the job
 * @param subject name of the test suite
 * @param fingerprint of the message; empty for failures without one
 * @param failures how many, in all runs of all phases, mass failures included
 * @param runs in how many runs
 * @param tests of how many tests
 * @param testIds ids of these, as a JSON list of texts; the first 100 by their place in the suite
 * @param message the first of the messages, by text
 */
public record FailureClusterRow(
    String job,
    String subject,
    String fingerprint,
    long failures,
    long runs,
    long tests,
    String testIds,
    @Volatile(reason = "holds addresses and temporary paths") String message)
    implements Serializable {}
