package org.assay.importance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.Trigamma;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.GammaDistribution;
import org.apache.commons.statistics.distribution.LogNormalDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.assay.permutation.MonteCarloP;

/**
 * PIMP: the p-value of an importance against the importances that the same feature had in models
 * fitted to permuted labels.
 *
 * <p>{@code empirical} is (b + 1) / (m + 1) for b of m null importances that are at least as large,
 * up to 1e-12 of the largest number involved, and valid whatever their distribution. It cannot be
 * below 1 / (m + 1); {@code fitted} can: it is the tail of a normal, log-normal or gamma
 * distribution fitted to the null importances by maximum likelihood (the latter two if all are
 * positive), of the one whose distribution function is closest to theirs. Where none is close, with
 * a Kolmogorov-Smirnov p-value of {@value #CLOSE} or more, {@code fitted} is the empirical p-value
 * and {@code family} is "none". That p-value is the asymptotic one for a distribution known
 * beforehand, and so larger than it should be for a fitted one: it finds only gross misfits, as in
 * the paper. Tails far beyond the null importances are the family's, not the data's.
 *
 * <p>NaN, with the family "none", if the importance is. Null importances that do not vary are no
 * family's. Families are compared in the order normal, lognormal, gamma. Pure.
 *
 * <p>Source: A. Altmann, L. Tolosi, O. Sander and T. Lengauer, "Permutation importance: a corrected
 * feature importance measure", Bioinformatics 26 (2010), doi:10.1093/bioinformatics/btq134.
 *
 * @param empirical the p-value by counting
 * @param fitted the p-value by the fitted distribution
 * @param family "normal", "lognormal", "gamma" or "none"
 * @param distance of the family's distribution function to the null importances', the largest
 * @param closeness the p-value of that distance
 */
public record NullImportance(
    MonteCarloP empirical, double fitted, String family, double distance, double closeness) {

  /** The least p-value of a distribution that is taken for the null importances'. */
  static final double CLOSE = 0.05;

  /** A fitted distribution. */
  record Fit(String family, ContinuousDistribution distribution, double distance, int n) {
    double closeness() {
      return kolmogorov(Math.sqrt(n) * distance);
    }
  }

  /**
   * The p-values of an importance.
   *
   * @param observed the importance with the true labels
   * @param permuted importances of that feature with permuted labels, all finite
   * @throws IllegalArgumentException if there are none, or one is not finite
   */
  public static NullImportance of(double observed, double[] permuted) {
    if (permuted.length == 0) {
      throw new IllegalArgumentException("no importances with permuted labels");
    }
    for (double value : permuted) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "an importance with permuted labels is " + value + ": must be finite");
      }
    }
    if (Double.isNaN(observed)) {
      return new NullImportance(
          MonteCarloP.undefined("monte-carlo", permuted.length),
          Double.NaN,
          "none",
          Double.NaN,
          Double.NaN);
    }
    double largest = Math.abs(observed);
    for (double value : permuted) {
      largest = Math.max(largest, Math.abs(value));
    }
    double least = observed - 1e-12 * largest;
    long larger = Arrays.stream(permuted).filter(v -> v >= least).count();
    MonteCarloP empirical = MonteCarloP.drawn(larger, permuted.length);
    Fit best = null;
    for (Fit fit : fits(permuted)) {
      best = best == null || fit.distance < best.distance ? fit : best;
    }
    if (best == null || best.closeness() < CLOSE) {
      return new NullImportance(
          empirical,
          empirical.p(),
          "none",
          best == null ? Double.NaN : best.distance,
          best == null ? Double.NaN : best.closeness());
    }
    return new NullImportance(
        empirical,
        best.distribution.survivalProbability(observed),
        best.family,
        best.distance,
        best.closeness());
  }

  /** The distributions that can be fitted. */
  static List<Fit> fits(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    List<Fit> fits = new ArrayList<>();
    if (sorted[0] == sorted[sorted.length - 1]) {
      return fits;
    }
    double mean = mean(sorted);
    fits.add(fit("normal", NormalDistribution.of(mean, deviation(sorted, mean)), sorted));
    if (sorted[0] > 0) {
      double[] logs = Arrays.stream(sorted).map(Math::log).toArray();
      double meanLog = mean(logs);
      double deviation = deviation(logs, meanLog);
      double excess = Math.log(mean) - meanLog;
      // Numbers so close that their logarithms hardly differ are the normal's.
      if (deviation > 1e-9 && excess > 1e-12) {
        fits.add(fit("lognormal", LogNormalDistribution.of(meanLog, deviation), sorted));
        double shape = shape(excess);
        fits.add(fit("gamma", GammaDistribution.of(shape, mean / shape), sorted));
      }
    }
    return fits;
  }

  private static Fit fit(String family, ContinuousDistribution distribution, double[] sorted) {
    double distance = 0;
    for (int i = 0; i < sorted.length; i++) {
      double below = distribution.cumulativeProbability(sorted[i]);
      distance = Math.max(distance, below - i / (double) sorted.length);
      distance = Math.max(distance, (i + 1) / (double) sorted.length - below);
    }
    return new Fit(family, distribution, distance, sorted.length);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum / values.length;
  }

  private static double deviation(double[] values, double mean) {
    double squares = 0;
    for (double v : values) {
      squares += (v - mean) * (v - mean);
    }
    return Math.sqrt(squares / values.length);
  }

  /** The k with log k - digamma(k) = excess, by Newton's steps in log k from Minka's start. */
  private static double shape(double excess) {
    double k = (3 - excess + Math.sqrt((excess - 3) * (excess - 3) + 24 * excess)) / (12 * excess);
    for (int step = 0; step < 50; step++) {
      double off = Math.log(k) - Digamma.value(k) - excess;
      double next = k * Math.exp(-off / (1 - k * Trigamma.value(k)));
      if (Math.abs(next - k) <= 1e-14 * k) {
        break;
      }
      k = next;
    }
    return k;
  }

  /** P(K &gt; x) of Kolmogorov's distribution. */
  static double kolmogorov(double x) {
    if (x < 0.2) {
      return 1; // but for 1e-12
    }
    double sum = 0;
    for (int j = 1; j <= 100; j++) {
      double term = Math.exp(-2.0 * j * j * x * x);
      sum += j % 2 == 1 ? term : -term;
      if (term < 1e-17) {
        break;
      }
    }
    return Math.max(0, Math.min(1, 2 * sum));
  }
}
