package org.assay.report;

import java.io.Serializable;

/**
 * What a test is to others, as runs made for that show.
 *
 * @param job name of the job
 * @param subject name of the test suite
 * @param testId the test that the row is about
 * @param role POLLUTER (others: the victim), SETTER (others: the brittle test), CLEANER (others:
 *     the polluter, the victim), VICTIM (others: the tests that make it fail together)
 * @param others ids of the other tests, in the order they run, as a JSON list of texts
 * @param confirmed runs in which the effect was seen
 * @param of runs made
 * @param ciMethod method of the interval for the probability of the effect
 * @param ciLevel its level; NaN without interval
 * @param ciLow its lower end; NaN without interval
 * @param ciHigh its upper end; NaN without interval
 * @param pValue of the effect against runs without the test; NaN where none was made
 * @param reproduce a command line that shows it
 */
public record TestDependency(
    String job,
    String subject,
    String testId,
    String role,
    String others,
    int confirmed,
    int of,
    String ciMethod,
    double ciLevel,
    double ciLow,
    double ciHigh,
    double pValue,
    @Volatile(reason = "names the run") String reproduce)
    implements Serializable {}
