package org.assay.flaky;

import java.io.Serializable;
import org.assay.inference.Interval;

/**
 * What is concluded of one test.
 *
 * @param test its number in the suite
 * @param kind the conclusion, with error control over all tests
 * @param flapy what FlaPy's rule, which has no error control, says of the same runs; see {@link
 *     Verdicts}
 * @param runs the runs in which it passed or failed; those of mass failures are left out
 * @param failures the runs in which it failed
 * @param rate failures / runs; NaN without runs
 * @param interval for the rate under the mixture of orders and environments that was run; a
 *     one-sided bound from 0 when there were no failures
 * @param shrunken the rate's mean after all tests of the suite were taken into account (empirical
 *     Bayes); NaN without runs
 * @param pValue the smallest p-value of the tests that speak for this kind; NaN where none was made
 * @param pAdjusted the same, adjusted over all tests of the suite
 * @param rerunsFor95 the runs after which a failure is seen with 95 % probability at this rate; 0
 *     when there is no such number, as without failures
 * @param evidence why, as a sentence for people
 */
public record Verdict(
    int test,
    VerdictKind kind,
    VerdictKind flapy,
    long runs,
    long failures,
    double rate,
    Interval interval,
    double shrunken,
    double pValue,
    double pAdjusted,
    long rerunsFor95,
    String evidence)
    implements Serializable {}
