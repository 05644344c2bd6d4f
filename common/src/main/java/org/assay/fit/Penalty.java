package org.assay.fit;

/**
 * A point of a penalty path, with MLlib's names: {@code regParam} times ({@code elasticNetParam}
 * times the sum of sizes, plus (1 - {@code elasticNetParam}) / 2 times the sum of squares) of the
 * coefficients.
 *
 * @param regParam 0 or more
 * @param elasticNetParam in [0, 1]
 */
public record Penalty(double regParam, double elasticNetParam) implements java.io.Serializable {

  /** Checks ranges. */
  public Penalty {
    if (!(regParam >= 0 && regParam < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("regParam = " + regParam + ": must be 0 or more, finite");
    }
    if (!(elasticNetParam >= 0 && elasticNetParam <= 1)) {
      throw new IllegalArgumentException(
          "elasticNetParam = " + elasticNetParam + ": must be in [0, 1]");
    }
  }

  /** No penalty. */
  public static Penalty none() {
    return new Penalty(0, 0);
  }

  /** On squares alone. */
  public static Penalty ridge(double regParam) {
    return new Penalty(regParam, 0);
  }

  double l1() {
    return regParam * elasticNetParam;
  }

  double l2() {
    return regParam * (1 - elasticNetParam);
  }
}
