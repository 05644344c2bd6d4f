package org.assay.inference;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.assay.metric.Metric;

/**
 * The choice of one of several settings by the values that a metric has for each on the splits of
 * one plan.
 *
 * <p>For setting g with the values x<sub>g1</sub> .. x<sub>gm</sub>, of standard deviation
 * s<sub>g</sub> (with m - 1):
 *
 * <pre>
 *   mean_g              (x_g1 + .. + x_gm) / m
 *   error_g             s_g / sqrt(m), the naive standard error
 *   best                the g of the best mean; of several, the first listed
 *   one-standard-error  the first listed g whose mean_g is not worse than mean_b by more than error_b, b the best
 * </pre>
 *
 * <p>The order in which settings are listed is the order of parsimony, the simplest first, so that
 * the second rule picks the simplest of those that the best does not clearly beat. The error is the
 * naive one, as in the source; {@link CorrectedT} tells why it is too small for an interval.
 *
 * <p>Means are compared to 12 significant digits. Settings that err on as many rows, in other
 * folds, have the same mean, and sums of doubles would tell them apart in the last bit.
 *
 * <p><b>Edge results.</b> A setting with a value that is NaN or infinite, or with no values, has
 * mean and error NaN, is placed behind all others, and is never chosen. None is chosen when all are
 * like that. One split shows no spread: errors are NaN, and both rules choose the best.
 *
 * <p>Pure and thread-safe.
 *
 * <p>Source: Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees", 1984,
 * section 3.4.3, doi:10.1201/9781315139470.
 *
 * @param settings the settings in the order listed
 * @param order numbers of the settings from the best to the worst, equal ones in the order listed
 * @param chosen number of the one chosen; -1 when no mean is defined
 */
public record Choice(List<Setting> settings, List<Integer> order, int chosen)
    implements Serializable {
  private static final MathContext COMPARED = new MathContext(12);

  /** A little more than what rounding to so many digits moves a mean, relative to its size. */
  private static final double TIE = 1e-11;

  /** How to choose. */
  public enum Rule {
    /** The best mean. */
    BEST,
    /** The simplest whose mean is within one standard error of the best. */
    ONE_STANDARD_ERROR
  }

  /**
   * How one setting did.
   *
   * @param mean of its values
   * @param error the naive standard error of that mean
   * @param rank 1 plus the number of settings that are better; equal means have the same
   */
  public record Setting(double mean, double error, int rank) implements Serializable {}

  public Choice {
    settings = List.copyOf(settings);
    order = List.copyOf(order);
  }

  /**
   * Chooses.
   *
   * @param values by setting, in the order of parsimony, and split; at least one setting
   * @param direction which means are better
   * @throws IllegalArgumentException if there is no setting
   */
  public static Choice of(double[][] values, Metric.Direction direction, Rule rule) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no settings to choose from");
    }
    double sign = direction == Metric.Direction.HIGHER_IS_BETTER ? 1 : -1;
    // The sizes serve the corrected error, which is not asked for.
    List<CorrectedT> means =
        Arrays.stream(values).map(row -> CorrectedT.of(row, 1, 1, 0.95)).toList();
    double[] merit = means.stream().mapToDouble(t -> merit(sign * t.mean())).toArray();
    List<Integer> order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer g) -> -merit[g]).thenComparing(g -> g))
            .toList();
    List<Setting> settings = new ArrayList<>();
    for (int g = 0; g < values.length; g++) {
      double own = merit[g];
      int better = (int) Arrays.stream(merit).filter(m -> m > own).count();
      settings.add(new Setting(means.get(g).mean(), means.get(g).naiveError(), 1 + better));
    }
    int best = order.get(0);
    int chosen =
        Double.isNaN(settings.get(best).mean())
            ? -1
            : rule == Rule.BEST ? best : simplest(merit, best, settings.get(best).error());
    return new Choice(settings, order, chosen);
  }

  /** A mean as it is compared: the greater the better, undefined ones behind all others. */
  private static double merit(double mean) {
    return Double.isNaN(mean)
        ? Double.NEGATIVE_INFINITY
        : new BigDecimal(mean).round(COMPARED).doubleValue();
  }

  private static int simplest(double[] merit, int best, double error) {
    double bound = merit[best] - error - TIE * (Math.abs(merit[best]) + error);
    for (int g = 0; g < best; g++) {
      if (merit[g] >= bound) { // never, when the error is NaN
        return g;
      }
    }
    return best;
  }

  /** Whether a setting was chosen. */
  public boolean isMade() {
    return chosen >= 0;
  }
}
