package org.assay.importance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assay.inference.Midranks;
import org.assay.permutation.Alternative;
import org.assay.permutation.Donors;
import org.assay.permutation.Exceedances;
import org.assay.permutation.MonteCarloP;
import org.assay.permutation.PermutedStatistics;
import org.assay.permutation.Spearman;
import org.assay.permutation.Statistics;
import org.assay.permutation.Strata;
import org.assay.random.Keyed;

/**
 * How far two lists of importances put the same features in the same order, the most important
 * first.
 *
 * <ul>
 *   <li>{@code kendall}: tau-b, pairs in the same order less pairs in opposite order, over the
 *       geometric mean of the pairs that are not tied in the one and in the other.
 *   <li>{@code spearman}: Pearson's correlation of midranks.
 *   <li>{@code overlap}: the share of the k most important features that both have in common. Where
 *       features are tied about place k, each is in by an equal share, and two shares have their
 *       smaller one in common.
 *   <li>{@code rank-biased-overlap}: the mean of the overlaps at all depths d, weighted by
 *       p<sup>d</sup>, with the overlap at the end for the rest.
 * </ul>
 *
 * <p>Each has the p-value of "no more alike than by chance": against all orders of one list when
 * there are few, else drawn ones; large values speak against it. Kendall's and Spearman's are NaN
 * when a list is constant.
 *
 * <p>Sources: M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945),
 * doi:10.1093/biomet/33.3.239; W. Webber, A. Moffat and J. Zobel, "A similarity measure for
 * indefinite rankings", ACM TOIS 28 (2010), doi:10.1145/1852102.1852106, equation 30.
 */
public final class Rankings {
  /** Orders up to which all are looked at: those of 8 features. */
  public static final long EXACT = 40_320;

  /** Replicates held at a time. */
  private static final int BATCH = 512;

  /**
   * How far two lists agree.
   *
   * @param measure "kendall", "spearman", "overlap" or "rank-biased-overlap"
   * @param value at most 1
   */
  public record Agreement(String measure, double value, MonteCarloP p) {}

  private Rankings() {}

  /**
   * Compares two lists of importances.
   *
   * @param a importances by feature, no NaN
   * @param b of the same features
   * @param top features whose overlap is looked at, at least 1; at most the number of features
   *     counts
   * @param function what is random
   * @param replicates orders that are drawn where there are too many to look at all
   * @throws IllegalArgumentException if a number is NaN, or there are not as many of each, or none
   */
  public static List<Agreement> compare(
      double[] a, double[] b, int top, Keyed function, int replicates) {
    if (a.length != b.length || a.length == 0 || top < 1) {
      throw new IllegalArgumentException(
          a.length
              + " and "
              + b.length
              + " importances, the first "
              + top
              + ": must be as many, not none, and at least 1");
    }
    int k = Math.min(top, a.length);
    double persistence = persistence(k);
    Midranks.of(a); // refuses NaN
    Midranks.of(b);
    Statistics rest =
        new PermutedStatistics(
            Donors.within(function, Strata.one(a.length), EXACT),
            new double[3],
            (donor, values) -> {
              double[] permuted = new double[b.length];
              Arrays.setAll(permuted, i -> b[donor[i]]);
              values[0] = kendall(a, permuted);
              values[1] = overlap(a, permuted, k);
              values[2] = rankBiasedOverlap(a, permuted, persistence);
            });
    Exceedances others = exceedances(rest, replicates);
    Statistics ranks = new Spearman(function, Strata.one(a.length), a, b, EXACT);
    return List.of(
        new Agreement("kendall", rest.observed(0), others.p(0)),
        new Agreement("spearman", ranks.observed(0), exceedances(ranks, replicates).p(0)),
        new Agreement("overlap", rest.observed(1), others.p(1)),
        new Agreement("rank-biased-overlap", rest.observed(2), others.p(2)));
  }

  static Exceedances exceedances(Statistics statistics, int replicates) {
    long count = Math.min(statistics.arrangements(), replicates);
    if (statistics.arrangements() <= EXACT) {
      count = statistics.arrangements();
    }
    Exceedances exceedances = new Exceedances(statistics, Alternative.GREATER);
    double[][] values = new double[statistics.hypotheses()][BATCH];
    for (long from = 0; from < count; from += BATCH) {
      long to = Math.min(count, from + BATCH);
      statistics.fill(from, to, values);
      exceedances.add(values, (int) (to - from));
    }
    return exceedances;
  }

  /**
   * The p of rank-biased overlap by which the first k places have most of the weight: 1 - 1 / k,
   * for which a reader who goes on from place to place with probability p sees k on average.
   */
  static double persistence(int k) {
    return 1 - 1.0 / Math.max(2, k);
  }

  /** Kendall's tau-b; NaN when a list is constant. O(n^2). */
  public static double kendall(double[] a, double[] b) {
    long sum = 0;
    long pairsA = 0;
    long pairsB = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < i; j++) {
        int x = Double.compare(a[i] + 0.0, a[j] + 0.0);
        int y = Double.compare(b[i] + 0.0, b[j] + 0.0);
        sum += (long) Integer.signum(x) * Integer.signum(y);
        pairsA += x != 0 ? 1 : 0;
        pairsB += y != 0 ? 1 : 0;
      }
    }
    return sum / Math.sqrt((double) pairsA * pairsB);
  }

  /** The share of the k most important that both lists have in common, in [0, 1]. */
  public static double overlap(double[] a, double[] b, int k) {
    double[] inA = membership(a, k);
    double[] inB = membership(b, k);
    double common = 0;
    for (int i = 0; i < a.length; i++) {
      common += Math.min(inA[i], inB[i]);
    }
    return common / k;
  }

  /** Of each feature how far it is among the k most important: 1, 0, or a share when it is tied. */
  private static double[] membership(double[] importance, int k) {
    double[] sorted = importance.clone();
    Arrays.sort(sorted);
    double last = sorted[sorted.length - k] + 0.0;
    int above = 0;
    int tied = 0;
    for (double v : importance) {
      above += v > last ? 1 : 0;
      tied += v == last ? 1 : 0;
    }
    double share = (k - above) / (double) tied;
    return Arrays.stream(importance).map(v -> v > last ? 1 : v == last ? share : 0).toArray();
  }

  /**
   * Rank-biased overlap, extrapolated.
   *
   * @param persistence p, in (0, 1): the larger, the more the lower places count
   */
  public static double rankBiasedOverlap(double[] a, double[] b, double persistence) {
    if (!(persistence > 0 && persistence < 1)) {
      throw new IllegalArgumentException(
          "persistence " + persistence + ": must be between 0 and 1, such as 0.9");
    }
    double sum = 0;
    double weight = 1;
    double agreement = 0;
    // What is beyond the first 1e-12 of the weight changes nothing.
    for (int d = 1; d <= a.length && weight > 1e-12; d++) {
      agreement = overlap(a, b, d);
      sum += (1 - persistence) * weight * agreement;
      weight *= persistence;
    }
    return sum + weight * agreement;
  }

  /**
   * The k most important features; of tied ones those that come first.
   *
   * @param importance no NaN
   */
  public static boolean[] top(double[] importance, int k) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < importance.length; i++) {
      order.add(i);
    }
    order.sort((i, j) -> Double.compare(importance[j] + 0.0, importance[i] + 0.0));
    boolean[] top = new boolean[importance.length];
    for (int i : order.subList(0, Math.min(k, order.size()))) {
      top[i] = true;
    }
    return top;
  }
}
