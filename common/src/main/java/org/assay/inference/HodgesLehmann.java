package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The Hodges-Lehmann estimate of the centre of n differences, a minus b: the median of the Walsh
 * averages (d<sub>i</sub> + d<sub>j</sub>) / 2, i &lt;= j. Its interval goes from the k-th smallest
 * to the k-th largest Walsh average, where k is the smallest number with P(V &lt;= k) &gt;= (1 -
 * level) / 2 for Wilcoxon's signed-rank statistic V without ties: the differences' centre lies in
 * it with at least the level, when they are symmetric about it.
 *
 * <p>V's distribution is exact up to 200 differences and normal, corrected for continuity, above.
 * The Walsh averages are not listed: their order statistics are found by bisection, O(n) memory and
 * about 64 n steps. One effect for each pair of models of a table.
 *
 * <p>Differences of 0 count, unlike in {@link Wilcoxon}, where they say nothing. <b>Edge
 * results.</b> NaN without differences or with one that is undefined. The interval is undefined
 * when n is too small for the level, such as 5 for 0.95, and the note says so.
 *
 * <p>Source: J. L. Hodges and E. L. Lehmann, "Estimates of location based on rank tests", Annals of
 * Mathematical Statistics 34, 1963, doi:10.1214/aoms/1177704172. The interval: M. Hollander, D. A.
 * Wolfe and E. Chicken, Nonparametric Statistical Methods, 3rd edition, section 3.3.
 */
@AutoService(EffectSize.class)
public final class HodgesLehmann implements EffectSize {
  private static final String NAME = "hodges-lehmann";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.SCORE_TABLE);
  }

  @Override
  public List<Effect> effects(Evidence evidence, TestSettings settings) {
    ScoreTable table = (ScoreTable) evidence;
    List<Effect> effects = new ArrayList<>();
    for (Subject pair : table.pairs()) {
      effects.add(of(table.differences(pair.a(), pair.b()), pair, settings.level()));
    }
    return effects;
  }

  /** The estimate for these differences. */
  public static Effect of(double[] differences, Subject subject, double level) {
    int n = differences.length;
    Interval none = Interval.undefined(NAME, level);
    if (n == 0) {
      return new Effect(NAME, subject, Double.NaN, none, n, "no differences");
    }
    double[] sorted = differences.clone();
    Arrays.sort(sorted);
    if (!(Math.abs(sorted[0]) <= Double.MAX_VALUE / 2
        && Math.abs(sorted[n - 1]) <= Double.MAX_VALUE / 2)) {
      return new Effect(
          NAME, subject, Double.NaN, none, n, "a difference is undefined or infinite");
    }
    long pairs = (long) n * (n + 1) / 2;
    double estimate = walsh(sorted, (pairs + 1) / 2);
    if (pairs % 2 == 0) {
      estimate = estimate / 2 + walsh(sorted, pairs / 2 + 1) / 2;
    }
    long k = place(n, (1 - level) / 2);
    if (k == 0) {
      return new Effect(
          NAME,
          subject,
          estimate,
          none,
          n,
          n + " differences are too few for an interval of level " + level);
    }
    Interval interval = new Interval(NAME, level, walsh(sorted, k), walsh(sorted, pairs + 1 - k));
    return new Effect(NAME, subject, estimate, interval, n, "");
  }

  /** The smallest k with P(V &lt;= k) &gt;= tail. */
  private static long place(int n, double tail) {
    if (n <= SignedRanks.MOST) {
      return SignedRanks.untied(n).quantile(tail);
    }
    double mean = (double) n * (n + 1) / 4;
    double sd = Math.sqrt(mean * (2.0 * n + 1) / 6);
    return (long) Math.ceil(mean - StudentT.normalQuantile(tail) * sd - 0.5);
  }

  /** The k-th smallest Walsh average, k from 1. */
  private static double walsh(double[] sorted, long k) {
    long low = key(sorted[0]);
    long high = key(sorted[sorted.length - 1]);
    while (low < high) {
      long middle = Math.floorDiv(low, 2) + Math.floorDiv(high, 2) + (low & high & 1);
      if (notAbove(sorted, value(middle)) >= k) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return value(low);
  }

  /** Number of Walsh averages that are at most a value. */
  private static long notAbove(double[] sorted, double value) {
    long count = 0;
    int j = sorted.length - 1;
    for (int i = 0; i < sorted.length; i++) {
      while (j >= i && (sorted[i] + sorted[j]) / 2 > value) {
        j--;
      }
      if (j < i) {
        break;
      }
      count += j - i + 1;
    }
    return count;
  }

  /** Doubles as longs of the same order. */
  private static long key(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits >= 0 ? bits : Long.MIN_VALUE - bits;
  }

  private static double value(long key) {
    return Double.longBitsToDouble(key >= 0 ? key : Long.MIN_VALUE - key);
  }
}
