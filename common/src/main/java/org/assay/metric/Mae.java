package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The mean absolute error: (sum of w |y - prediction|) / (sum of w).
 *
 * <p>At least 0. Undefined without items. scikit-learn: {@code mean_absolute_error}.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class Mae implements RegressionLossMetric {
  @Override
  public String name() {
    return "mae";
  }

  @Override
  public Loss loss() {
    return new AbsoluteError();
  }

  /** |y - prediction|. */
  record AbsoluteError() implements Loss {
    @Override
    public double of(double label, double prediction, double[] scores) {
      return Math.abs(label - prediction);
    }
  }
}
