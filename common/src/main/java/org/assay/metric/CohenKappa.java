package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * Cohen's kappa, agreement beyond chance: (p<sub>o</sub> - p<sub>e</sub>) / (1 - p<sub>e</sub>),
 * where p<sub>o</sub> is the share of items whose prediction is their label and p<sub>e</sub> = sum
 * over k of (share labeled k)(share predicted k).
 *
 * <p>In [-1, 1]. Undefined when all labels and all predictions are one and the same class
 * (p<sub>e</sub> = 1), where scikit-learn's {@code cohen_kappa_score} divides 0 by 0. Not weighted
 * by the distance of classes. The differences are exact for whole weights and rounded once.
 *
 * <p>Source: J. Cohen, "A coefficient of agreement for nominal scales", 1960,
 * doi:10.1177/001316446002000104.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class CohenKappa implements ConfusionMetric {
  @Override
  public String name() {
    return "cohen-kappa";
  }

  @Override
  public Value value(Confusion state) {
    if (state.total() == 0) {
      return EMPTY;
    }
    Association both = Association.of(state);
    return both.disagreement() == 0
        ? Value.undefined("all labels and predictions are the same class")
        : Value.of(both.agreement() / both.disagreement());
  }
}
