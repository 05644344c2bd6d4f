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
      double sum = intercept;
      int at = i * width;
      for (int j = 0; j < width; j++) {
        sum += coefficients[j] * rows.features()[at + j];
      }
      out[i] = sum;
    }
    return out;
  }

  @Override
  public String toString() {
    return intercept + " + " + Arrays.toString(coefficients) + " x";
  }
}
