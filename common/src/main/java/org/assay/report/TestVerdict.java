package org.assay.report;

import java.io.Serializable;

/**
 * What is concluded of a test.
 *
 * @param job name of the job
 * @param subject name of the test suite
 * @param testId the test
 * @param verdict STABLE_WITHIN, ALWAYS_FAILS, NOD, OD_VICTIM, OD_BRITTLE, OD, NDOD, INFRASTRUCTURE,
 *     FACTOR, UNDECIDED or NOT_RUN
 * @param flapy what FlaPy's rule, which has no error control, says of the same runs
 * @param runs runs in which it passed or failed
 * @param failures runs in which it failed
 * @param rate failures / runs; NaN without runs
 * @param ciMethod method of the rate's interval
 * @param ciLevel its level; NaN without interval
 * @param ciLow its lower end; NaN without interval
 * @param ciHigh its upper end; NaN without interval
 * @param shrunken the rate's mean given all tests of the suite (empirical Bayes); NaN without runs
 * @param pValue the smallest p-value of the tests that speak for the verdict; NaN without
 * @param pAdjusted the same, adjusted over all tests of the suite; NaN without
 * @param rerunsFor95 runs after which a failure is seen with 95 % probability; 0 when there is no
 *     such number
 * @param evidence why, as a sentence
 */
public record TestVerdict(
    String job,
    String subject,
    String testId,
    String verdict,
    String flapy,
    long runs,
    long failures,
    double rate,
    String ciMethod,
    double ciLevel,
    double ciLow,
    double ciHigh,
    double shrunken,
    double pValue,
    double pAdjusted,
    @Named("reruns_for_95") long rerunsFor95,
    String evidence)
    implements Serializable {}
