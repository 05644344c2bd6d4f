package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How often a test rejects, by simulation, held against what theory says of it.
 *
 * <p>Bounds are {@value #ERRORS} standard errors wide, so that one assertion of a right program
 * fails with probability 1e-6 on a side, once and for all, for the seeds are fixed.
 */
public final class Sizes {
  private static final double[] LEVELS = {0.01, 0.05, 0.10, 0.50};
  private static final double ERRORS = 4.75;

  private Sizes() {}

  /** What theory says of the share of p-values up to a level. */
  public enum Promise {
    /** Equal to the level. */
    UNIFORM("equal"),
    /** At most the level. */
    VALID("at most"),
    /** Equal to the level but for 0.005, at levels up to 0.1. */
    NEARLY("nearly equal"),
    /** At most the level but for 0.005, at levels up to 0.1. */
    NEARLY_VALID("nearly at most"),
    /** More than the level: the note of the test warns of it. */
    TOO_OFTEN("more"),
    /** Nothing for this n. */
    NONE("-");

    private final String words;

    Promise(String words) {
      this.words = words;
    }
  }

  /**
   * Simulates a test, adds a row of the shares of p-values up to 0.01, 0.05, 0.10 and 0.50, and
   * asserts what is promised of them.
   *
   * @param rows receives the row, whatever is asserted afterwards
   * @param p the p-value of a simulation; NaN, no test, rejects nothing
   * @param more a last column, or nothing, asked for after all simulations
   */
  public static void check(
      StringBuilder rows,
      String test,
      String data,
      int simulations,
      Promise promise,
      Function<Draw, Double> p,
      Supplier<String> more) {
    long[] counts = new long[LEVELS.length];
    String study = test + ", " + data;
    for (int s = 0; s < simulations; s++) {
      double value = p.apply(new Draw(study, s));
      for (int l = 0; l < LEVELS.length; l++) {
        // The slack is for sums that should equal the level.
        counts[l] += value <= LEVELS[l] + 1e-12 ? 1 : 0;
      }
    }
    rows.append("| ").append(test).append(" | ").append(data).append(" | ").append(simulations);
    for (long count : counts) {
      rows.append(String.format(Locale.ROOT, " | %.4f", (double) count / simulations));
    }
    rows.append(" | ").append(promise.words).append(" |").append(more.get()).append("\n");
    for (int l = 0; l < LEVELS.length; l++) {
      double level = LEVELS[l];
      double share = (double) counts[l] / simulations;
      double band = ERRORS * Math.sqrt(level * (1 - level) / simulations);
      double slack = level <= 0.1 ? 0.005 : 1;
      String as = study + " at " + level;
      switch (promise) {
        case UNIFORM -> assertThat(share).as(as).isBetween(level - band, level + band);
        case VALID -> assertThat(share).as(as).isLessThanOrEqualTo(level + band);
        case NEARLY ->
            assertThat(share).as(as).isBetween(level - band - slack, level + band + slack);
        case NEARLY_VALID -> assertThat(share).as(as).isLessThanOrEqualTo(level + band + slack);
        case TOO_OFTEN -> {
          if (level < 0.5) {
            assertThat(share).as(as).isGreaterThan(level + band);
          }
        }
        case NONE -> {}
      }
    }
  }
}
