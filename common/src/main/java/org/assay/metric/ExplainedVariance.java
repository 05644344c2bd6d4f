package org.assay.metric;

import com.google.auto.service.AutoService;
import java.util.Optional;

/**
 * The share of the variance of the labels that the predictions explain: 1 - Var(y - prediction) /
 * Var(y), variances weighted. Unlike {@link R2} it forgives a constant offset.
 *
 * <p>At most 1. Undefined when all labels are equal, where scikit-learn's {@code
 * explained_variance_score} returns 1 or 0. Computed exactly from {@link Residuals} and rounded
 * once.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class ExplainedVariance implements ResidualsMetric, OfSquares {
  @Override
  public String name() {
    return "explained-variance";
  }

  @Override
  public Value value(Residuals state) {
    return state.explainedVariance();
  }

  @Override
  public Optional<Value> of(Squares sums) {
    return sums.knowsVarianceOfResiduals() && sums.knowsVarianceOfLabels()
        ? Optional.of(value(Residuals.of(sums)))
        : Optional.empty();
  }
}
