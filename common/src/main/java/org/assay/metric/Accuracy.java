package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The share of items whose prediction is their label: (sum of w where prediction = label) / (sum of
 * w).
 *
 * <p>In [0, 1]. Undefined without items. The weighted mean of correctness, so exact but for one
 * division. All it needs to know of a prediction is whether it is right. scikit-learn: {@code
 * accuracy_score}.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class Accuracy implements ConfusionMetric {
  @Override
  public String name() {
    return "accuracy";
  }

  @Override
  public String refusal(Target target) {
    return target.task().isClassification() ? null : "needs class labels";
  }

  @Override
  public Value value(Confusion state) {
    double total = state.total();
    return total == 0 ? EMPTY : Value.of(state.correct() / total);
  }
}
