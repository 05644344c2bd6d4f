package org.assay.importance;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What a fitted model itself says of its features: how it was built, on the rows it was fitted to,
 * and not how well it predicts others.
 *
 * <ul>
 *   <li>{@code impurity}: of trees, how much splits by the feature reduce impurity, weighted by
 *       their rows, as a share of all splits; of ensembles the mean over trees.
 *   <li>{@code coefficient}: of linear models, the size of the coefficient times the standard
 *       deviation of the feature; of several classes the mean over these.
 *   <li>{@code weight}: of boosted trees, the number of splits by the feature; {@code gain} and
 *       {@code cover}: the mean over these of the loss that a split saves, and of the second
 *       derivatives of its rows; {@code total-gain}: the sum of the former.
 * </ul>
 *
 * <p>Trees favour features of many values, and correlated features share what they say; a
 * coefficient says what the others leave.
 *
 * @param scale one of these
 * @param sum by feature; not negative
 * @param count by feature, what {@code sum} is the sum of; null where it is not divided
 * @param unit what {@code sum} is per
 */
public record NativeImportance(String scale, double[] sum, double[] count, Unit unit)
    implements Serializable {

  /** What numbers are per. */
  public enum Unit {
    /** Nothing. */
    NONE,
    /** Per unit of the feature: to be multiplied by its standard deviation. */
    OF_FEATURE
  }

  /** Coefficients of a linear model. */
  public static NativeImportance coefficients(double[][] bySet) {
    double[] sum = new double[bySet[0].length];
    for (double[] set : bySet) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += Math.abs(set[j]) / bySet.length;
      }
    }
    return new NativeImportance("coefficient", sum, null, Unit.OF_FEATURE);
  }

  /**
   * The importance of some features together: the sum of theirs; of means, the mean over all that
   * theirs are means over, 0 if there is nothing.
   *
   * @param features their numbers, each once
   * @param deviation standard deviations by feature, where the unit asks for them
   */
  public double of(int[] features, double[] deviation) {
    double total = 0;
    double over = 0;
    for (int j : features) {
      total += unit == Unit.NONE || sum[j] == 0 ? sum[j] : sum[j] * deviation[j];
      over += count == null ? 0 : count[j];
    }
    return count == null ? total : over == 0 ? 0 : total / over;
  }

  @Override
  public String toString() {
    return scale + Arrays.toString(sum);
  }
}
