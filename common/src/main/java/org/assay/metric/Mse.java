package org.assay.metric;

import com.google.auto.service.AutoService;
import java.util.Optional;

/**
 * The mean squared error: (sum of w (y - prediction)<sup>2</sup>) / (sum of w).
 *
 * <p>At least 0; infinite when it overflows. Undefined without items. scikit-learn: {@code
 * mean_squared_error}.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class Mse implements RegressionLossMetric, OfSquares {
  @Override
  public String name() {
    return "mse";
  }

  @Override
  public Loss loss() {
    return new SquaredError();
  }

  @Override
  public Optional<Value> of(Squares sums) {
    return mean(sums).map(MeanLoss::mean);
  }

  /** The mean of squared errors, if the sums know it. */
  static Optional<MeanLoss> mean(Squares sums) {
    return sums.knowsSquaredResiduals()
        ? Optional.of(MeanLoss.of(new SquaredError(), sums.squaredResiduals(), sums.weight()))
        : Optional.empty();
  }

  /** (y - prediction)^2. */
  record SquaredError() implements Loss {
    @Override
    public double of(double label, double prediction, double[] scores) {
      return (label - prediction) * (label - prediction);
    }
  }
}
