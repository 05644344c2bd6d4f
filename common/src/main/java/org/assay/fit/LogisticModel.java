package org.assay.fit;

/**
 * Logistic regression.
 *
 * @param intercepts one, for the second of two classes, or one per class; minus infinity for a
 *     class without training rows, infinite with its sign when there was but one of two classes
 * @param coefficients by set and feature, in the features' own units
 */
public record LogisticModel(double[] intercepts, double[][] coefficients, Convergence convergence)
    implements Model {
  private static final long serialVersionUID = 1L;

  /** With coefficients that are known. */
  public LogisticModel(double[] intercepts, double[][] coefficients) {
    this(intercepts, coefficients, Convergence.CLOSED_FORM);
  }

  @Override
  public int outputs() {
    return Math.max(2, intercepts.length);
  }

  @Override
  public double[] predict(Examples rows) {
    int classes = outputs();
    double[] out = new double[rows.size() * classes];
    for (int i = 0; i < rows.size(); i++) {
      for (int k = 0; k < intercepts.length; k++) {
        double sum = intercepts[k];
        double[] b = coefficients[k];
        for (int j = 0; j < b.length; j++) {
          sum += b[j] * rows.features()[i * b.length + j];
        }
        out[i * classes + k] = sum;
      }
      if (intercepts.length == 1) {
        double eta = out[i * classes];
        out[i * classes] = 1 / (1 + Math.exp(eta));
        out[i * classes + 1] = 1 / (1 + Math.exp(-eta));
      } else {
        Softmax.normalize(out, i * classes, classes);
      }
    }
    return out;
  }
}
