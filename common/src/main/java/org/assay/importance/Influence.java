package org.assay.importance;

import java.io.Serializable;
import java.util.List;
import org.assay.inference.Interval;
import org.assay.inference.MeanInterval;
import org.assay.permutation.Column;
import org.assay.permutation.Flips;
import org.assay.random.Keyed;

/**
 * What the rows that an importance was measured on say of its error: the delete-a-group jackknife,
 * and a test by flipping signs.
 *
 * <p>In a permutation importance a row plays two parts: it is given another row's value, and gives
 * its own to another row. A group g is left out by leaving out both:
 *
 * <pre>
 *   importance_-g   of the sums without those of rows in g, and without those of rows whose donor is in g
 *   p_g             G importance - (G - 1) importance_-g, the pseudo-values of G groups
 *   standard error  sqrt(variance of the p_g / G)
 *   interval        importance -+ t(G - 1; (1 + level) / 2) * standard error
 * </pre>
 *
 * <p>Leaving out the first part alone would understate the error, for the two go together: of a
 * linear model by half. The error is that of drawing other rows, with the model as it is. What is
 * left to the draw of permutations is in it, nearly twice for few repeats, so that it is rather too
 * large than too small then.
 *
 * <p>The test of "greater than 0" takes the sum of the p_g under random signs, one per group: p is
 * (b + 1) / (m + 1), with b of m draws that have a sum at least as large. It supposes that without
 * importance a group's part is as often negative as positive.
 *
 * <p>Sources: the jackknife as in J. Shao and D. Tu, "The Jackknife and Bootstrap", 1995, section
 * 2.3; both parts of a row as in the U-statistics of A. Fisher, C. Rudin and F. Dominici, "All
 * models are wrong, but many are useful", JMLR 20, 2019; signs as in E. J. G. Pitman, "Significance
 * tests which may be applied to samples from any populations", 1937, doi:10.2307/2984124.
 *
 * @param groups number of groups that have rows
 * @param error the standard error; NaN with fewer than 2 groups, or where an importance without a
 *     group is undefined
 * @param pseudo the pseudo-values less what no importance is
 */
public record Influence(int groups, double error, double[] pseudo) implements Serializable {

  /** Unknown. */
  public static final Influence NONE = new Influence(0, Double.NaN, new double[0]);

  /**
   * From the importances without each group that has rows.
   *
   * @param importance of all rows
   * @param without without each group
   * @param none what an input without importance has
   */
  public static Influence of(double importance, double[] without, double none) {
    int groups = without.length;
    double[] pseudo = new double[groups];
    double mean = 0;
    for (int g = 0; g < groups; g++) {
      pseudo[g] =
          without[g] == importance
              ? importance - none
              : groups * (importance - none) - (groups - 1) * (without[g] - none);
      mean += pseudo[g] / groups;
    }
    double squares = 0;
    for (double p : pseudo) {
      squares += (p - mean) * (p - mean);
    }
    double error = groups < 2 ? Double.NaN : Math.sqrt(squares / (groups - 1) / groups);
    return Double.isFinite(error) ? new Influence(groups, error, pseudo) : NONE;
  }

  /** Whether anything is known. */
  public boolean isKnown() {
    return !Double.isNaN(error);
  }

  /** The interval about an importance. */
  public Interval interval(double importance, double level) {
    return MeanInterval.studentT(groups, importance, error * Math.sqrt(groups), level);
  }

  /**
   * The one-sided p-values of several.
   *
   * @param function of the signs, which all share
   * @param flips how many are drawn
   * @return NaN where nothing is known
   */
  public static double[] signFlips(List<Influence> all, Keyed function, int flips) {
    double[] p = new double[all.size()];
    for (int k = 0; k < p.length; k++) {
      Influence influence = all.get(k);
      p[k] = influence.isKnown() ? influence.signFlip(function, flips) : Double.NaN;
    }
    return p;
  }

  private double signFlip(Keyed function, int flips) {
    Column column = Column.of(pseudo);
    long[][] sums = new long[1][flips];
    new Flips(function, groups).sums(List.of(column), 0, flips, sums);
    long extreme = 0;
    for (long flipped : sums[0]) {
      // The sum with these flipped is the total less twice theirs: no less when theirs is not above
      // 0.
      extreme += flipped <= 0 ? 1 : 0;
    }
    return (extreme + 1.0) / (flips + 1.0);
  }
}
