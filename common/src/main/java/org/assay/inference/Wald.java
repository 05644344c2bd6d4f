package org.assay.inference;

import com.google.auto.service.AutoService;

/**
 * Wald's interval for a proportion: p -+ z sqrt(p (1 - p) / n), with p = successes / n and z the
 * normal quantile. Cut off at 0 and 1.
 *
 * <p>Its coverage is poor unless n p (1 - p) is large, and it has no width at 0 and n successes:
 * there for comparison; use {@link Wilson}. Undefined when n = 0.
 *
 * <p>Source: L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial
 * proportion", Statistical Science 16, 2001, doi:10.1214/ss/1009213286.
 */
@AutoService(ProportionInterval.class)
public final class Wald implements ProportionInterval {
  @Override
  public String name() {
    return "wald";
  }

  @Override
  public Interval of(long successes, long n, double level) {
    ProportionInterval.check(successes, n, level);
    if (n == 0) {
      return Interval.undefined(name(), level);
    }
    double p = (double) successes / n;
    double reach =
        StudentT.normalQuantile((1 - level) / 2)
            * Math.sqrt(p * ((double) (n - successes) / n) / n);
    return new Interval(name(), level, Math.max(0, p - reach), Math.min(1, p + reach));
  }
}
