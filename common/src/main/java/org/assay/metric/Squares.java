package org.assay.metric;

import java.io.Serializable;

/**
 * Sums over items of a regression, and how far rounding may have moved them: all that a metric of
 * squares needs to know. With y a label, c any number that is the same for all sums that are
 * merged, d = label - prediction and w the weight:
 *
 * @param items number of items of positive weight
 * @param weight the sum of w
 * @param residuals the sum of w d
 * @param residualsError how far that may be from the exact sum; 0 or more
 * @param squaredResiduals the sum of w d^2
 * @param squaredResidualsError how far that may be from the exact sum
 * @param labels the sum of w (y - c)
 * @param squaredLabels the sum of w (y - c)^2
 * @param scatterError how far (sum of w (y - c)^2) - (sum of w (y - c))^2 / (sum of w) may be from
 *     exact
 * @param leastLabel the least y; infinite without items
 * @param greatestLabel the greatest y; infinite without items
 */
public record Squares(
    long items,
    double weight,
    double residuals,
    double residualsError,
    double squaredResiduals,
    double squaredResidualsError,
    double labels,
    double squaredLabels,
    double scatterError,
    double leastLabel,
    double greatestLabel)
    implements Serializable {

  /** The largest relative error of a quantity that is said to be known. */
  private static final double KNOWN = 5e-10;

  /** The sums of these items and of others. */
  public Squares and(Squares other) {
    return new Squares(
        items + other.items,
        weight + other.weight,
        residuals + other.residuals,
        residualsError + other.residualsError,
        squaredResiduals + other.squaredResiduals,
        squaredResidualsError + other.squaredResidualsError,
        labels + other.labels,
        squaredLabels + other.squaredLabels,
        scatterError + other.scatterError,
        Math.min(leastLabel, other.leastLabel),
        Math.max(greatestLabel, other.greatestLabel));
  }

  /** Whether the sum of squared residuals has a relative error below 1e-9. */
  boolean knowsSquaredResiduals() {
    return weight == 0 || isKnown(squaredResiduals, squaredResidualsError);
  }

  /** Whether the variance of the residuals has one below 1e-9. */
  boolean knowsVarianceOfResiduals() {
    return weight == 0
        || isKnown(
            squaredResiduals - residuals * residuals / weight,
            squaredResidualsError
                + (2 * Math.abs(residuals) + residualsError) * residualsError / weight);
  }

  /** Whether the variance of the labels has one below 1e-9, or is 0. */
  boolean knowsVarianceOfLabels() {
    return !(leastLabel < greatestLabel)
        || isKnown(squaredLabels - labels * labels / weight, scatterError);
  }

  private static boolean isKnown(double quantity, double error) {
    return quantity < Double.POSITIVE_INFINITY && error <= KNOWN * quantity;
  }
}
