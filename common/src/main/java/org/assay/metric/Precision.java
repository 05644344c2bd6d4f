package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The share of predicted positives that are positive: TP / (TP + FP), where class 1 is positive.
 *
 * <p>In [0, 1]. Undefined when nothing is predicted positive, where scikit-learn's {@code
 * precision_score} warns and returns 0. Binary only: for several classes see {@link F1Macro} and
 * its relatives.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class Precision implements BinaryConfusionMetric {
  @Override
  public String name() {
    return "precision";
  }

  @Override
  public Value value(Confusion state) {
    double predicted = state.predicted(1);
    if (predicted > 0) {
      return Value.of(state.weight(1, 1) / predicted);
    }
    return state.total() == 0 ? EMPTY : Value.undefined("no item is predicted positive");
  }
}
