package org.assay.fit;

import java.util.List;

/**
 * What linear regression predicts for each training row when that row is left out of training.
 *
 * <p>Without a penalty in closed form: with the leverage h of a row, its residual becomes residual
 * / (1 - h), one solution of the equations per row. With a penalty there is none, since leaving a
 * row out moves the standard deviations that MLlib measures penalties in; then the row is taken out
 * of the moments and the equations are solved anew. Both are the figures of refits, to rounding; a
 * row that alone makes a feature vary (leverage 1) is refitted without that feature, as MLlib
 * would.
 */
public final class LeaveOneOut {
  /** Leverages nearer to 1 have lost their digits. */
  private static final double ALONE = 1e-8;

  private LeaveOneOut() {}

  /**
   * Predictions for the rows of a block.
   *
   * @param total the moments of all rows; unchanged
   * @param rows each counts once in {@code total}
   * @return for each penalty, for each row
   */
  public static double[][] predict(Moments total, Form form, List<Penalty> path, Examples rows) {
    double[][] out = new double[path.size()][];
    for (int k = 0; k < path.size(); k++) {
      LinearRegression regression = new LinearRegression(total.center, form, List.of(path.get(k)));
      out[k] =
          path.get(k).regParam() == 0
              ? byLeverage(total, form, regression, rows)
              : byRefit(total, regression, rows);
    }
    return out;
  }

  private static double[] byRefit(Moments total, LinearRegression regression, Examples rows) {
    double[] out = new double[rows.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = refit(total, regression, rows, i);
    }
    return out;
  }

  private static double refit(Moments total, LinearRegression regression, Examples rows, int row) {
    regression.take(total.without(rows, row));
    return regression.models().get(0).predict(rows.rows(row, row + 1))[0];
  }

  private static double[] byLeverage(
      Moments total, Form form, LinearRegression regression, Examples rows) {
    regression.take(total);
    double[] predicted = regression.models().get(0).predict(rows);
    int[] active = total.varying();
    int n = active.length;
    double weight = total.weight();
    double[][] a = new double[n][n];
    double[] mean = new double[n];
    for (int i = 0; i < n; i++) {
      mean[i] =
          form.hasIntercept() ? total.mean(active[i]) + total.center.features()[active[i]] : 0;
      double full = total.mean(active[i]) + total.center.features()[active[i]];
      for (int j = 0; j <= i; j++) {
        double other = total.mean(active[j]) + total.center.features()[active[j]];
        a[i][j] = total.covariance(active[j], active[i]) + (form.hasIntercept() ? 0 : full * other);
        a[j][i] = a[i][j];
      }
    }
    double[][] factor = Symmetric.cholesky(a);
    double[] out = new double[rows.size()];
    for (int i = 0; i < out.length; i++) {
      double leverage = 1;
      if (factor != null) {
        double[] z = new double[n];
        for (int j = 0; j < n; j++) {
          z[j] = rows.features()[i * rows.width() + active[j]] - mean[j];
        }
        double[] solved = Symmetric.solve(factor, z);
        leverage = form.hasIntercept() ? 1 : 0;
        for (int j = 0; j < n; j++) {
          leverage += z[j] * solved[j];
        }
        leverage *= rows.weight()[i] / weight;
      }
      double left = 1 - leverage;
      double y = rows.label()[i];
      if (left > ALONE && !varyingBecauseOf(total, active, rows, i)) {
        out[i] = y - (y - predicted[i]) / left;
      } else {
        out[i] = refit(total, regression, rows, i);
      }
    }
    return out;
  }

  /** Whether some feature would be constant, and so be left out, without this row. */
  private static boolean varyingBecauseOf(Moments total, int[] active, Examples rows, int row) {
    double share = rows.weight()[row] / total.weight();
    for (int j : active) {
      double deviation =
          rows.features()[row * rows.width() + j] - total.center.features()[j] - total.mean(j);
      double variance = total.covariance(j, j);
      if (variance - share / (1 - share) * deviation * deviation <= ALONE * variance) {
        return true;
      }
    }
    return false;
  }
}
