package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The share of negatives that are predicted negative: TN / (TN + FP), where class 0 is negative.
 *
 * <p>In [0, 1]. Undefined when no label is negative. Binary only. scikit-learn: {@code
 * recall_score} with {@code pos_label=0}.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class Specificity implements BinaryConfusionMetric {
  @Override
  public String name() {
    return "specificity";
  }

  @Override
  public Value value(Confusion state) {
    double negatives = state.labeled(0);
    if (negatives > 0) {
      return Value.of(state.weight(0, 0) / negatives);
    }
    return state.total() == 0 ? EMPTY : Value.undefined("no label is negative");
  }
}
