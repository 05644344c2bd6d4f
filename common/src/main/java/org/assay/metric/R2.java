package org.assay.metric;

import com.google.auto.service.AutoService;
import java.util.Optional;

/**
 * The coefficient of determination: 1 - (sum of w (y - prediction)<sup>2</sup>) / (sum of w (y -
 * mean of y)<sup>2</sup>), where the mean is weighted too.
 *
 * <p>At most 1, and negative when the mean would have predicted better. Undefined when all labels
 * are equal, a single item included, where scikit-learn's {@code r2_score} returns 1, 0 or NaN.
 * Computed exactly from {@link Residuals} and rounded once.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class R2 implements ResidualsMetric, OfSquares {
  @Override
  public String name() {
    return "r2";
  }

  @Override
  public Value value(Residuals state) {
    return state.determination();
  }

  @Override
  public Optional<Value> of(Squares sums) {
    return sums.knowsSquaredResiduals() && sums.knowsVarianceOfLabels()
        ? Optional.of(value(Residuals.of(sums)))
        : Optional.empty();
  }
}
