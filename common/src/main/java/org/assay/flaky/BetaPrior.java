package org.assay.flaky;

import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.assay.inference.Interval;

/**
 * How failure rates are distributed over the tests of a suite: a beta distribution with mean m and
 * concentration s (a = m s, b = (1 - m) s) fitted to all of them by maximum likelihood, and what it
 * makes of one test.
 *
 * <p>With k failures in n runs a test's rate has the posterior Beta(a + k, b + n - k): the
 * empirical Bayes estimate, which draws a test with few runs towards the rest of the suite.
 *
 * <p>The likelihood is that of the beta-binomial distribution. It is maximized over m in (1e-9, 1 -
 * 1e-9) and s in [1e-3, 1e6]: at the upper end all tests have one rate, at the lower each fails
 * always or never. Without failures at all, or without anything else, no prior can be fitted: it is
 * Jeffreys' Beta(1/2, 1/2) then.
 *
 * <p>Deterministic: the same counts give the same bits in any order.
 *
 * <p>Sources: H. Robbins, "An empirical Bayes approach to statistics", 1956; the beta-binomial
 * likelihood of J. G. Skellam, Journal of the Royal Statistical Society B 10, 1948, 257-261.
 *
 * @param a first parameter, positive
 * @param b second parameter, positive
 * @param tests number of tests it was fitted to; 0 for Jeffreys' prior
 */
public record BetaPrior(double a, double b, int tests) implements Serializable {
  /** Beta(1/2, 1/2). */
  public static final BetaPrior JEFFREYS = new BetaPrior(0.5, 0.5, 0);

  private static final String METHOD = "empirical-bayes";
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  public BetaPrior {
    if (!(a > 0 && b > 0)) {
      throw new IllegalArgumentException("Beta(" + a + ", " + b + "): must be positive");
    }
  }

  /** The prior fitted to the tests of a suite; tests without runs do not count. */
  public static BetaPrior fit(Collection<FailureRate> rates) {
    TreeMap<Long, TreeMap<Long, Long>> counts = new TreeMap<>();
    long failures = 0;
    long runs = 0;
    int tests = 0;
    for (FailureRate rate : rates) {
      if (rate.runs() > 0) {
        counts
            .computeIfAbsent(rate.runs(), n -> new TreeMap<>())
            .merge(rate.failures(), 1L, Long::sum);
        failures += rate.failures();
        runs += rate.runs();
        tests++;
      }
    }
    if (failures == 0 || failures == runs) {
      return JEFFREYS;
    }
    double logS = maximum(Math.log(1e-3), Math.log(1e6), s -> bestMean(counts, Math.exp(s))[1]);
    double s = Math.exp(logS);
    double m = logistic(bestMean(counts, s)[0]);
    return new BetaPrior(m * s, (1 - m) * s, tests);
  }

  /**
   * The log-likelihood of a prior, without the binomial coefficients, which do not depend on it.
   */
  static double logLikelihood(Map<Long, ? extends Map<Long, Long>> counts, double a, double b) {
    double sum = 0;
    double prior = LogBeta.value(a, b);
    for (Map.Entry<Long, ? extends Map<Long, Long>> runs : counts.entrySet()) {
      long n = runs.getKey();
      for (Map.Entry<Long, Long> failures : runs.getValue().entrySet()) {
        long k = failures.getKey();
        sum += failures.getValue() * (LogBeta.value(a + k, b + n - k) - prior);
      }
    }
    return sum;
  }

  private static double[] bestMean(Map<Long, ? extends Map<Long, Long>> counts, double s) {
    double logit =
        maximum(
            Math.log(1e-9),
            -Math.log(1e-9),
            x -> logLikelihood(counts, logistic(x) * s, logistic(-x) * s));
    return new double[] {logit, logLikelihood(counts, logistic(logit) * s, logistic(-logit) * s)};
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Golden-section search; the likelihood has one maximum along either parameter. */
  private static double maximum(double from, double to, DoubleUnaryOperator function) {
    double low = from;
    double high = to;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = function.applyAsDouble(left);
    double atRight = function.applyAsDouble(right);
    for (int i = 0; i < 60; i++) {
      if (atLeft >= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = function.applyAsDouble(left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = function.applyAsDouble(right);
      }
    }
    return (low + high) / 2;
  }

  /** The mean of a test's rate after its runs. */
  public double mean(FailureRate rate) {
    return (a + rate.failures()) / (a + b + rate.runs());
  }

  /** The central interval of a test's rate after its runs: it has this probability. */
  public Interval interval(FailureRate rate, double level) {
    BetaDistribution posterior =
        BetaDistribution.of(a + rate.failures(), b + rate.runs() - rate.failures());
    double tail = (1 - level) / 2;
    return new Interval(
        METHOD,
        level,
        posterior.inverseCumulativeProbability(tail),
        posterior.inverseSurvivalProbability(tail));
  }
}
