package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The mean over classes of F1, weighted by the classes' share of the labels: sum over k of
 * n<sub>k</sub> F1<sub>k</sub> / sum of n<sub>k</sub>, where n<sub>k</sub> is the weight with label
 * k.
 *
 * <p>In [0, 1]. Undefined without items. scikit-learn: {@code f1_score(average='weighted')}.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class F1Weighted implements ConfusionMetric {
  @Override
  public String name() {
    return "f1-weighted";
  }

  @Override
  public Value value(Confusion state) {
    if (state.total() == 0) {
      return EMPTY;
    }
    WeightedMean mean = new WeightedMean();
    for (int c = 0; c < state.classes(); c++) {
      double labeled = state.labeled(c);
      if (labeled > 0) {
        mean.add(labeled, F1.ofClass(state, c));
      }
    }
    return Value.of(mean.value());
  }
}
