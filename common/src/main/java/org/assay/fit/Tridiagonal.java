package org.assay.fit;

/**
 * Solves (A + s I) x = b for many shifts s, A symmetric and positive semidefinite, from one
 * factorization A = Q T Q' with T tridiagonal and Q a product of Householder's reflections.
 *
 * <p>The factorization costs 4/3 n^3 multiplications, as eight Cholesky factorizations, and each
 * shift 5 n: T + s I is factored as L D L'. Backward stable for the whole matrix, so that its
 * diagonal elements should be of like size.
 *
 * <p>Source: G. Golub, C. Van Loan, "Matrix Computations" (2013), sections 4.3.6 and 8.3.1.
 */
final class Tridiagonal {
  private final int n;
  private final double[] diagonal;

  /** Below the diagonal. */
  private final double[] side;

  /** Reflection k is I - v v', v of squared length 2 or 0, with zeros up to its place k. */
  private final double[][] reflections;

  private final double[] right;

  /** Factors {@code a}, which is destroyed. */
  Tridiagonal(double[][] a, double[] b) {
    n = a.length;
    diagonal = new double[n];
    side = new double[Math.max(0, n - 1)];
    reflections = new double[Math.max(0, n - 2)][];
    double[] p = new double[n];
    for (int k = 0; k < reflections.length; k++) {
      double[] v = reflection(a, k);
      reflections[k] = v;
      double vp = 0;
      for (int i = k; i < n; i++) {
        p[i] = dot(a[i], v, k);
        vp += v[i] * p[i];
      }
      for (int i = k; i < n; i++) {
        p[i] -= vp / 2 * v[i];
      }
      for (int i = k; i < n; i++) {
        subtract(a[i], v, p, v[i], p[i], k);
      }
    }
    for (int i = 0; i < n; i++) {
      diagonal[i] = a[i][i];
      if (i > 0) {
        side[i - 1] = a[i][i - 1];
      }
    }
    right = b.clone();
    for (double[] v : reflections) {
      reflect(v, right);
    }
  }

  /** The reflection that leaves of column k below the diagonal but its first element. */
  private double[] reflection(double[][] a, int k) {
    double[] v = new double[n];
    double square = 0;
    for (int i = k + 1; i < n; i++) {
      v[i] = a[i][k];
      square += v[i] * v[i];
    }
    double length = Math.sqrt(square);
    v[k + 1] += Math.copySign(length, v[k + 1]);
    double scale = square > 0 ? 1 / Math.sqrt(length * Math.abs(v[k + 1])) : 0;
    for (int i = k + 1; i < n; i++) {
      v[i] *= scale;
    }
    return v;
  }

  private static double dot(double[] x, double[] y, int from) {
    double sum = 0;
    for (int i = from; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static void subtract(
      double[] row, double[] v, double[] p, double vi, double pi, int from) {
    for (int j = from; j < row.length; j++) {
      row[j] -= vi * p[j] + pi * v[j];
    }
  }

  private static void reflect(double[] v, double[] x) {
    double along = dot(v, x, 0);
    for (int i = 0; i < x.length; i++) {
      x[i] -= along * v[i];
    }
  }

  /**
   * The solution for a shift.
   *
   * @return null when the matrix is singular or not positive definite
   */
  double[] solve(double shift) {
    double[] pivot = new double[n];
    double[] x = right.clone();
    for (int i = 0; i < n; i++) {
      double on = diagonal[i] + shift;
      pivot[i] = i == 0 ? on : on - side[i - 1] / pivot[i - 1] * side[i - 1];
      if (!(pivot[i] > Symmetric.SINGULAR * on)) {
        return null;
      }
      if (i > 0) {
        x[i] -= side[i - 1] / pivot[i - 1] * x[i - 1];
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      x[i] /= pivot[i];
      if (i < n - 1) {
        x[i] -= side[i] / pivot[i] * x[i + 1];
      }
    }
    for (int k = reflections.length - 1; k >= 0; k--) {
      reflect(reflections[k], x);
    }
    return x;
  }
}
