package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The mean absolute percentage error: the mean of |y - prediction| / max(|y|, e) with e =
 * 2<sup>-52</sup>.
 *
 * <p>At least 0, and a fraction, not a percentage: 0.1 is 10 %. A label of 0 that is not met gives
 * an arbitrarily large number, as in scikit-learn's {@code mean_absolute_percentage_error}.
 * Undefined without items.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class Mape implements RegressionLossMetric {
  @Override
  public String name() {
    return "mape";
  }

  @Override
  public Loss loss() {
    return new RelativeError();
  }

  /** |y - prediction| / max(|y|, 2^-52). */
  record RelativeError() implements Loss {
    @Override
    public double of(double label, double prediction, double[] scores) {
      return Math.abs(label - prediction) / Math.max(Math.abs(label), 0x1.0p-52);
    }
  }
}
