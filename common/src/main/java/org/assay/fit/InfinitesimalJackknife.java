package org.assay.fit;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.fit.Glm.Curvature;

/**
 * About what logistic regression and generalized linear models predict for each training row when
 * that row is left out of training: without refits, by one solution of linear equations per row.
 *
 * <p><b>Definition.</b> With b the minimum of an objective F over all rows, H its Hessian there and
 * F_i the objective without row i (with the weights, and for a penalty the standard deviations,
 * that are left), the prediction is that of b - H^-1 grad F_i(b). That is the first term of b's
 * expansion in the row's weight, the infinitesimal jackknife, and needs no new Hessian; what it
 * leaves out is of second order in the row's influence. Where a row weighs much (few rows, a high
 * leverage, a rare class) use {@link LeaveOneOut}'s way, a refit.
 *
 * <p><b>Edges.</b> A feature that varies because of the row alone keeps its coefficient, about; a
 * class that is in the row alone keeps a probability. Collinear features without a penalty, and
 * penalties on sizes, whose zeros do not move smoothly, are refused. Generalized linear models are
 * taken without a penalty, with the observed curvature, which is the expected one for canonical
 * links.
 *
 * <p>Source: R. Giordano et al., "A Swiss army infinitesimal jackknife", AISTATS 2019 (PMLR 89),
 * arXiv 1806.00550.
 */
public final class InfinitesimalJackknife {
  private final Examples rows;
  private final Form form;
  private final int[] active;
  private final double[] mean;

  /** By feature: sums of weighted squares around the mean. */
  private final double[] squares;

  private final double weight;
  private final double weightSquares;

  private InfinitesimalJackknife(Examples rows, Form form) {
    this.rows = rows;
    this.form = form;
    weight = Arrays.stream(rows.weight()).sum();
    weightSquares = Arrays.stream(rows.weight()).map(w -> w * w).sum();
    int p = rows.width();
    mean = new double[p];
    squares = new double[p];
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < p; j++) {
        mean[j] += rows.weight()[i] / weight * rows.features()[i * p + j];
      }
    }
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < p; j++) {
        double d = rows.features()[i * p + j] - mean[j];
        squares[j] += rows.weight()[i] * d * d;
      }
    }
    active = IntStream.range(0, p).filter(this::varies).toArray();
  }

  private boolean varies(int j) {
    return IntStream.range(0, rows.size())
            .filter(i -> rows.weight()[i] > 0)
            .mapToDouble(i -> rows.features()[i * rows.width() + j])
            .distinct()
            .limit(2)
            .count()
        > 1;
  }

  /**
   * Probabilities by logistic regression.
   *
   * @param model the minimum for all of the rows
   * @return by row and class
   */
  public static double[] predict(LogisticModel model, Form form, Penalty penalty, Examples rows) {
    if (penalty.l1() > 0) {
      throw UserException.usage(
          "elasticNetParam = "
              + penalty.elasticNetParam()
              + ": the infinitesimal jackknife needs a smooth penalty; use 0, or refits");
    }
    for (double intercept : model.intercepts()) {
      if (Double.isInfinite(intercept)) {
        throw UserException.input(
            "a class without training rows: the infinitesimal jackknife needs all of them; use"
                + " refits");
      }
    }
    return new InfinitesimalJackknife(rows, form).logistic(model, penalty.l2());
  }

  /** Expected labels by a generalized linear model without a penalty. */
  public static double[] predict(GlmModel model, Form.Intercept intercept, Examples rows) {
    return new InfinitesimalJackknife(rows, new Form(intercept, Form.Scale.ORIGINAL)).glm(model);
  }

  private int first() {
    return form.hasIntercept() ? 1 : 0;
  }

  private int count() {
    return first() + active.length;
  }

  /** What a row multiplies variables by: 1 for the intercept, features from their means. */
  private double[] terms(int row) {
    double[] z = new double[count()];
    if (form.hasIntercept()) {
      z[0] = 1;
    }
    for (int v = first(); v < z.length; v++) {
      int j = active[v - first()];
      double x = rows.features()[row * rows.width() + j];
      z[v] = form.hasIntercept() ? x - mean[j] : x;
    }
    return z;
  }

  /** Variance of a feature as logistic regression measures it, without a row, or with all (-1). */
  private double unit(int j, int row) {
    if (!form.standardized()) {
      return 1;
    }
    double left = weight;
    double leftSquares = weightSquares;
    double deviations = squares[j];
    if (row >= 0) {
      double w = rows.weight()[row];
      double d = rows.features()[row * rows.width() + j] - mean[j];
      left -= w;
      leftSquares -= w * w;
      deviations -= w * weight / left * d * d;
    }
    return deviations / (left - leftSquares / left);
  }

  private static double dot(double[] x, double[] y, int from) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[from + i];
    }
    return sum;
  }

  private static double[][] factor(double[][] hessian) {
    double[][] factor = Symmetric.cholesky(hessian);
    if (factor == null) {
      throw UserException.input(
          "collinear features: the infinitesimal jackknife needs a unique minimum; leave some out,"
              + " or use a penalty");
    }
    return factor;
  }

  private double[] logistic(LogisticModel model, double l2) {
    int classes = model.outputs();
    int sets = model.intercepts().length;
    int m = count();
    double[] at = new double[sets * m];
    for (int k = 0; k < sets; k++) {
      for (int v = first(); v < m; v++) {
        int j = active[v - first()];
        at[k * m + v] = model.coefficients()[k][j];
        if (form.hasIntercept()) {
          at[k * m] += model.coefficients()[k][j] * mean[j];
        }
      }
      if (form.hasIntercept()) {
        at[k * m] += model.intercepts()[k];
      }
    }
    double[][] hessian = new double[at.length][at.length];
    double[] sum = new double[at.length];
    double[] p = model.predict(rows);
    for (int i = 0; i < rows.size(); i++) {
      double[] z = terms(i);
      addGradient(p, i, classes, sets, z, rows.weight()[i], sum);
      for (int k = 0; k < sets; k++) {
        double pk = p[i * classes + (sets == 1 ? 1 : k)];
        for (int l = 0; l < sets; l++) {
          double pl = p[i * classes + (sets == 1 ? 1 : l)];
          double w = rows.weight()[i] / weight * (k == l ? pk * (1 - pk) : -pk * pl);
          for (int v = 0; v < m; v++) {
            for (int u = 0; u < m; u++) {
              hessian[k * m + v][l * m + u] += w * z[v] * z[u];
            }
          }
        }
      }
    }
    for (int c = 0; c < at.length; c++) {
      if (c % m >= first()) {
        hessian[c][c] += l2 * unit(active[c % m - first()], -1);
      }
    }
    for (int v = 0; v < (l2 == 0 ? m : first()) && sets > 1; v++) {
      LogisticRegression.pin(hessian, sets, m, v);
    }
    double[][] factor = factor(hessian);
    double[] out = new double[rows.size() * classes];
    for (int i = 0; i < rows.size(); i++) {
      double[] z = terms(i);
      double[] without = sum.clone();
      addGradient(p, i, classes, sets, z, -rows.weight()[i], without);
      for (int c = 0; c < at.length; c++) {
        without[c] /= weight - rows.weight()[i];
        if (c % m >= first()) {
          without[c] += l2 * unit(active[c % m - first()], i) * at[c];
        }
      }
      double[] step = Symmetric.solve(factor, without);
      for (int k = 0; k < sets; k++) {
        out[i * classes + (sets == 1 ? 1 : k)] = dot(z, at, k * m) - dot(z, step, k * m);
      }
      Softmax.normalize(out, i * classes, classes);
    }
    return out;
  }

  private void addGradient(
      double[] p, int row, int classes, int sets, double[] z, double w, double[] sum) {
    for (int k = 0; k < sets; k++) {
      int c = sets == 1 ? 1 : k;
      double residual = w * (p[row * classes + c] - (rows.label()[row] == c ? 1 : 0));
      for (int v = 0; v < z.length; v++) {
        sum[k * z.length + v] += residual * z[v];
      }
    }
  }

  private double[] glm(GlmModel model) {
    double[] predictor = model.linear().predict(rows);
    int m = count();
    double[][] hessian = new double[m][m];
    double[] slope = new double[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      Curvature row = model.glm().curvature(rows.label()[i], predictor[i] + rows.offset(i));
      slope[i] = rows.weight()[i] * row.slope();
      double w = rows.weight()[i] * row.curvature();
      double[] z = terms(i);
      for (int v = 0; v < m; v++) {
        for (int u = 0; u < m; u++) {
          hessian[v][u] += w * z[v] * z[u];
        }
      }
    }
    double[][] factor = factor(hessian);
    double[] out = new double[rows.size()];
    for (int i = 0; i < out.length; i++) {
      double[] z = terms(i);
      // All rows' gradients sum to 0, so what is left without this one is its own, turned round.
      double step = slope[i] * dot(z, Symmetric.solve(factor, z), 0);
      out[i] = model.glm().mean(predictor[i] + rows.offset(i) + step);
    }
    return out;
  }
}
