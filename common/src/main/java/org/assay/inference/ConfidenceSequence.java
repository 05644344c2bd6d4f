package org.assay.inference;

import org.apache.commons.numbers.gamma.LogBeta;

/**
 * Robbins' confidence sequence for a proportion: intervals that contain it for all n at once with
 * probability at least the level, and so also when one looks after each trial and stops when one
 * likes. With k successes of n it is the set of all p with
 *
 * <pre>
 *   B(k + 1/2, n - k + 1/2) / B(1/2, 1/2)  &lt;  p^k (1 - p)^(n - k) / (1 - level)
 * </pre>
 *
 * the likelihood ratio of the mixture of all proportions with Jeffreys' weights against p, which
 * under p is a martingale that starts at 1 and, by Ville's inequality, ever reaches 1 / (1 - level)
 * with probability 1 - level at most. It is wider than {@link ClopperPearson} at any fixed n; that
 * is the price.
 *
 * <p>With no success it starts at 0, with nothing else it ends at 1; with n = 0 it is all of [0,
 * 1]. The relative error of the ends is about 1e-12. Pure and thread-safe.
 *
 * <p>Sources: D. A. Darling and H. Robbins, "Confidence sequences for mean, variance, and median",
 * Proceedings of the National Academy of Sciences 58, 1967, 66-68; H. Robbins, "Statistical methods
 * related to the law of the iterated logarithm", Annals of Mathematical Statistics 41, 1970,
 * 1397-1409.
 */
public final class ConfidenceSequence {
  /** The name of the method in reports. */
  public static final String METHOD = "beta-mixture";

  private static final double HALF = 0.5;
  private static final double LOG_BETA_OF_HALVES = Math.log(Math.PI);

  private ConfidenceSequence() {}

  /**
   * The interval after n trials, whyever there are no more.
   *
   * @param successes from 0 to n
   * @param n number of trials
   * @param level in (0, 1)
   * @throws IllegalArgumentException if one is out of its range
   */
  public static Interval of(long successes, long n, double level) {
    ProportionInterval.check(successes, n, level);
    if (n == 0) {
      return new Interval(METHOD, level, 0, 1);
    }
    return new Interval(METHOD, level, low(successes, n, level), 1 - low(n - successes, n, level));
  }

  /** The lower end. */
  private static double low(long k, long n, double level) {
    if (k == 0) {
      return 0;
    }
    double most = Math.log1p(-level) + LogBeta.value(k + HALF, n - k + HALF) - LOG_BETA_OF_HALVES;
    // The log-likelihood rises up to k / n: its root on a logarithmic scale.
    double below = Math.log(Double.MIN_NORMAL);
    double above = Math.log((double) k / n);
    while (true) {
      double middle = below + (above - below) / 2;
      if (middle == below || middle == above) {
        return Math.exp(below);
      }
      double likelihood = k * middle + (n == k ? 0 : (n - k) * Math.log1p(-Math.exp(middle)));
      if (likelihood < most) {
        below = middle;
      } else {
        above = middle;
      }
    }
  }
}
