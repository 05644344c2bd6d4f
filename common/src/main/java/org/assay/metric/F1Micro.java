package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * F1 of the counts pooled over classes: 2 sum TP<sub>k</sub> / (2 sum TP<sub>k</sub> + sum
 * FP<sub>k</sub> + sum FN<sub>k</sub>).
 *
 * <p>Every wrong item is one false positive and one false negative, so this is the {@link
 * Accuracy}; it has a name of its own because people look for it. In [0, 1]. Undefined without
 * items. scikit-learn: {@code f1_score(average='micro')}.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class F1Micro implements ConfusionMetric {
  @Override
  public String name() {
    return "f1-micro";
  }

  @Override
  public Value value(Confusion state) {
    double total = state.total();
    return total == 0 ? EMPTY : Value.of(state.correct() / total);
  }
}
