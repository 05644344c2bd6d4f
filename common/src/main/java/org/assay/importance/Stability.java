package org.assay.importance;

import java.util.Arrays;
import org.assay.inference.Interval;
import org.assay.inference.MeanInterval;
import org.assay.permutation.Donors;
import org.assay.permutation.MonteCarloP;
import org.assay.permutation.PermutedStatistics;
import org.assay.permutation.Strata;
import org.assay.random.Keyed;

/**
 * How much the sets of features agree that were chosen by as many runs, such as folds: 1 when all
 * are the same, 0 on average when they are drawn at random.
 *
 * <pre>
 *   1 - (mean over features of s_f^2) / (k/d (1 - k/d)),  s_f^2 = M / (M - 1) p_f (1 - p_f)
 * </pre>
 *
 * <p>for M sets of k of d features on average, where p<sub>f</sub> is the share of sets that hold
 * f. It is Fleiss' kappa of sets as raters and features as subjects.
 *
 * <p>The interval is the normal one with the paper's variance, for the stability of a choice from
 * independent data; folds share their training rows, so that with folds it says how steady this run
 * is, and is too narrow for new data. It may reach beyond 1. The p-value is that of sets drawn at
 * random, each of its own size.
 *
 * <p>NaN, with an undefined interval and p, when all sets together hold no feature, or each holds
 * all.
 *
 * <p>Source: S. Nogueira, K. Sechidis and G. Brown, "On the stability of feature selection
 * algorithms", JMLR 18 (2018), 174:1-54.
 *
 * @param value the stability
 * @param standardError of the value
 */
public record Stability(double value, double standardError, Interval interval, MonteCarloP p) {

  /**
   * The stability of sets.
   *
   * @param chosen by set and feature
   * @param level of the interval
   * @param function what is random
   * @param replicates drawn for the p-value where there are too many arrangements to look at all
   * @throws IllegalArgumentException if there are fewer than 2 sets, or no features, or not as many
   */
  public static Stability of(boolean[][] chosen, double level, Keyed function, int replicates) {
    int sets = chosen.length;
    int features = sets == 0 ? 0 : chosen[0].length;
    for (boolean[] set : chosen) {
      if (sets < 2 || features == 0 || set.length != features) {
        throw new IllegalArgumentException(
            sets
                + " sets of "
                + features
                + " and "
                + set.length
                + " features: must be at least 2, of as many, and not of none");
      }
    }
    if (sets < 2) {
      throw new IllegalArgumentException(sets + " sets: must be at least 2");
    }
    int[] cells = new int[sets * features];
    int[] strata = new int[sets * features];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = chosen[i / features][i % features] ? 1 : 0;
      strata[i] = i / features;
    }
    double value = value(cells, sets, features);
    double error = Math.sqrt(variance(cells, sets, features, value));
    PermutedStatistics permuted =
        new PermutedStatistics(
            Donors.within(function, Strata.of(strata), Rankings.EXACT),
            new double[1],
            (donor, values) -> {
              int[] drawn = new int[cells.length];
              Arrays.setAll(drawn, i -> cells[donor[i]]);
              values[0] = value(drawn, sets, features);
            });
    return new Stability(
        value,
        error,
        MeanInterval.normal(sets, value, error * Math.sqrt(sets), level),
        Rankings.exceedances(permuted, replicates).p(0));
  }

  private static double value(int[] cells, int sets, int features) {
    int[] counts = counts(cells, features);
    // In whole numbers until the end, so that equal stabilities are equal to the bit.
    long within = 0;
    long all = 0;
    for (int count : counts) {
      within += (long) count * (sets - count);
      all += count;
    }
    long most = (long) sets * features;
    double between = (double) all * (most - all);
    return between == 0 ? Double.NaN : 1 - within * (double) most / ((sets - 1) * between);
  }

  private static int[] counts(int[] cells, int features) {
    int[] counts = new int[features];
    for (int i = 0; i < cells.length; i++) {
      counts[i % features] += cells[i];
    }
    return counts;
  }

  private static double variance(int[] cells, int sets, int features, double value) {
    double[] share = Arrays.stream(counts(cells, features)).mapToDouble(c -> c).toArray();
    double mean = 0;
    for (int f = 0; f < features; f++) {
      share[f] /= sets;
      mean += share[f] / features;
    }
    double[] each = new double[sets];
    double center = 0;
    for (int s = 0; s < sets; s++) {
      double size = 0;
      double held = 0;
      for (int f = 0; f < features; f++) {
        size += cells[s * features + f] / (double) features;
        held += cells[s * features + f] * share[f] / features;
      }
      each[s] =
          (held - size * mean + value / 2 * (2 * mean * size - size - mean + 1))
              / (mean * (1 - mean));
      center += each[s] / sets;
    }
    double sum = 0;
    for (double e : each) {
      sum += (e - center) * (e - center);
    }
    return 4 * sum / ((double) sets * sets);
  }
}
