package org.assay.flaky;

import java.io.Serializable;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.assay.inference.ClopperPearson;
import org.assay.inference.ConfidenceSequence;
import org.assay.inference.Interval;

/**
 * How often a test fails.
 *
 * @param failures from 0 to runs
 * @param runs runs in which it passed or failed
 */
public record FailureRate(long failures, long runs) implements Serializable {

  /** How the number of runs came about, and so which interval is honest. */
  public enum Stopping {
    /** It was set before the first run: Clopper and Pearson's interval. */
    FIXED,
    /** It depended on the outcomes: {@link ConfidenceSequence}. */
    OPTIONAL
  }

  public FailureRate {
    if (failures < 0 || failures > runs) {
      throw new IllegalArgumentException(
          failures + " failures in " + runs + " runs: must be between 0 and the number of runs");
    }
  }

  /** failures / runs; NaN without runs. */
  public double value() {
    return runs == 0 ? Double.NaN : (double) failures / runs;
  }

  /**
   * The interval for the rate. With no failures it is one-sided, from 0 to the {@link #bound} of
   * the level; with failures only, from the mirror image of that to 1.
   */
  public Interval interval(Stopping stopping, double level) {
    if (stopping == Stopping.OPTIONAL) {
      return ConfidenceSequence.of(failures, runs, level);
    }
    Interval two = new ClopperPearson().of(failures, runs, level);
    if (runs > 0 && failures == 0) {
      return new Interval(two.method(), level, 0, bound(level));
    }
    if (runs > 0 && failures == runs) {
      return new Interval(two.method(), level, Math.pow(1 - level, 1.0 / runs), 1);
    }
    return two;
  }

  /**
   * The one-sided upper bound of the rate, Clopper and Pearson's: without failures 1 - (1 -
   * level)^(1 / runs). 1 without runs.
   */
  public double bound(double level) {
    if (runs == 0) {
      return 1;
    }
    if (failures == 0) {
      return -Math.expm1(Math.log1p(-level) / runs);
    }
    return failures == runs
        ? 1
        : BetaDistribution.of(failures + 1.0, runs - failures).inverseCumulativeProbability(level);
  }

  /** {@link #rerunsFor} this rate and 95 %. */
  public long rerunsFor95() {
    return rerunsFor(value(), 0.95);
  }

  /**
   * The runs after which a failure has been seen with some probability: ln(1 - chance) / ln(1 -
   * rate), rounded up.
   *
   * @param rate probability that a run fails; 0, NaN and less than none give 0, for there is no
   *     such number
   * @param chance in (0, 1), such as 0.95
   */
  public static long rerunsFor(double rate, double chance) {
    if (!(chance > 0 && chance < 1)) {
      throw new IllegalArgumentException("chance " + chance + ": must be between 0 and 1");
    }
    if (!(rate > 0)) {
      return 0;
    }
    return rate >= 1
        ? 1
        : Math.max(1, (long) Math.ceil(Math.log1p(-chance) / Math.log1p(-rate) - 1e-9));
  }
}
