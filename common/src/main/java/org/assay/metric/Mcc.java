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
    if (state.total() == 0) {
      return EMPTY;
    }
    Association both = Association.of(state);
    if (both.labels() == 0) {
      return Value.undefined("all labels are the same class");
    }
    if (both.predictions() == 0) {
      return Value.undefined("all predictions are the same class");
    }
    return Value.of(both.agreement() / Math.sqrt(both.labels() * both.predictions()));
  }
}
