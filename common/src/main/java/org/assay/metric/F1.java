package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The harmonic mean of precision and recall of class 1: 2 TP / (2 TP + FP + FN).
 *
 * <p>In [0, 1]; 0 by this formula when there are positives, among labels or predictions, but no
 * true positive. Undefined when neither a label nor a prediction is positive, where scikit-learn's
 * {@code f1_score} warns and returns 0. Binary only.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class F1 implements BinaryConfusionMetric {
  @Override
  public String name() {
    return "f1";
  }

  @Override
  public Value value(Confusion state) {
    if (state.total() == 0) {
      return EMPTY;
    }
    double f1 = ofClass(state, 1);
    return Double.isNaN(f1)
        ? Value.undefined("no label and no prediction is positive")
        : Value.of(f1);
  }

  /**
   * The F1 of one class against the others; NaN when it is neither label nor prediction of any
   * item.
   */
  static double ofClass(Confusion state, int c) {
    return 2 * state.weight(c, c) / (state.labeled(c) + state.predicted(c));
  }
}
