package org.assay.inference;

import java.io.Serializable;

/**
 * What a test found. Effects are a minus b, in the unit that the test's class names; p-values are
 * two-sided unless the test's class says otherwise.
 *
 * <p>A number that cannot be computed is NaN and the note says why.
 *
 * @param test name of the test, such as "mcnemar-exact"
 * @param subject which models it compared
 * @param statistic the test statistic; NaN when undefined or when the test has none
 * @param df1 its degrees of freedom, of the numerator where there are two; NaN where there are none
 * @param df2 the degrees of freedom of the denominator; NaN where there are none
 * @param effect how large the difference is, in the test's unit; NaN when undefined
 * @param interval the interval for the effect; without ends when undefined, {@link Interval#none}
 *     when the test has none
 * @param pValue in [0, 1]; NaN when undefined, and then it counts in no {@link Adjustment}
 * @param n number of units the test rests on: items, splits or data sets
 * @param note a warning, or why a number is NaN, as a sentence without full stop; empty when there
 *     is nothing to say
 */
public record TestResult(
    String test,
    Subject subject,
    double statistic,
    double df1,
    double df2,
    double effect,
    Interval interval,
    double pValue,
    long n,
    String note)
    implements Serializable {

  public TestResult {
    if (test.isEmpty()) {
      throw new IllegalArgumentException("a test result without the name of its test");
    }
    if (!(pValue >= 0 && pValue <= 1 || Double.isNaN(pValue) && !note.isEmpty())) {
      throw new IllegalArgumentException(
          test + ": p-value " + pValue + ": must be in [0, 1], or NaN with a note that says why");
    }
  }

  /** A result of which only the effect, if any, could be computed. */
  static TestResult undefined(
      String test, Subject subject, double effect, Interval interval, long n, String reason) {
    return new TestResult(
        test, subject, Double.NaN, Double.NaN, Double.NaN, effect, interval, Double.NaN, n, reason);
  }

  /** Whether there is a p-value. */
  public boolean isDefined() {
    return !Double.isNaN(pValue);
  }

  /** The same result of other models. */
  TestResult about(Subject other) {
    return new TestResult(test, other, statistic, df1, df2, effect, interval, pValue, n, note);
  }

  /** The same result with a further sentence in its note. */
  TestResult noting(String sentence) {
    return new TestResult(
        test,
        subject,
        statistic,
        df1,
        df2,
        effect,
        interval,
        pValue,
        n,
        note.isEmpty() ? sentence : sentence.isEmpty() ? note : note + "; " + sentence);
  }
}
