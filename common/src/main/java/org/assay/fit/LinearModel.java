package org.assay.fit;

import java.util.Arrays;

/**
 * A linear predictor: a number for each row.
 *
 * @param intercept 0 when none was fitted
 * @param coefficients in the features' own units; 0 for features that were constant in training
 */
public record LinearModel(double intercept, double[] coefficients) implements Model {
  private static final long serialVersionUID = 1L;

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public double[] predict(Examples rows) {
    double[] out = new double[rows.size()];
    int width = coefficients.length;
    for (int i = 0; i < out.length; i++) {
      out[i] = intercept + dot(coefficients, rows.features(), i * width);
    }
    return out;
  }

  /**
   * The sum of products of {@code b} and the numbers of x from a place on: four sums side by side,
   * for one would wait for each addition.
   */
  static double dot(double[] b, double[] x, int at) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 3 < b.length; j += 4) {
      s0 += b[j] * x[at + j];
      s1 += b[j + 1] * x[at + j + 1];
      s2 += b[j + 2] * x[at + j + 2];
      s3 += b[j + 3] * x[at + j + 3];
    }
    for (; j < b.length; j++) {
      s0 += b[j] * x[at + j];
    }
    return (s0 + s1) + (s2 + s3);
  }

  @Override
  public String toString() {
    return intercept + " + " + Arrays.toString(coefficients) + " x";
  }
}
