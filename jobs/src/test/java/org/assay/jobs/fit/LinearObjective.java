package org.assay.jobs.fit;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.assay.fit.Examples;
import org.assay.fit.Form;
import org.assay.fit.Form.Intercept;
import org.assay.fit.Form.Scale;
import org.assay.fit.LinearModel;
import org.assay.fit.Penalty;

/**
 * The objective that {@code LinearRegression} states, its gradient and its Hessian, row by row.
 *
 * <p>Coordinates are coefficients in standard deviations of the features that vary; the intercept,
 * if there is one, is at its best for them.
 */
final class LinearObjective {
  private final Penalty penalty;
  private final boolean intercept;
  private final int[] active;
  private final double[] mean;
  private final double[] deviation;
  private final double labelDeviation;
  private final double[] unit;
  private final double[] share;
  private final double[] label;
  private final double[][] z;

  LinearObjective(Examples rows, Form form, Penalty penalty) {
    this.penalty = penalty;
    intercept = form.intercept() == Intercept.FITTED;
    double weight = Arrays.stream(rows.weight()).sum();
    share = Arrays.stream(rows.weight()).map(w -> w / weight).toArray();
    mean = new double[rows.width()];
    deviation = new double[rows.width()];
    for (int j = 0; j < rows.width(); j++) {
      double[] x = Mllib.column(rows, j);
      mean[j] = mean(x);
      deviation[j] = deviation(x);
    }
    double labelMean = mean(rows.label());
    labelDeviation = deviation(rows.label());
    label = Arrays.stream(rows.label()).map(y -> intercept ? y - labelMean : y).toArray();
    active = IntStream.range(0, rows.width()).filter(j -> deviation[j] > 0).toArray();
    unit = new double[active.length];
    z = new double[rows.size()][active.length];
    for (int v = 0; v < active.length; v++) {
      int j = active[v];
      unit[v] = form.scale() == Scale.STANDARDIZED ? 1 : 1 / deviation[j];
      for (int i = 0; i < rows.size(); i++) {
        double x = rows.features()[i * rows.width() + j];
        z[i][v] = (intercept ? x - mean[j] : x) / deviation[j];
      }
    }
  }

  private double mean(double[] x) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += share[i] * (x[i] - x[0]);
    }
    return x[0] + sum;
  }

  private double deviation(double[] x) {
    double mean = mean(x);
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      squares += share[i] * Math.pow(x[i] - mean, 2);
    }
    return Math.sqrt(squares);
  }

  int features() {
    return active.length;
  }

  double[] point(LinearModel model) {
    return Arrays.stream(active).mapToDouble(j -> model.coefficients()[j] * deviation[j]).toArray();
  }

  double[] coefficient(int v) {
    double[] function = new double[active.length];
    function[v] = 1;
    return function;
  }

  /** The raw intercept, up to the label's mean. */
  double[] intercept() {
    return Arrays.stream(active).mapToDouble(j -> -mean[j] / deviation[j]).toArray();
  }

  /** What a row's prediction is, up to the label's mean. */
  double[] prediction(int row) {
    return z[row].clone();
  }

  private double l1() {
    return penalty.regParam() * penalty.elasticNetParam();
  }

  private double l2() {
    return penalty.regParam() * (1 - penalty.elasticNetParam()) / labelDeviation;
  }

  private double residual(double[] point, int row) {
    double residual = -label[row];
    for (int v = 0; v < point.length; v++) {
      residual += z[row][v] * point[v];
    }
    return residual;
  }

  double value(double[] point) {
    double value = 0;
    for (int i = 0; i < label.length; i++) {
      value += share[i] * Math.pow(residual(point, i), 2) / 2;
    }
    for (int v = 0; v < point.length; v++) {
      double b = unit[v] * point[v];
      value += l1() * Math.abs(b) + l2() / 2 * b * b;
    }
    return value;
  }

  /** Of all subgradients the one nearest to 0. */
  double[] gradient(double[] point) {
    double[] gradient = new double[point.length];
    for (int i = 0; i < label.length; i++) {
      double residual = share[i] * residual(point, i);
      for (int v = 0; v < point.length; v++) {
        gradient[v] += residual * z[i][v];
      }
    }
    for (int v = 0; v < point.length; v++) {
      gradient[v] += l2() * unit[v] * unit[v] * point[v];
      double size = l1() * unit[v];
      gradient[v] =
          point[v] == 0
              ? Math.max(gradient[v] - size, Math.min(gradient[v] + size, 0))
              : gradient[v] + Math.signum(point[v]) * size;
    }
    return gradient;
  }

  /** How far the two points can be apart. */
  Nearness nearness(double[] point, double[] other) {
    double[][] hessian = new double[point.length][point.length];
    for (int v = 0; v < point.length; v++) {
      for (int u = 0; u < point.length; u++) {
        for (int i = 0; i < label.length; i++) {
          hessian[v][u] += share[i] * z[i][v] * z[i][u];
        }
      }
      hessian[v][v] += l2() * unit[v] * unit[v];
    }
    return new Nearness(hessian, gradient(point), gradient(other), 1);
  }
}
