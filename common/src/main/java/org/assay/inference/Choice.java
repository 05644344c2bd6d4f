package org.assay.inference;

import java.io.Serializable;
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
 * @param order numbers of the settings from the best to the worst
 * @param chosen number of the one chosen; -1 when no mean is defined
 */
public record Choice(List<Setting> settings, List<Integer> order, int chosen)
    implements Serializable {

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
   */
  public record Setting(double mean, double error) implements Serializable {}

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
    Setting[] settings = new Setting[values.length];
    double[] merit = new double[values.length];
    for (int g = 0; g < values.length; g++) {
      // The sizes serve the corrected error, which is not asked for.
      CorrectedT t = CorrectedT.of(values[g], 1, 1, 0.95);
      settings[g] = new Setting(t.mean(), t.naiveError());
      merit[g] = Double.isNaN(t.mean()) ? Double.NEGATIVE_INFINITY : sign * t.mean();
    }
    List<Integer> order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer g) -> -merit[g]).thenComparing(g -> g))
            .toList();
    int best = order.get(0);
    return new Choice(
        List.of(settings),
        order,
        Double.isNaN(settings[best].mean())
            ? -1
            : rule == Rule.BEST ? best : simplest(merit, best, settings[best].error()));
  }

  private static int simplest(double[] merit, int best, double error) {
    double bound = merit[best] - error;
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
