package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Cliff's delta: P(a value of model a is larger than one of model b) - P(it is smaller), over all
 * pairs of a value of a and a value of b. In [-1, 1]; 0 when neither tends to be larger. The two
 * are taken for independent samples: values on the same data sets are not matched ({@link
 * HodgesLehmann} matches them).
 *
 * <p>With d<sub>ij</sub> = sign(a<sub>i</sub> - b<sub>j</sub>), its means d<sub>i.</sub> over b and
 * d<sub>.j</sub> over a, and delta d over both, the variance is the unbiased estimate
 *
 * <pre>
 *   s^2 = (m^2 sum (d_i. - d)^2 + n^2 sum (d_.j - d)^2 - sum sum (d_ij - d)^2) / (m n (m - 1) (n - 1))
 * </pre>
 *
 * for n values of a and m of b, but at least (1 - d<sup>2</sup>) / (m n - 1), and the interval,
 * which never leaves [-1, 1], is
 *
 * <pre>
 *   (d - d^3 -+ z s sqrt((1 - d^2)^2 + z^2 s^2)) / (1 - d^2 + z^2 s^2)
 * </pre>
 *
 * with z the normal quantile. One effect for each pair of models of a table; n is the number of
 * data sets. Computed by sorting, O((n + m) log(n + m)); sums are of whole numbers.
 *
 * <p><b>Edge results.</b> NaN when a sample is empty or a value undefined; no interval with fewer
 * than two values, nor when d is -1 or 1, where the variance says nothing.
 *
 * <p>Source: N. Cliff, "Dominance statistics: ordinal analyses to answer ordinal questions",
 * Psychological Bulletin 114, 1993, doi:10.1037/0033-2909.114.3.494; the interval: D. Feng and N.
 * Cliff, "Monte Carlo evaluation of ordinal d with improved confidence interval", Journal of Modern
 * Applied Statistical Methods 3, 2004, doi:10.22237/jmasm/1099267560.
 */
@AutoService(EffectSize.class)
public final class CliffsDelta implements EffectSize {
  private static final String NAME = "cliffs-delta";

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
      effects.add(of(table.of(pair.a()), table.of(pair.b()), pair, settings.level()));
    }
    return effects;
  }

  /** The delta of two samples. */
  public static Effect of(double[] a, double[] b, Subject subject, double level) {
    int n = a.length;
    int m = b.length;
    Interval none = Interval.undefined(NAME, level);
    if (n == 0 || m == 0) {
      return new Effect(NAME, subject, Double.NaN, none, Math.min(n, m), "no values");
    }
    if (!Arrays.stream(a).allMatch(Double::isFinite)
        || !Arrays.stream(b).allMatch(Double::isFinite)) {
      return new Effect(
          NAME, subject, Double.NaN, none, Math.min(n, m), "a value is undefined or infinite");
    }
    long[] ofA = dominance(a, b);
    long[] ofB = dominance(b, a);
    long sum = Arrays.stream(ofA).sum();
    double d = (double) sum / ((double) n * m);
    if (n < 2 || m < 2) {
      return new Effect(NAME, subject, d, none, Math.min(n, m), "one value shows no spread");
    }
    if (Math.abs(sum) == (long) n * m) {
      return new Effect(
          NAME, subject, d, none, Math.min(n, m), "no values overlap, so there is no interval");
    }
    double pairs = (double) n * m;
    double rows = squares(ofA, m * d);
    double columns = squares(ofB, -n * d);
    double all = pairs - ties(a, b) - pairs * d * d;
    double variance =
        Math.max(
            (rows + columns - all) / (pairs * (n - 1.0) * (m - 1.0)), (1 - d * d) / (pairs - 1));
    double z = StudentT.normalQuantile((1 - level) / 2);
    double zz = z * z * variance;
    double rest = 1 - d * d;
    double reach = Math.sqrt(zz * (rest * rest + zz));
    Interval interval =
        new Interval(
            NAME,
            level,
            Math.max(-1, (d * rest - reach) / (rest + zz)),
            Math.min(1, (d * rest + reach) / (rest + zz)));
    return new Effect(NAME, subject, d, interval, Math.min(n, m), "");
  }

  /** For each value: the number of others below it minus the number above it. */
  private static long[] dominance(double[] values, double[] others) {
    double[] sorted = sorted(others);
    long[] dominance = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      double value = values[i] + 0.0;
      dominance[i] =
          (long) Sorted.below(sorted, value) + Sorted.notAbove(sorted, value) - sorted.length;
    }
    return dominance;
  }

  private static double ties(double[] a, double[] b) {
    double[] sorted = sorted(b);
    long ties = 0;
    for (double value : a) {
      ties += Sorted.notAbove(sorted, value) - Sorted.below(sorted, value);
    }
    return ties;
  }

  private static double squares(long[] values, double centre) {
    double sum = 0;
    for (long value : values) {
      sum += (value - centre) * (value - centre);
    }
    return sum;
  }

  private static double[] sorted(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
