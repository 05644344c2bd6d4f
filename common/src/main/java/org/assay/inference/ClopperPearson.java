package org.assay.inference;

import com.google.auto.service.AutoService;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * Clopper and Pearson's exact interval for a proportion: all p that neither one-sided binomial test
 * at (1 - level) / 2 rejects. With k successes of n,
 *
 * <pre>
 *   low   the (1 - level) / 2 quantile of Beta(k, n - k + 1); 0 when k = 0
 *   high  the (1 + level) / 2 quantile of Beta(k + 1, n - k); 1 when k = n
 * </pre>
 *
 * <p>Its coverage is never below the level, and often well above. Undefined when n = 0. The
 * relative error is about 1e-13.
 *
 * <p>Source: C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated
 * in the case of the binomial", Biometrika 26, 1934, doi:10.1093/biomet/26.4.404.
 */
@AutoService(ProportionInterval.class)
public final class ClopperPearson implements ProportionInterval {
  private static final String NAME = "clopper-pearson";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Interval of(long successes, long n, double level) {
    ProportionInterval.check(successes, n, level);
    if (n == 0) {
      return Interval.undefined(NAME, level);
    }
    double tail = (1 - level) / 2;
    double k = successes;
    double rest = n - successes;
    double low = k == 0 ? 0 : BetaDistribution.of(k, rest + 1).inverseCumulativeProbability(tail);
    double high = rest == 0 ? 1 : BetaDistribution.of(k + 1, rest).inverseSurvivalProbability(tail);
    return new Interval(NAME, level, low, high);
  }
}
