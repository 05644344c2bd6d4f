package org.assay.jobs.fit;

import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;

/**
 * How far two points can be from each other, given what is left of the gradient at both.
 *
 * <p>Let F be convex and d the step from one point to the other, with subgradients that differ by
 * g. If the curvature of F on the way is nowhere less than {@code least} times H, then d'Hd &lt;=
 * d'g / least (subgradients are monotone), and by Cauchy and Schwarz twice, for any linear function
 * c of the point that is constant where H is,
 *
 * <pre>
 *   |c'd| &lt;= sqrt(c'H^-1 c) sqrt(g'H^-1 g) / least
 * </pre>
 *
 * So a bound is computed, not chosen: it is 0 where both points are minima, and what an optimizer
 * that stops early leaves is what it allows.
 */
final class Nearness {
  /** Eigenvalues of H, its diagonal scaled to 1, that are 0 but for rounding. */
  private static final double FLAT = 1e-12;

  private final double[] scale;
  private final EigenDecomposition eigen;
  private final double reach;

  /**
   * From the curvature at one point.
   *
   * @param least the least curvature on the way, as a share of it
   */
  Nearness(double[][] hessian, double[] gradient, double[] otherGradient, double least) {
    int n = hessian.length;
    scale = new double[n];
    double[][] scaled = new double[n][n];
    for (int i = 0; i < n; i++) {
      scale[i] = 1 / Math.sqrt(hessian[i][i]);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        scaled[i][j] = hessian[i][j] * scale[i] * scale[j];
      }
    }
    eigen = new EigenDecomposition(MatrixUtils.createRealMatrix(scaled));
    double[] difference = new double[n];
    for (int i = 0; i < n; i++) {
      difference[i] = gradient[i] - otherGradient[i];
    }
    reach = length(difference) / least;
  }

  /** The most that a linear function, by its coefficients, can differ. */
  double bound(double[] function) {
    return length(function) * reach;
  }

  /** The root of v'H^-1 v, in the directions in which there is a curvature. */
  private double length(double[] v) {
    double sum = 0;
    for (int k = 0; k < v.length; k++) {
      double value = eigen.getRealEigenvalue(k);
      if (value > FLAT * v.length) {
        double share = 0;
        for (int i = 0; i < v.length; i++) {
          share += eigen.getEigenvector(k).getEntry(i) * v[i] * scale[i];
        }
        sum += share * share / value;
      }
    }
    return Math.sqrt(sum);
  }
}
