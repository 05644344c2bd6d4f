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

  /** value -+ quantile * standardError; without ends when undefined. */
  Interval interval(double level) {
    if (!defect().isEmpty()) {
      return Interval.undefined(method, level);
    }
    double reach = StudentT.quantile(df, (1 - level) / 2) * standardError;
    return new Interval(method, level, value - reach, value + reach);
  }
}
