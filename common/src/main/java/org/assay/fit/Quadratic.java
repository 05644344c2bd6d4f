package org.assay.fit;

/**
 * Minimizes b' A b / 2 - r' b + sum of l_j |b_j|, A symmetric and positive semidefinite.
 *
 * <p>Without l: the linear system. With it: coordinate descent until signs settle, then the system
 * of the coefficients that are not 0, which is the minimum to the last digits once all signs and
 * all gradients of the zeros agree with it. If they never do (A singular), coordinate descent alone
 * until nothing moves.
 *
 * <p>Source: J. Friedman, T. Hastie, R. Tibshirani, "Regularization paths for generalized linear
 * models via coordinate descent", Journal of Statistical Software 33 (2010), doi
 * 10.18637/jss.v033.i01.
 */
final class Quadratic {
  private static final int SWEEPS = 20_000;

  private Quadratic() {}

  /**
   * The minimum.
   *
   * @param l of each coefficient, 0 or more; null for none
   * @param start where to begin, if l is given
   */
  static double[] minimize(double[][] a, double[] r, double[] l, double[] start) {
    if (l == null) {
      return Symmetric.solveOrShortest(a, r);
    }
    int n = r.length;
    double[] b = start.clone();
    double size = 0;
    for (double value : r) {
      size = Math.max(size, Math.abs(value));
    }
    double[] gradient = new double[n];
    for (int i = 0; i < n; i++) {
      double sum = -r[i];
      for (int j = 0; j < n; j++) {
        sum += a[i][j] * b[j];
      }
      gradient[i] = sum;
    }
    for (int sweep = 1; sweep <= SWEEPS; sweep++) {
      double moved = 0;
      for (int j = 0; j < n; j++) {
        double curvature = a[j][j];
        if (curvature <= 0) {
          continue;
        }
        double free = curvature * b[j] - gradient[j];
        double next = Math.copySign(Math.max(0, Math.abs(free) - l[j]), free) / curvature;
        double step = next - b[j];
        if (step != 0) {
          b[j] = next;
          double[] row = a[j];
          for (int i = 0; i < n; i++) {
            gradient[i] += step * row[i];
          }
          moved = Math.max(moved, Math.abs(step) * Math.sqrt(curvature));
        }
      }
      if (moved == 0 || (sweep & (sweep - 1)) == 0 && sweep > 2) {
        double[] polished = polish(a, r, l, b);
        if (polished != null) {
          return polished;
        }
      }
      if (moved <= 1e-15 * size) {
        break;
      }
    }
    return b;
  }

  /** The exact minimum if the signs of {@code b} are those of the minimum, else null. */
  private static double[] polish(double[][] a, double[] r, double[] l, double[] b) {
    int n = b.length;
    int[] active = java.util.stream.IntStream.range(0, n).filter(j -> b[j] != 0).toArray();
    int m = active.length;
    double[][] small = new double[m][m];
    double[] right = new double[m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        small[i][j] = a[active[i]][active[j]];
      }
      right[i] = r[active[i]] - Math.signum(b[active[i]]) * l[active[i]];
    }
    double[][] factor = Symmetric.cholesky(small);
    if (factor == null) {
      return null;
    }
    double[] solved = Symmetric.solve(factor, right);
    double[] exact = new double[n];
    for (int i = 0; i < m; i++) {
      if (l[active[i]] > 0 && solved[i] * b[active[i]] <= 0) {
        return null;
      }
      exact[active[i]] = solved[i];
    }
    for (int j = 0; j < n; j++) {
      if (b[j] == 0) {
        double gradient = -r[j];
        for (int i : active) {
          gradient += a[j][i] * exact[i];
        }
        if (Math.abs(gradient) > l[j] * (1 + 1e-12) + 1e-15 * Math.abs(r[j])) {
          return null;
        }
      }
    }
    return exact;
  }
}
