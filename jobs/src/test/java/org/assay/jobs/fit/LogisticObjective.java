package org.assay.jobs.fit;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.assay.fit.Examples;
import org.assay.fit.Form;
import org.assay.fit.Form.Intercept;
import org.assay.fit.Form.Scale;
import org.assay.fit.LogisticModel;
import org.assay.fit.Penalty;

/**
 * The objective that {@code LogisticRegression} states, its gradient and its Hessian, row by row
 * and for two classes as for more.
 *
 * <p>Coordinates are, set by set, the intercept for features at their means (if there is one) and
 * coefficients in standard deviations of the features that vary.
 */
final class LogisticObjective {
  private final Examples rows;
  private final Penalty penalty;
  private final int classes;
  private final int sets;
  private final int first;
  private final int[] active;
  private final double[] mean;
  private final double[] deviation;
  private final double[] unit;
  private final double[] share;

  /** By row and coordinate of a set. */
  private final double[][] z;

  LogisticObjective(Examples rows, Form form, Penalty penalty, int classes, int sets) {
    this.rows = rows;
    this.penalty = penalty;
    this.classes = classes;
    this.sets = sets;
    int n = rows.size();
    double weight = Arrays.stream(rows.weight()).sum();
    double squares = Arrays.stream(rows.weight()).map(w -> w * w).sum();
    share = Arrays.stream(rows.weight()).map(w -> w / weight).toArray();
    mean = new double[rows.width()];
    deviation = new double[rows.width()];
    for (int j = 0; j < rows.width(); j++) {
      double[] x = Mllib.column(rows, j);
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += share[i] * (x[i] - x[0]);
      }
      mean[j] = x[0] + sum;
      double variance = 0;
      for (int i = 0; i < n; i++) {
        variance += rows.weight()[i] * Math.pow(x[i] - mean[j], 2) / (weight - squares / weight);
      }
      deviation[j] = Math.sqrt(variance);
    }
    active = IntStream.range(0, rows.width()).filter(j -> deviation[j] > 0).toArray();
    boolean intercept = form.intercept() == Intercept.FITTED;
    first = intercept ? 1 : 0;
    unit = new double[perSet()];
    z = new double[n][perSet()];
    for (int v = first; v < perSet(); v++) {
      int j = active[v - first];
      unit[v] = form.scale() == Scale.STANDARDIZED ? 1 : 1 / deviation[j];
      for (int i = 0; i < n; i++) {
        double x = rows.features()[i * rows.width() + j];
        z[i][v] = (intercept ? x - mean[j] : x) / deviation[j];
      }
    }
    for (int i = 0; i < n && intercept; i++) {
      z[i][0] = 1;
    }
  }

  private int perSet() {
    return first + active.length;
  }

  int size() {
    return sets * perSet();
  }

  double[] point(LogisticModel model) {
    double[] point = new double[size()];
    for (int k = 0; k < sets; k++) {
      for (int v = first; v < perSet(); v++) {
        int j = active[v - first];
        double b = model.coefficients()[k][j];
        point[k * perSet() + v] = b * deviation[j];
        if (first == 1) {
          point[k * perSet()] += b * mean[j];
        }
      }
      if (first == 1) {
        point[k * perSet()] += model.intercepts()[k];
      }
    }
    return point;
  }

  /** The raw intercept of a set, less the mean of all sets' if there are several. */
  double[] intercept(int set) {
    double[] function = new double[size()];
    for (int k = 0; k < sets; k++) {
      double part = (k == set ? 1 : 0) - (sets > 1 ? 1.0 / sets : 0);
      function[k * perSet()] = part;
      for (int v = first; v < perSet(); v++) {
        int j = active[v - first];
        function[k * perSet() + v] = -part * mean[j] / deviation[j];
      }
    }
    return function;
  }

  /**
   * A coefficient in standard deviations; less the mean of all sets' when squares do not fix it,
   * which no probability depends on.
   */
  double[] coefficient(int set, int v) {
    double[] function = new double[size()];
    for (int k = 0; k < sets; k++) {
      boolean free = sets > 1 && l2() == 0;
      function[k * perSet() + first + v] = (k == set ? 1 : 0) - (free ? 1.0 / sets : 0);
    }
    return function;
  }

  /** The difference of the predictors of two classes of a row. */
  double[] margin(int row, int a, int b) {
    double[] function = new double[size()];
    for (int v = 0; v < perSet(); v++) {
      if (sets == 1) {
        function[v] = (a - b) * z[row][v];
      } else {
        function[a * perSet() + v] += z[row][v];
        function[b * perSet() + v] -= z[row][v];
      }
    }
    return function;
  }

  /** Number of features that vary. */
  int features() {
    return active.length;
  }

  /** What a linear function differs by at two points. */
  static double difference(double[] function, double[] point, double[] other) {
    double sum = 0;
    for (int c = 0; c < function.length; c++) {
      sum += function[c] * (point[c] - other[c]);
    }
    return Math.abs(sum);
  }

  /** Predictors by class. */
  private double[] predictors(double[] point, int row) {
    double[] eta = new double[classes];
    for (int k = 0; k < sets; k++) {
      for (int v = 0; v < perSet(); v++) {
        eta[sets == 1 ? 1 : k] += point[k * perSet() + v] * z[row][v];
      }
    }
    return eta;
  }

  private static double[] probabilities(double[] eta) {
    double most = Arrays.stream(eta).max().orElseThrow();
    double[] e = Arrays.stream(eta).map(v -> Math.exp(v - most)).toArray();
    double sum = Arrays.stream(e).sum();
    return Arrays.stream(e).map(v -> v / sum).toArray();
  }

  double value(double[] point) {
    double value = 0;
    for (int i = 0; i < rows.size(); i++) {
      double[] eta = predictors(point, i);
      double most = Arrays.stream(eta).max().orElseThrow();
      double sum = Arrays.stream(eta).map(v -> Math.exp(v - most)).sum();
      value += share[i] * (Math.log(sum) + most - eta[(int) rows.label()[i]]);
    }
    for (int c = 0; c < point.length; c++) {
      double b = unit[c % perSet()] * point[c];
      value += l1() * Math.abs(b) + l2() / 2 * b * b;
    }
    return value;
  }

  private double l1() {
    return penalty.regParam() * penalty.elasticNetParam();
  }

  private double l2() {
    return penalty.regParam() * (1 - penalty.elasticNetParam());
  }

  /**
   * Of all subgradients the one nearest to 0; without a penalty on squares, which leaves shifts of
   * all sets together without a curvature, the nearest that is 0 along those.
   */
  double[] gradient(double[] point) {
    double[] smooth = new double[size()];
    for (int i = 0; i < rows.size(); i++) {
      double[] p = probabilities(predictors(point, i));
      for (int k = 0; k < sets; k++) {
        int c = sets == 1 ? 1 : k;
        double residual = share[i] * (p[c] - (rows.label()[i] == c ? 1 : 0));
        for (int v = 0; v < perSet(); v++) {
          smooth[k * perSet() + v] += residual * z[i][v];
        }
      }
    }
    double[] gradient = new double[size()];
    for (int c = 0; c < point.length; c++) {
      double u = unit[c % perSet()];
      smooth[c] += l2() * u * u * point[c];
      double size = l1() * u;
      gradient[c] =
          point[c] == 0
              ? within(0, smooth[c] - size, smooth[c] + size)
              : smooth[c] + Math.signum(point[c]) * size;
    }
    for (int v = first; v < perSet() && sets > 1 && l2() == 0; v++) {
      double along = 0;
      for (int k = 0; k < sets; k++) {
        along += gradient[k * perSet() + v];
      }
      for (int k = 0; k < sets; k++) {
        int c = k * perSet() + v;
        if (point[c] == 0) {
          double size = l1() * unit[v];
          double to = within(gradient[c] - along, smooth[c] - size, smooth[c] + size);
          along += to - gradient[c];
          gradient[c] = to;
        }
      }
      if (Math.abs(along) > 1e-12) {
        throw new IllegalStateException("no subgradient without a shift of all sets: " + along);
      }
    }
    return gradient;
  }

  private static double within(double value, double low, double high) {
    return Math.max(low, Math.min(high, value));
  }

  double[][] hessian(double[] point) {
    double[][] hessian = new double[size()][size()];
    for (int i = 0; i < rows.size(); i++) {
      double[] p = probabilities(predictors(point, i));
      for (int c = 0; c < size(); c++) {
        for (int d = 0; d < size(); d++) {
          int k = sets == 1 ? 1 : c / perSet();
          int l = sets == 1 ? 1 : d / perSet();
          double w = share[i] * p[k] * ((k == l ? 1 : 0) - p[l]);
          hessian[c][d] += w * z[i][c % perSet()] * z[i][d % perSet()];
        }
      }
    }
    for (int c = 0; c < size(); c++) {
      double u = unit[c % perSet()];
      hessian[c][c] += l2() * u * u;
    }
    return hessian;
  }

  /**
   * The least curvature between two points as a share of that at one of them: a row's is the
   * variance of something under its probabilities, and those change by a factor exp(2 m) at most
   * when predictors change by m.
   */
  double least(double[] point, double[] other) {
    double most = 0;
    for (int i = 0; i < rows.size(); i++) {
      double[] a = predictors(point, i);
      double[] b = predictors(other, i);
      for (int c = 0; c < classes; c++) {
        most = Math.max(most, Math.abs(a[c] - b[c]));
      }
    }
    return Math.exp(-2 * most);
  }

  /** How far the two points can be apart. */
  Nearness nearness(double[] point, double[] other) {
    return new Nearness(hessian(point), gradient(point), gradient(other), least(point, other));
  }
}
