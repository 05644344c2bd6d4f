package org.assay.report;

import java.io.Serializable;

/**
 * What a factor of the environment does to the failure rate of a test that failed and passed in the
 * experiment.
 *
 * @param job name of the job
 * @param subject name of the test suite
 * @param testId the test
 * @param factor a variable of the environment, or cpu-load and the like
 * @param level the level whose rate differs most clearly from that at the others
 * @param failures failures at this level
 * @param runs runs at this level
 * @param otherFailures failures at the other levels
 * @param otherRuns runs at the other levels
 * @param value the rate at this level less that at the others
 * @param ciMethod method of its interval
 * @param ciLevel its level
 * @param ciLow its lower end
 * @param ciHigh its upper end
 * @param pValue Fisher's exact test, times the number of levels when there are more than two
 * @param pAdjusted the same, adjusted over all p-values of the suite's verdicts
 * @param reproduce a command line that runs the test alone at this level
 */
public record FactorEffectRow(
    String job,
    String subject,
    String testId,
    String factor,
    String level,
    long failures,
    long runs,
    long otherFailures,
    long otherRuns,
    double value,
    String ciMethod,
    double ciLevel,
    double ciLow,
    double ciHigh,
    double pValue,
    double pAdjusted,
    @Volatile(reason = "names the run") String reproduce)
    implements Serializable {}
