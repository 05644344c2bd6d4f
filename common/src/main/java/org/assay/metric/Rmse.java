package org.assay.metric;

import com.google.auto.service.AutoService;
import java.util.Optional;

/**
 * The root of the mean squared error, in units of the label: sqrt((sum of w (y -
 * prediction)<sup>2</sup>) / (sum of w)).
 *
 * <p>At least 0; infinite when the squares overflow. Undefined without items. scikit-learn: {@code
 * mean_squared_error(squared=False)}.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class Rmse implements RegressionLossMetric, OfSquares {
  @Override
  public String name() {
    return "rmse";
  }

  @Override
  public Loss loss() {
    return new Mse.SquaredError();
  }

  @Override
  public Value value(MeanLoss state) {
    Value mse = state.mean();
    return mse.isDefined() ? Value.of(Math.sqrt(mse.value())) : mse;
  }

  @Override
  public Optional<Value> of(Squares sums) {
    return Mse.mean(sums).map(this::value);
  }
}
