package org.assay.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assay.UserException;

/**
 * Linear regression by least squares, with a ridge, lasso or elastic net penalty: what MLlib's
 * {@code LinearRegression} finds with {@code solver} auto or normal.
 *
 * <p><b>Definition.</b> With s_j the standard deviation (over n, weighted) of feature j in the
 * training rows and s_y that of the label, the minimum over b of
 *
 * <pre>
 *   1 / (2 sum w) sum w (y - b_0 - x b)^2
 *     + regParam elasticNetParam sum s_j |b_j| + regParam (1 - elasticNetParam) / (2 s_y) sum s_j^2 b_j^2
 * </pre>
 *
 * where every s_j is 1 when {@code standardization} is off. The squares are divided by s_y and the
 * sizes are not: MLlib standardizes the label too, as glmnet does, and so the ridge penalty depends
 * on the label's unit.
 *
 * <p><b>Edges.</b> A feature that is constant in the training rows has coefficient 0, also without
 * an intercept. A label that is constant: all coefficients 0 and the intercept the label; without
 * an intercept and with a penalty there is no s_y, and the fit is refused, both as in MLlib.
 * Collinear features without a penalty on squares: of all solutions the one with the least sum of
 * s_j^2 b_j^2, the limit of ridge regression; MLlib gives one with the same predictions.
 *
 * <p><b>Algorithm and accuracy.</b> One pass for {@link Moments}; then for all ridge penalties one
 * factorization of the matrix of covariances in the units of the penalty ({@link Tridiagonal}), if
 * those of features differ by less than a factor of 100, and else, or without a penalty, per
 * penalty a Cholesky factorization of the correlation matrix, which for p features costs p^3 / 6,
 * or {@link Quadratic}. Coefficients in standard deviations lose as many digits as the correlation
 * matrix's condition has, times the rounding of the moments.
 */
public final class LinearRegression implements Fit {
  /** From so many penalties on, one factorization for all costs less. */
  private static final int SHARED = 4;

  /** By what factor units of features may differ in a shared factorization. */
  private static final double UNLIKE = 100;

  private final Center center;
  private final Form form;
  private final List<Penalty> path;
  private List<LinearModel> models;

  /** One fit of all penalties. */
  public LinearRegression(Center center, Form form, List<Penalty> path) {
    this.center = center;
    this.form = form;
    this.path = List.copyOf(path);
  }

  @Override
  public boolean isFirst() {
    return models == null;
  }

  @Override
  public Center center() {
    return center;
  }

  @Override
  public Moments sums() {
    return Moments.ofNumbers(center);
  }

  @Override
  public boolean take(Sums total) {
    models = solve((Moments) total);
    return false;
  }

  @Override
  public List<LinearModel> models() {
    return models;
  }

  private List<LinearModel> solve(Moments m) {
    double weight = m.weight();
    double labelMean = m.slope[0][0] / weight;
    double labelVariance =
        m.leastLabel < m.greatestLabel
            ? Math.max(0, m.labelSquares / weight - labelMean * labelMean)
            : 0;
    double fullMean = labelMean + center.label();
    if (labelVariance == 0) {
      if (form.hasIntercept() || m.greatestLabel == 0) {
        LinearModel flat =
            new LinearModel(form.hasIntercept() ? m.greatestLabel : 0, new double[m.width()]);
        return java.util.Collections.nCopies(path.size(), flat);
      }
      for (Penalty penalty : path) {
        if (penalty.regParam() > 0) {
          throw UserException.input(
              "a label that is "
                  + m.greatestLabel
                  + " in all training rows: a penalty without an intercept is measured in its"
                  + " standard deviation; set fitIntercept = true or regParam = 0");
        }
      }
      labelVariance = 1;
    }
    int[] active = m.varying();
    int n = active.length;
    double[][] product = new double[n][n];
    double[] right = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double value = m.covariance(active[j], active[i]);
        if (!form.hasIntercept()) {
          value += full(m, active[i]) * full(m, active[j]);
        }
        product[i][j] = value;
        product[j][i] = value;
      }
      double value = m.slope[0][1 + active[i]] / weight - m.mean(active[i]) * labelMean;
      right[i] = form.hasIntercept() ? value : value + full(m, active[i]) * fullMean;
    }
    double[] unit = new double[n];
    for (int i = 0; i < n; i++) {
      unit[i] = Math.sqrt(product[i][i]);
    }
    for (int i = 0; i < n; i++) {
      right[i] /= unit[i];
      for (int j = 0; j < n; j++) {
        product[i][j] /= unit[i] * unit[j];
      }
    }
    List<LinearModel> solved = new ArrayList<>();
    double[] start = new double[n];
    double[] scales = new double[n];
    for (int i = 0; i < n; i++) {
      scales[i] =
          (form.standardized() ? Math.sqrt(m.covariance(active[i], active[i])) : 1) / unit[i];
    }
    Tridiagonal shared = shared(product, right, scales);
    for (Penalty penalty : path) {
      double[] ridge =
          shared != null && penalty.l1() == 0 && penalty.l2() > 0
              ? shared.solve(penalty.l2() / Math.sqrt(labelVariance))
              : null;
      if (ridge != null) {
        for (int i = 0; i < n; i++) {
          start[i] = ridge[i] / scales[i];
        }
      } else {
        double[][] a = new double[n][];
        double[] sizes = penalty.l1() > 0 ? new double[n] : null;
        for (int i = 0; i < n; i++) {
          double scale = scales[i];
          a[i] = product[i].clone();
          a[i][i] += penalty.l2() / Math.sqrt(labelVariance) * scale * scale;
          if (sizes != null) {
            sizes[i] = penalty.l1() * scale;
          }
        }
        start = Quadratic.minimize(a, right, sizes, start);
      }
      double[] coefficients = new double[m.width()];
      double intercept = form.hasIntercept() ? fullMean : 0;
      for (int i = 0; i < n; i++) {
        int j = active[i];
        coefficients[j] = start[i] / unit[i] + 0.0; // never -0.0
        if (form.hasIntercept()) {
          intercept -= coefficients[j] * full(m, j);
        }
      }
      solved.add(new LinearModel(intercept, coefficients));
    }
    return solved;
  }

  /** The factorization for all ridge penalties; null when there are few, or units too unlike. */
  private Tridiagonal shared(double[][] product, double[] right, double[] scales) {
    long ridges = path.stream().filter(p -> p.l1() == 0 && p.l2() > 0).count();
    double least = Arrays.stream(scales).min().orElse(0);
    double most = Arrays.stream(scales).max().orElse(0);
    if (ridges < SHARED || !(least * UNLIKE > most)) {
      return null;
    }
    int n = scales.length;
    double[][] a = new double[n][n];
    double[] b = new double[n];
    for (int i = 0; i < n; i++) {
      b[i] = right[i] / scales[i];
      for (int j = 0; j < n; j++) {
        a[i][j] = product[i][j] / (scales[i] * scales[j]);
      }
    }
    return new Tridiagonal(a, b);
  }

  private double full(Moments m, int j) {
    return m.mean(j) + center.features()[j];
  }
}
