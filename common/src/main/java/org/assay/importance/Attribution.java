package org.assay.importance;

import java.io.Serializable;

/**
 * A value that is divided among players.
 *
 * @param value by player and output
 * @param standardError of each value, from the draw of orders (and of rows, where rows are drawn);
 *     0 when exact
 * @param none by output, what the coalition of nobody is worth
 * @param all by output, what the coalition of all is worth
 * @param draws number of pairs of orders; 0 when exact
 */
public record Attribution(
    double[][] value, double[][] standardError, double[] none, double[] all, long draws)
    implements Serializable {

  /** How far the values' sum may be from the whole, as a share of the largest value in the game. */
  static final double EFFICIENCY = 1e-9;

  /**
   * By output, the sum of the values less what all are worth more than nobody: 0 but for rounding.
   */
  public double[] gap() {
    double[] gap = new double[all.length];
    for (int k = 0; k < all.length; k++) {
      gap[k] = none[k] - all[k];
      for (double[] player : value) {
        gap[k] += player[k];
      }
    }
    return gap;
  }

  /**
   * Checks that the values sum to the whole.
   *
   * @throws IllegalStateException if they do not, which is a bug
   */
  Attribution checked() {
    double[] gap = gap();
    for (int k = 0; k < gap.length; k++) {
      double scale = Math.max(1, Math.max(Math.abs(none[k]), Math.abs(all[k])));
      for (double[] player : value) {
        scale = Math.max(scale, Math.abs(player[k]));
      }
      if (!(Math.abs(gap[k]) <= EFFICIENCY * scale)) {
        throw new IllegalStateException(
            "output "
                + k
                + ": the values' sum is off by "
                + gap[k]
                + " from "
                + (all[k] - none[k]));
      }
    }
    return this;
  }
}
