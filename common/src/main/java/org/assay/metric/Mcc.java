package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The Matthews correlation coefficient of labels and predictions, for any number of classes: (c s -
 * sum t<sub>k</sub> p<sub>k</sub>) / sqrt((s<sup>2</sup> - sum
 * p<sub>k</sub><sup>2</sup>)(s<sup>2</sup> - sum t<sub>k</sub><sup>2</sup>)), where s is the total
 * weight, c the correct part of it, t<sub>k</sub> the part with label k and p<sub>k</sub> the part
 * predicted k.
 *
 * <p>In [-1, 1]. Undefined when all labels are one class or all predictions are, where
 * scikit-learn's {@code matthews_corrcoef} returns 0. The three differences are exact for whole
 * weights and rounded once.
 *
 * <p>Source: J. Gorodkin, "Comparing two K-category assignments by a K-category correlation
 * coefficient", 2004, doi:10.1016/j.compbiolchem.2004.09.006.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class Mcc implements ConfusionMetric {
  @Override
  public String name() {
    return "mcc";
  }

  @Override
  public Value value(Confusion state) {
    double total = state.total();
    if (total == 0) {
      return EMPTY;
    }
    double scale = state.scale();
    total *= scale;
    ExactSum both = new ExactSum();
    ExactSum predictions = new ExactSum();
    ExactSum labels = new ExactSum();
    both.addProduct(total, state.correct() * scale);
    predictions.addProduct(total, total);
    labels.addProduct(total, total);
    for (int c = 0; c < state.classes(); c++) {
      double labeled = state.labeled(c) * scale;
      double predicted = state.predicted(c) * scale;
      both.addProduct(-labeled, predicted);
      predictions.addProduct(-predicted, predicted);
      labels.addProduct(-labeled, labeled);
    }
    if (labels.value() == 0) {
      return Value.undefined("all labels are the same class");
    }
    if (predictions.value() == 0) {
      return Value.undefined("all predictions are the same class");
    }
    return Value.of(both.value() / Math.sqrt(labels.value() * predictions.value()));
  }
}
