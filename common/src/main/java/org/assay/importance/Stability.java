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
 * <p>The interval is Student's, with M - 1 degrees of freedom, about the standard error that the
 * jackknife gives by leaving out one set after the other. For sets of independent data it holds the
 * stability as often as it says from 3 sets on. The paper's own, the normal interval with its
 * asymptotic variance, stands beside it: of 5 sets it holds the stability in but two of three
 * cases. Folds share their training rows, so that an interval over folds says how steady this run
 * is, and is too narrow for new data. Either may reach beyond 1. The p-value is that of sets drawn
 * at random, each of its own size.
 *
 * <p>NaN, with undefined intervals and p, when all sets together hold no feature, or each holds
 * all; the standard error and the interval also for 2 sets, and when that is so without one of the
 * sets.
 *
 * <p>Source: S. Nogueira, K. Sechidis and G. Brown, "On the stability of feature selection
 * algorithms", JMLR 18 (2018), 174:1-54.
 *
 * @param value the stability
 * @param standardError of the value, by the jackknife
 * @param interval "jackknife-t"
 * @param asymptotic "normal", the paper's
 */
public record Stability(
    double value, double standardError, Interval interval, Interval asymptotic, MonteCarloP p) {

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
    double paper = Math.sqrt(variance(cells, sets, features, value));
    double error = jackknife(cells, sets, features);
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
        jackknifeT(value, error, sets, level),
        MeanInterval.normal(sets, value, paper * Math.sqrt(sets), level),
        Rankings.exceedances(permuted, replicates).p(0));
  }

  private static Interval jackknifeT(double value, double error, int sets, double level) {
    Interval t = MeanInterval.studentT(sets, value, error * Math.sqrt(sets), level);
    return new Interval("jackknife-t", level, t.low(), t.high());
  }

  /** The standard error from the stabilities of all sets but one. */
  private static double jackknife(int[] cells, int sets, int features) {
    double[] without = new double[sets];
    double mean = 0;
    for (int s = 0; s < sets; s++) {
      int[] others = new int[cells.length - features];
      System.arraycopy(cells, 0, others, 0, s * features);
      System.arraycopy(
          cells, (s + 1) * features, others, s * features, others.length - s * features);
      without[s] = sets == 2 ? Double.NaN : value(others, sets - 1, features);
      mean += without[s] / sets;
    }
    double squares = 0;
    for (double value : without) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares * (sets - 1) / sets);
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
