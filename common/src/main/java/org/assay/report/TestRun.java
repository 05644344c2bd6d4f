package org.assay.report;

import java.io.Serializable;

/**
 * What one test did at its place in one run of one order.
 *
 * @param job name of the job
 * @param subject name of the test suite
 * @param orderId the order
 * @param round number of its repetition, from 0
 * @param attempt number of the attempt at it, from 0: an attempt whose executor was lost is
 *     MISSING, and made again
 * @param position the test's place in the order, from 0
 * @param testId the test
 * @param outcome PASS, FAIL, ERROR, SKIP, TIMEOUT, CRASH or MISSING
 * @param durationMs how long it took, in milliseconds; 0 when not known
 * @param message the failure in its own words, cut to a bound; empty when there is none
 * @param fingerprint the same for messages that differ in numbers, addresses and paths alone; empty
 *     without message
 * @param worker which executor ran it; empty when not known
 * @param host on which machine; empty when not known
 * @param factors what was varied of the environment, {@code key=value} joined by commas
 */
public record TestRun(
    String job,
    String subject,
    String orderId,
    int round,
    int attempt,
    int position,
    String testId,
    String outcome,
    @Volatile(reason = "wall time") long durationMs,
    @Volatile(reason = "holds addresses and temporary paths") String message,
    String fingerprint,
    @Volatile(reason = "where it ran") String worker,
    @Volatile(reason = "where it ran") String host,
    String factors)
    implements Serializable {}
