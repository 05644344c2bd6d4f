package org.assay.inference;

/**
 * The interval for a mean from n values with a mean and a standard deviation (with n - 1): mean -+
 * q sd / sqrt(n), where q is a quantile of Student's t with n - 1 degrees of freedom ("student-t"),
 * or of the normal distribution ("normal").
 *
 * <p>Student's is exact for normal values and good for most others from n = 30 on; the normal one
 * is its limit and too narrow for small n. <b>Edge results.</b> Undefined for n &lt; 2 or a mean or
 * sd that is NaN or infinite; without width when sd = 0.
 */
public final class MeanInterval {
  private MeanInterval() {}

  /**
   * Student's interval.
   *
   * @throws IllegalArgumentException if n or sd is negative, or the level not in (0, 1)
   */
  public static Interval studentT(long n, double mean, double sd, double level) {
    return of("student-t", n, mean, sd, level, n - 1);
  }

  /**
   * The normal interval.
   *
   * @throws IllegalArgumentException if n or sd is negative, or the level not in (0, 1)
   */
  public static Interval normal(long n, double mean, double sd, double level) {
    return of("normal", n, mean, sd, level, StudentT.NORMAL);
  }

  private static Interval of(
      String method, long n, double mean, double sd, double level, double df) {
    Interval.checkLevel(level);
    if (n < 0 || sd < 0) {
      throw new IllegalArgumentException(
          "n " + n + ", standard deviation " + sd + ": must not be negative");
    }
    if (n < 2 || !Double.isFinite(mean) || !Double.isFinite(sd)) {
      return Interval.undefined(method, level);
    }
    double reach = StudentT.quantile(df, (1 - level) / 2) * sd / Math.sqrt(n);
    return new Interval(method, level, mean - reach, mean + reach);
  }
}
