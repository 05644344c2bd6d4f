package org.assay.inference;

import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Tails of Student's t, of which the standard normal distribution is the case of infinitely many
 * degrees of freedom. NaN in, NaN out. The relative error of a tail is about 1e-14, however small
 * the tail.
 */
final class StudentT {
  /** The degrees of freedom that stand for the normal distribution. */
  static final double NORMAL = Double.POSITIVE_INFINITY;

  private StudentT() {}

  /** P(T &gt; t). */
  static double above(double t, double df) {
    return Double.isNaN(t) ? Double.NaN : distribution(df).survivalProbability(t);
  }

  /** P(|T| &gt; |t|). */
  static double twoSided(double t, double df) {
    return Math.min(1, 2 * above(Math.abs(t), df));
  }

  /** The t with P(T &gt; t) = tail. */
  static double quantile(double df, double tail) {
    return distribution(df).inverseSurvivalProbability(tail);
  }

  /** The z with P(Z &gt; z) = tail, of the normal distribution. */
  static double normalQuantile(double tail) {
    return quantile(NORMAL, tail);
  }

  private static ContinuousDistribution distribution(double df) {
    return df == NORMAL ? NormalDistribution.of(0, 1) : TDistribution.of(df);
  }
}
