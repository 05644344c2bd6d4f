package org.assay.inference;

import com.google.auto.service.AutoService;

/**
 * Wilson's score interval for a proportion: the p for which |successes / n - p| &lt;= z sqrt(p (1 -
 * p) / n), z the normal quantile. Without correction for continuity.
 *
 * <pre>
 *   (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n),  p = successes / n
 * </pre>
 *
 * <p>Its coverage is near the level on average, for n as small as 10. It starts at exactly 0 with
 * no success and ends at exactly 1 with nothing else. Undefined when n = 0. The end nearer to 0 or
 * 1 is computed without cancellation.
 *
 * <p>Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * JASA 22, 1927, doi:10.1080/01621459.1927.10502953.
 */
@AutoService(ProportionInterval.class)
public final class Wilson implements ProportionInterval {
  @Override
  public String name() {
    return "wilson";
  }

  @Override
  public Interval of(long successes, long n, double level) {
    ProportionInterval.check(successes, n, level);
    if (n == 0) {
      return Interval.undefined(name(), level);
    }
    double z = StudentT.normalQuantile((1 - level) / 2);
    return new Interval(
        name(), level, lower(successes, n, z * z), 1 - lower(n - successes, n, z * z));
  }

  /** The smaller root p of (n + z^2) p^2 - (2 k + z^2) p + k^2 / n = 0. */
  private static double lower(double k, double n, double zz) {
    double half = k + zz / 2;
    // The product of the roots over the larger one.
    return k / n * k / (half + Math.sqrt(zz * (k * ((n - k) / n) + zz / 4)));
  }
}
