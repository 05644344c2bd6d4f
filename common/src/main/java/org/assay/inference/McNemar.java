package org.assay.inference;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * What the four forms of McNemar's test share. All ask whether "only a right" is as probable as
 * "only b right" on the items where exactly one of the models is right. The effect is accuracy of a
 * minus accuracy of b, with {@link Tango}'s interval.
 */
final class McNemar {
  /** Why there is no statistic. */
  static final String NO_DISCORDANCE = "the models are right and wrong on the same items";

  private McNemar() {}

  /** A result from its statistic; df is NaN for the exact forms. */
  static TestResult result(
      String test, PairedOutcomes o, double statistic, double df, double p, double level) {
    if (o.n() == 0) {
      return TestResult.undefined(
          test, Subject.PAIR, Double.NaN, Interval.undefined(Tango.METHOD, level), 0, "no items");
    }
    return new TestResult(
        test,
        Subject.PAIR,
        statistic,
        df,
        Double.NaN,
        o.difference(),
        Tango.of(o, level),
        p,
        o.n(),
        o.discordant() == 0 ? NO_DISCORDANCE : "");
  }

  /** A result whose statistic has approximately a chi-squared distribution with 1 df. */
  static TestResult chiSquared(String test, PairedOutcomes o, double statistic, double level) {
    double p =
        o.discordant() == 0
            ? Double.NaN
            : ChiSquaredDistribution.of(1).survivalProbability(statistic);
    return result(test, o, statistic, 1, p, level);
  }
}
