package org.assay.permutation;

import java.io.Serializable;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.assay.inference.ClopperPearson;
import org.assay.inference.Interval;

/**
 * The p-value of a permutation test, from the number of arrangements that are at least as extreme
 * as what was observed.
 *
 * <pre>
 *   exact        b / m              b of all m arrangements, the observed one among them
 *   monte-carlo  (b + 1) / (m + 1)  b of m arrangements drawn at random
 *   sequential   h / l              drawn until the h-th extreme one came, as the l-th
 * </pre>
 *
 * <p>All three are valid: under the null hypothesis p is below alpha with probability at most
 * alpha, the randomness of the draws included; b / m of drawn arrangements would not be, and could
 * be 0.
 *
 * <p>The interval is for the p that all arrangements would give, at 99 %: Clopper and Pearson's,
 * for b of m in a drawn test; for h / l that of a negative binomial sample, whose upper end rests
 * on l - 1 draws with h - 1 extreme ones. It has no width when p is exact. It does not depend on
 * what the test is for: whether it reaches across the level of the test says if more draws are
 * needed.
 *
 * <p>NaN, with an undefined interval, when the observed statistic is.
 *
 * <p>Sources: B. Phipson and G. K. Smyth, "Permutation p-values should never be zero", Statistical
 * Applications in Genetics and Molecular Biology 9 (2010), doi:10.2202/1544-6115.1585; J. Besag and
 * P. Clifford, "Sequential Monte Carlo p-values", Biometrika 78 (1991),
 * doi:10.1093/biomet/78.2.301; C. J. Clopper and E. S. Pearson, Biometrika 26 (1934),
 * doi:10.1093/biomet/26.4.404.
 *
 * @param method "exact", "monte-carlo" or "sequential"
 * @param p the p-value, in (0, 1]
 * @param extreme arrangements at least as extreme as the observed one
 * @param replicates arrangements looked at
 * @param smallest the smallest p that so many replicates could have given
 * @param interval for the exact p
 */
public record MonteCarloP(
    String method, double p, long extreme, long replicates, double smallest, Interval interval)
    implements Serializable {

  /** The level of the interval. */
  public static final double LEVEL = 0.99;

  private static final String INTERVAL = "clopper-pearson";

  /** Of all arrangements, {@code extreme} of which are, the observed one among them. */
  static MonteCarloP exact(long extreme, long arrangements) {
    double p = (double) extreme / arrangements;
    return new MonteCarloP(
        "exact", p, extreme, arrangements, 1.0 / arrangements, new Interval(INTERVAL, LEVEL, p, p));
  }

  /** Of {@code replicates} drawn arrangements, {@code extreme} of which are. */
  public static MonteCarloP drawn(long extreme, long replicates) {
    return new MonteCarloP(
        "monte-carlo",
        (extreme + 1.0) / (replicates + 1.0),
        extreme,
        replicates,
        1 / (replicates + 1.0),
        new ClopperPearson().of(extreme, replicates, LEVEL));
  }

  /** Of arrangements drawn until {@code extreme} were, at most {@code most} of them. */
  static MonteCarloP stopped(long extreme, long replicates, long most) {
    double low = beta(extreme, replicates - extreme + 1, (1 - LEVEL) / 2);
    double high = extreme == replicates ? 1 : beta(extreme, replicates - extreme, (1 + LEVEL) / 2);
    return new MonteCarloP(
        "sequential",
        (double) extreme / replicates,
        extreme,
        replicates,
        1 / (most + 1.0),
        new Interval(INTERVAL, LEVEL, low, high));
  }

  /** Of a statistic that is undefined. */
  public static MonteCarloP undefined(String method, long replicates) {
    return new MonteCarloP(
        method, Double.NaN, 0, replicates, Double.NaN, Interval.undefined(INTERVAL, LEVEL));
  }

  private static double beta(double a, double b, double probability) {
    return BetaDistribution.of(a, b).inverseCumulativeProbability(probability);
  }
}
