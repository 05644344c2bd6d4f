package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The mean over classes of F1: (1 / K) sum over k of 2 TP<sub>k</sub> / (2 TP<sub>k</sub> +
 * FP<sub>k</sub> + FN<sub>k</sub>).
 *
 * <p>In [0, 1]. The K classes are those that occur among labels or predictions, as in
 * scikit-learn's {@code f1_score(average='macro')}. Undefined without items.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class F1Macro implements ConfusionMetric {
  @Override
  public String name() {
    return "f1-macro";
  }

  @Override
  public Value value(Confusion state) {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < state.classes(); c++) {
      double f1 = F1.ofClass(state, c);
      if (!Double.isNaN(f1)) {
        sum += f1;
        present++;
      }
    }
    return present == 0 ? EMPTY : Value.of(sum / present);
  }
}
