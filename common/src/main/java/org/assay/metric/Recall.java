package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The share of positives that are predicted positive: TP / (TP + FN), where class 1 is positive.
 * Also called sensitivity.
 *
 * <p>In [0, 1]. Undefined when no label is positive, where scikit-learn's {@code recall_score}
 * warns and returns 0. Binary only.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class Recall implements BinaryConfusionMetric {
  @Override
  public String name() {
    return "recall";
  }

  @Override
  public Value value(Confusion state) {
    double positives = state.labeled(1);
    if (positives > 0) {
      return Value.of(state.weight(1, 1) / positives);
    }
    return state.total() == 0 ? EMPTY : Value.undefined("no label is positive");
  }
}
