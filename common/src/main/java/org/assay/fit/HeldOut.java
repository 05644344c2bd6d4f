package org.assay.fit;

import org.assay.metric.ExactSum;
import org.assay.metric.Squares;

/**
 * How large a linear model's errors are on rows of which only the {@link Moments} are known.
 *
 * <p>With z = (1, x) of a row, centred as the moments are, and g = (a, b) the model's coefficients
 * for it, the error is d = y - z g, so sum v d^2 = sum v y^2 - 2 g' (sum v y z) + g' (sum v z z')
 * g: for p features p^2 operations, whatever the number of rows.
 *
 * <p><b>Accuracy.</b> What is left may be much less than what it is the difference of, so bounds of
 * its error come with it. A sum of products whose longest chain of additions is k long is off by
 * less than about (k + 3) u times the sum of their sizes, u = 2^-53 (Higham, Accuracy and Stability
 * of Numerical Algorithms, 2nd ed. 2002, section 4.2), which by Cauchy and Schwarz is below (k + 3)
 * u T^2 for T = sqrt(sum v y^2) + sum |g_j| sqrt(sum v z_j^2). The intercept for centred rows is
 * rounded once, which is counted apart.
 */
public final class HeldOut {
  private static final double ROUNDING = 0x1p-53;

  private HeldOut() {}

  /**
   * Sums over the rows.
   *
   * @param rows the moments of the rows, for numbers
   * @param model a model of the same features
   */
  public static Squares squares(Moments rows, LinearModel model) {
    int terms = rows.width() + 1;
    double[] g = new double[terms];
    System.arraycopy(model.coefficients(), 0, g, 1, rows.width());
    ExactSum intercept = new ExactSum();
    intercept.add(model.intercept());
    intercept.add(-rows.center.label());
    for (int j = 1; j < terms; j++) {
      intercept.addProduct(g[j], rows.center.features()[j - 1]);
    }
    g[0] = intercept.value();
    double weight = rows.curvature[0][0];
    double yy = rows.labelSquares;
    double y = rows.slope[0][0];
    double residuals = y;
    double squares = yy;
    double spread = Math.sqrt(yy);
    int at = 0;
    for (int i = 0; i < terms; i++) {
      double row = 0;
      spread += Math.abs(g[i]) * Math.sqrt(rows.curvature[0][at]);
      residuals -= g[i] * rows.curvature[0][i];
      for (int j = i; j < terms; j++) {
        row += (j == i ? g[j] : 2 * g[j]) * rows.curvature[0][at++];
      }
      squares += g[i] * (row - 2 * rows.slope[0][i]);
    }
    double gamma = (rows.chain() + 3.0 * terms + 16) * ROUNDING;
    double shift = ROUNDING * Math.abs(g[0]);
    double size = Math.sqrt(Math.max(0, squares));
    double root = Math.sqrt(weight);
    return new Squares(
        rows.items,
        weight,
        residuals,
        gamma * root * spread + shift * weight,
        squares,
        gamma * spread * spread + (2 * root * size + shift * weight) * shift,
        y,
        yy,
        3 * gamma * yy,
        rows.leastLabel,
        rows.greatestLabel);
  }
}
