package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The mean over classes of recall: (1 / K) sum over k of (weight with label k and prediction k) /
 * (weight with label k).
 *
 * <p>In [0, 1]. Only the K classes that occur among the labels count, as in scikit-learn's {@code
 * balanced_accuracy_score}; with one class that is its recall. Undefined without items. Not
 * adjusted for chance.
 *
 * <p>Source: Brodersen, Ong, Stephan and Buhmann, "The balanced accuracy and its posterior
 * distribution", ICPR 2010, doi:10.1109/ICPR.2010.764.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class BalancedAccuracy implements ConfusionMetric {
  @Override
  public String name() {
    return "balanced-accuracy";
  }

  @Override
  public Value value(Confusion state) {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < state.classes(); c++) {
      double labeled = state.labeled(c);
      if (labeled > 0) {
        sum += state.weight(c, c) / labeled;
        present++;
      }
    }
    return present == 0 ? EMPTY : Value.of(sum / present);
  }
}
