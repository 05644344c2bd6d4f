package org.assay.fit;

/**
 * What naive Bayes learned.
 *
 * @param prior logarithms; minus infinity for a class without training rows
 * @param theta by class and feature: logarithms of probabilities (with the sign that MLlib gives
 *     those of the complement), or means; null for a class without training rows
 * @param sigma by class and feature: variances; null unless Gaussian
 */
public record NaiveBayesModel(
    NaiveBayes.Kind kind, double[] prior, double[][] theta, double[][] sigma) implements Model {
  private static final long serialVersionUID = 1L;

  @Override
  public int outputs() {
    return prior.length;
  }

  @Override
  public double[] predict(Examples rows) {
    int classes = prior.length;
    double[] out = new double[rows.size() * classes];
    double[] constant = new double[classes];
    double[][] slope = new double[classes][];
    for (int c = 0; c < classes; c++) {
      constant[c] = kind == NaiveBayes.Kind.COMPLEMENT && theta[c] != null ? 0 : prior[c];
      if (theta[c] != null) {
        slope[c] = prepare(c, constant);
      }
    }
    for (int i = 0; i < rows.size(); i++) {
      for (int c = 0; c < classes; c++) {
        double log = constant[c];
        if (theta[c] != null) {
          log += kind == NaiveBayes.Kind.GAUSSIAN ? density(c, rows, i) : dot(slope[c], rows, i);
        }
        out[i * classes + c] = log;
      }
      Softmax.normalize(out, i * classes, classes);
    }
    return out;
  }

  /** What features are multiplied by; adds to the constant what does not depend on them. */
  private double[] prepare(int c, double[] constant) {
    double[] slope = theta[c].clone();
    if (kind == NaiveBayes.Kind.BERNOULLI) {
      for (int j = 0; j < slope.length; j++) {
        double absent = Math.log1p(-Math.exp(slope[j]));
        slope[j] -= absent;
        constant[c] += absent;
      }
    } else if (kind == NaiveBayes.Kind.GAUSSIAN) {
      double logs = 0;
      for (double variance : sigma[c]) {
        logs += Math.log(variance);
      }
      constant[c] -= logs / 2;
    }
    return slope;
  }

  private static double dot(double[] slope, Examples rows, int i) {
    double sum = 0;
    for (int j = 0; j < slope.length; j++) {
      sum += slope[j] * rows.features()[i * slope.length + j];
    }
    return sum;
  }

  private double density(int c, Examples rows, int i) {
    double[] mean = theta[c];
    double sum = 0;
    for (int j = 0; j < mean.length; j++) {
      double d = rows.features()[i * mean.length + j] - mean[j];
      sum += d * d / sigma[c][j];
    }
    return -sum / 2;
  }
}
