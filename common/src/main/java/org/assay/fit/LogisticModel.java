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
        double[] b = coefficients[k];
        out[i * classes + k] = intercepts[k] + LinearModel.dot(b, rows.features(), i * b.length);
      }
      if (intercepts.length == 1) {
        double eta = out[i * classes];
        double e = Math.exp(-Math.abs(eta));
        int likely = eta >= 0 ? 1 : 0;
        out[i * classes + likely] = 1 / (1 + e);
        out[i * classes + 1 - likely] = e / (1 + e);
      } else {
        Softmax.normalize(out, i * classes, classes);
      }
    }
    return out;
  }
}
