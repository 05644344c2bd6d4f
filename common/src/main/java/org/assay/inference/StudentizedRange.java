package org.assay.inference;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The range of k independent standard normal numbers: the studentized range with infinitely many
 * degrees of freedom. With density f and distribution F of the normal,
 *
 * <pre>
 *   P(range &gt; q) = k integral f(z) (F(z)^(k-1) - (F(z) - F(z - q))^(k-1)) dz
 * </pre>
 *
 * <p>The integrand is positive and entire, so the trapezoidal rule converges geometrically; the
 * difference of powers is taken by log1p and expm1. The relative error of a tail is about 1e-12,
 * however small the tail.
 *
 * <p>Source of the integral: H. O. Hartley, "The range in random samples", Biometrika 32, 1942,
 * doi:10.1093/biomet/32.3-4.334. On the rule: L. N. Trefethen and J. A. C. Weideman, SIAM Review
 * 56, 2014, doi:10.1137/130932132.
 */
final class StudentizedRange {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final double STEP = 1.0 / 16;

  /** Beyond this the density adds nothing, even relative to a small tail. */
  private static final double REACH = 13;

  private StudentizedRange() {}

  /**
   * P(range &gt; q).
   *
   * @param q not NaN
   * @param k number of normal numbers, at least 2
   */
  static double above(double q, int k) {
    if (q <= 0) {
      return 1;
    }
    double sum = 0;
    // From z = q / 2, the centre of the tail, outwards: the sum does not jump as q grows.
    long steps = (long) Math.ceil((q / 2 + REACH) / STEP);
    for (long i = -steps; i <= steps; i++) {
      double z = q / 2 + i * STEP;
      double within = NORMAL.cumulativeProbability(z);
      if (within > 0) {
        double share = NORMAL.cumulativeProbability(z - q) / within;
        sum +=
            NORMAL.density(z)
                * Math.pow(within, k - 1)
                * (share < 1 ? -Math.expm1((k - 1) * Math.log1p(-share)) : 1);
      }
    }
    return Math.min(1, k * sum * STEP);
  }

  /**
   * The q with P(range &gt; q) = tail, by bisection.
   *
   * @param tail in (0, 1)
   */
  static double quantile(double tail, int k) {
    double low = 0;
    double high = 1;
    while (above(high, k) > tail) {
      low = high;
      high *= 2;
    }
    while (high - low > 4 * Math.ulp(high)) {
      double middle = (low + high) / 2;
      if (above(middle, k) > tail) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
