package org.assay.permutation;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Westfall and Young's max-T adjustment of p-values of many hypotheses, from their joint
 * replicates: controls the probability of any false rejection and, unlike Bonferroni's or Holm's,
 * gains from the dependence among the statistics.
 *
 * <p>With the extremeness t<sub>k</sub> = (distance of the statistic from its centre) / scale,
 * hypotheses ordered so that the observed t<sub>1</sub> &gt;= t<sub>2</sub> &gt;= .. &gt;=
 * t<sub>K</sub>, and t*<sub>k</sub> in m replicates:
 *
 * <pre>
 *   single-step  p(k) = (1 + #{ max over all j of t*(j) >= t(k) }) / (m + 1)
 *   step-down    q(k) = (1 + #{ max over j >= k of t*(j) >= t(k) }) / (m + 1),  p(k) = max over i &lt;= k of q(i)
 * </pre>
 *
 * <p>and #{ } / m when the m arrangements are all there are. Step-down rejects no less, and
 * controls the same probability (with subset pivotality).
 *
 * <p>Scales make statistics comparable. With their null standard deviations ({@link
 * Statistics#spread}) all hypotheses are treated alike. A statistic without spread is never
 * extreme: its p is 1. An undefined one has p NaN and is left out of the maxima; a replicate in
 * which a defined one is undefined counts as extreme as any, so that p can only become too large.
 * Ties: as in {@link Exceedances}, the observed t less the tolerance is compared.
 *
 * <p>Only two counts per hypothesis are held; those of disjoint ranges of replicates merge to those
 * of their union, in any order. Not thread-safe.
 *
 * <p>Sources: P. H. Westfall and S. S. Young, "Resampling-based multiple testing", 1993, algorithms
 * 2.5 and 2.8; Y. Ge, S. Dudoit and T. P. Speed, "Resampling-based multiple testing for microarray
 * data analysis", Test 12 (2003), box 2, doi:10.1007/BF02595811.
 */
public final class MaxT implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Alternative alternative;
  private final double[] centers;
  private final double[] scales;

  /** Observed t less the tolerance; NaN when undefined. */
  private final double[] least;

  /** Defined hypotheses, most extreme first. */
  private final int[] order;

  private final long arrangements;
  private final long[] singleStep;
  private final long[] stepDown;
  private long replicates;

  /**
   * No replicates yet, statistics measured by their null standard deviations.
   *
   * @throws IllegalArgumentException if one is not known; give scales
   */
  public MaxT(Statistics statistics, Alternative alternative) {
    this(statistics, alternative, spreads(statistics));
  }

  /**
   * No replicates yet.
   *
   * @param scales of each statistic, not negative; the same for all when they are comparable
   *     already
   */
  public MaxT(Statistics statistics, Alternative alternative, double[] scales) {
    int hypotheses = statistics.hypotheses();
    this.alternative = alternative;
    this.scales = scales.clone();
    this.centers = IntStream.range(0, hypotheses).mapToDouble(statistics::center).toArray();
    this.least = new double[hypotheses];
    double[] observed = new double[hypotheses];
    for (int k = 0; k < hypotheses; k++) {
      if (!Double.isNaN(statistics.observed(k)) && !(scales[k] >= 0)) {
        throw new IllegalArgumentException(
            "scale " + scales[k] + " of hypothesis " + k + ": must be a number, not negative");
      }
      observed[k] = t(k, statistics.observed(k));
      least[k] = scales[k] == 0 ? observed[k] : observed[k] - statistics.tolerance(k) / scales[k];
    }
    this.order =
        IntStream.range(0, hypotheses)
            .filter(k -> !Double.isNaN(statistics.observed(k)))
            .boxed()
            .sorted(Comparator.comparingDouble(k -> -observed[k]))
            .mapToInt(k -> k)
            .toArray();
    this.arrangements = statistics.arrangements();
    this.singleStep = new long[hypotheses];
    this.stepDown = new long[hypotheses];
  }

  private static double[] spreads(Statistics statistics) {
    double[] spreads = new double[statistics.hypotheses()];
    for (int k = 0; k < spreads.length; k++) {
      spreads[k] = statistics.spread(k);
    }
    return spreads;
  }

  private double t(int k, double value) {
    if (scales[k] == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    return Double.isNaN(value)
        ? Double.POSITIVE_INFINITY
        : alternative.extremeness(value, centers[k]) / scales[k];
  }

  /**
   * Adds replicates.
   *
   * @param values {@code values[k][r]} of hypothesis k, as {@link Statistics#fill} leaves them
   * @param count how many replicates
   */
  public void add(double[][] values, int count) {
    double[] most = new double[count];
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    for (int i = order.length - 1; i >= 0; i--) {
      int k = order[i];
      for (int r = 0; r < count; r++) {
        most[r] = Math.max(most[r], t(k, values[k][r]));
        stepDown[k] += most[r] >= least[k] ? 1 : 0;
      }
    }
    for (int k : order) {
      for (int r = 0; r < count; r++) {
        singleStep[k] += most[r] >= least[k] ? 1 : 0;
      }
    }
    replicates += count;
  }

  /** Adds the replicates of {@code other}, which are none of these. */
  public void merge(MaxT other) {
    for (int k = 0; k < singleStep.length; k++) {
      singleStep[k] += other.singleStep[k];
      stepDown[k] += other.stepDown[k];
    }
    replicates += other.replicates;
  }

  /** Replicates added so far. */
  public long replicates() {
    return replicates;
  }

  /**
   * The single-step adjusted p-values.
   *
   * @throws IllegalStateException if arrangements are enumerated and not all were added
   */
  public double[] singleStep() {
    checkComplete();
    double[] p = new double[least.length];
    Arrays.fill(p, Double.NaN);
    for (int k : order) {
      p[k] = p(singleStep[k]);
    }
    return p;
  }

  /**
   * The step-down adjusted p-values, none above its single-step one.
   *
   * @throws IllegalStateException if arrangements are enumerated and not all were added
   */
  public double[] stepDown() {
    checkComplete();
    double[] p = new double[least.length];
    Arrays.fill(p, Double.NaN);
    double largest = 0;
    for (int k : order) {
      largest = Math.max(largest, p(stepDown[k]));
      p[k] = largest;
    }
    return p;
  }

  private void checkComplete() {
    if (arrangements != Arrangements.MANY && replicates != arrangements) {
      throw new IllegalStateException(replicates + " of " + arrangements + " arrangements counted");
    }
  }

  private double p(long count) {
    return arrangements == Arrangements.MANY
        ? (count + 1.0) / (replicates + 1.0)
        : (double) count / replicates;
  }
}
