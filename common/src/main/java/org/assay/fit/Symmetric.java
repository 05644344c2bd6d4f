package org.assay.fit;

/** Small dense symmetric systems of equations. Matrices are arrays of rows, both halves filled. */
final class Symmetric {
  /**
   * A pivot below this share of its diagonal element makes a matrix singular: what sums of products
   * over many rows lose to rounding lies below it.
   */
  static final double SINGULAR = 1e-11;

  private Symmetric() {}

  /**
   * The Cholesky factor L of a, A = L L', below and on the diagonal.
   *
   * @return null when a is singular or not positive definite
   */
  static double[][] cholesky(double[][] a) {
    int n = a.length;
    double[][] l = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] li = new double[i + 1];
      l[i] = li;
      for (int j = 0; j <= i; j++) {
        double[] lj = l[j];
        double sum = a[i][j] - dot(li, lj, j);
        if (i == j) {
          if (!(sum > SINGULAR * a[i][i])) {
            return null;
          }
          li[i] = Math.sqrt(sum);
        } else {
          li[j] = sum / lj[j];
        }
      }
    }
    return l;
  }

  private static double dot(double[] x, double[] y, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int k = 0;
    for (; k + 3 < n; k += 4) {
      s0 += x[k] * y[k];
      s1 += x[k + 1] * y[k + 1];
      s2 += x[k + 2] * y[k + 2];
      s3 += x[k + 3] * y[k + 3];
    }
    for (; k < n; k++) {
      s0 += x[k] * y[k];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** Solves L L' x = b. */
  static double[] solve(double[][] l, double[] b) {
    int n = b.length;
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = (b[i] - dot(l[i], x, i)) / l[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      double value = x[i] / l[i][i];
      x[i] = value;
      double[] li = l[i];
      for (int j = 0; j < i; j++) {
        x[j] -= li[j] * value;
      }
    }
    return x;
  }

  /**
   * The solution of A x = b; if A is singular, the shortest of the vectors that solve it best, when
   * the diagonal is scaled to 1.
   */
  static double[] solveOrShortest(double[][] a, double[] b) {
    double[][] l = cholesky(a);
    return l != null ? solve(l, b) : shortest(a, b);
  }

  private static double[] shortest(double[][] a, double[] b) {
    int n = a.length;
    double[] scale = new double[n];
    for (int i = 0; i < n; i++) {
      scale[i] = a[i][i] > 0 ? 1 / Math.sqrt(a[i][i]) : 0;
    }
    double[][] scaled = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        scaled[i][j] = a[i][j] * scale[i] * scale[j];
      }
    }
    double[][] v = new double[n][n];
    double[] values = eigen(scaled, v);
    double most = 0;
    for (double value : values) {
      most = Math.max(most, value);
    }
    double[] x = new double[n];
    for (int k = 0; k < n; k++) {
      if (values[k] > SINGULAR * most) {
        double share = 0;
        for (int i = 0; i < n; i++) {
          share += v[i][k] * b[i] * scale[i];
        }
        share /= values[k];
        for (int i = 0; i < n; i++) {
          x[i] += share * v[i][k];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      x[i] *= scale[i];
    }
    return x;
  }

  /**
   * Eigenvalues by Jacobi's rotations; destroys a.
   *
   * @param v becomes the eigenvectors, as columns
   */
  static double[] eigen(double[][] a, double[][] v) {
    int n = a.length;
    for (int i = 0; i < n; i++) {
      java.util.Arrays.fill(v[i], 0);
      v[i][i] = 1;
    }
    for (int sweep = 0; sweep < 60; sweep++) {
      double off = 0;
      double on = 0;
      for (int i = 0; i < n; i++) {
        on += a[i][i] * a[i][i];
        for (int j = 0; j < i; j++) {
          off += a[i][j] * a[i][j];
        }
      }
      if (off <= 1e-32 * on) {
        break;
      }
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(a, v, p, q);
        }
      }
    }
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = a[i][i];
    }
    return values;
  }

  private static void rotate(double[][] a, double[][] v, int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double c = 1 / Math.sqrt(t * t + 1);
    double s = t * c;
    int n = a.length;
    for (int k = 0; k < n; k++) {
      double kp = a[k][p];
      double kq = a[k][q];
      a[k][p] = c * kp - s * kq;
      a[k][q] = s * kp + c * kq;
    }
    for (int k = 0; k < n; k++) {
      double pk = a[p][k];
      double qk = a[q][k];
      a[p][k] = c * pk - s * qk;
      a[q][k] = s * pk + c * qk;
    }
    for (int k = 0; k < n; k++) {
      double kp = v[k][p];
      double kq = v[k][q];
      v[k][p] = c * kp - s * kq;
      v[k][q] = s * kp + c * kq;
    }
  }
}
