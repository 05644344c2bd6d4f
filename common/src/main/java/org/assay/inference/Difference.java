package org.assay.inference;

import org.assay.metric.Metric.Direction;

/**
 * A difference of two models that was estimated somehow, a minus b, with its standard error: what
 * tests against a margin need, whatever the metric.
 *
 * @param value the estimated difference; NaN when undefined
 * @param standardError of the difference; NaN when undefined
 * @param df degrees of freedom of the standard error, positive; infinity where (value - truth) /
 *     standardError is taken for normal
 * @param method how intervals from it are named in reports: "student-t", "normal", "delong"
 * @param n number of units it rests on
 * @param direction which way the metric is better
 * @param note what is to be said of it; empty when nothing is
 */
public record Difference(
    double value,
    double standardError,
    double df,
    String method,
    long n,
    Direction direction,
    String note)
    implements Evidence {
  private static final long serialVersionUID = 1L;

  public Difference {
    if (!(df > 0)) {
      throw new IllegalArgumentException(
          "df " + df + ": must be positive, infinity for the normal distribution");
    }
    if (standardError < 0) {
      throw new IllegalArgumentException(
          "standard error " + standardError + ": must not be negative");
    }
  }

  /**
   * The mean difference over splits, with the corrected standard error of {@link CorrectedT} and m
   * - 1 degrees of freedom.
   */
  public static Difference of(FoldScores scores) {
    return of(
        CorrectedT.of(scores.differences(), scores.nTrain(), scores.nTest(), 0.95),
        scores.direction());
  }

  static Difference of(CorrectedT t, Direction direction) {
    return new Difference(
        t.mean(),
        t.standardError(),
        Math.max(1, t.m() - 1),
        CorrectedT.METHOD,
        t.m(),
        direction,
        t.note());
  }

  /** The difference of the first two areas, with DeLong's standard error. */
  public static Difference of(RocPlacements placements) {
    double error = Math.sqrt(placements.differenceVariance(0, 1));
    return new Difference(
        placements.areaDifference(0, 1),
        error,
        StudentT.NORMAL,
        DeLong.NAME,
        placements.n(),
        Direction.HIGHER_IS_BETTER,
        error == 0
            ? "the standard error is 0: both models place every item alike"
            : placements.defect());
  }

  @Override
  public Kind kind() {
    return Kind.DIFFERENCE;
  }

  /** Why there is no test: undefined or without spread; empty when all is well. */
  String defect() {
    if (Double.isFinite(value) && standardError > 0 && standardError <= Double.MAX_VALUE) {
      return "";
    }
    if (!note.isEmpty()) {
      return note;
    }
    return standardError == 0
        ? "the standard error is 0"
        : "the difference or its standard error is undefined or infinite";
  }

  /** The test of no difference: value / standardError against Student's t or the normal. */
  TestResult test(String name, double level) {
    String defect = defect();
    if (!defect.isEmpty()) {
      return TestResult.undefined(
          name, Subject.PAIR, value, Interval.undefined(method, level), n, defect);
    }
    double t = value / standardError;
    return new TestResult(
        name,
        Subject.PAIR,
        t,
        df == StudentT.NORMAL ? Double.NaN : df,
        Double.NaN,
        value,
        interval(level),
        StudentT.twoSided(t, df),
        n,
        note);
  }

  /** value -+ quantile * standardError; without ends when undefined. */
  public Interval interval(double level) {
    if (!defect().isEmpty()) {
      return Interval.undefined(method, level);
    }
    double reach = StudentT.quantile(df, (1 - level) / 2) * standardError;
    return new Interval(method, level, value - reach, value + reach);
  }
}
