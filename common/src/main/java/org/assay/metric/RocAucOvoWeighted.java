package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The mean over pairs of classes of the pair's areas under the ROC curve, as in {@link
 * RocAucOvoMacro}, weighted by the pair's share of the items.
 *
 * <p>In [0, 1]. Undefined when a class has no items, where scikit-learn raises an error. Multiclass
 * with probabilities only; for two classes see {@link RocAuc}.
 *
 * <p>scikit-learn's {@code roc_auc_score(multi_class='ovo', average='weighted')} takes no weights;
 * here a row of weight 2 is the row twice.
 *
 * <p>Source: D. J. Hand and R. J. Till, "A simple generalisation of the area under the ROC curve
 * for multiple class classification problems", 2001, doi:10.1023/A:1010920819831.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class RocAucOvoWeighted implements MulticlassRankedMetric {
  @Override
  public String name() {
    return "roc-auc-ovo-weighted";
  }

  @Override
  public Value value(Ranked state) {
    Value missing = MulticlassRankedMetric.missing(state);
    if (missing != null) {
      return missing;
    }
    WeightedMean mean = new WeightedMean();
    for (int a = 0; a < state.classes(); a++) {
      for (int b = a + 1; b < state.classes(); b++) {
        double prevalence = state.labeled(a) + state.labeled(b);
        mean.add(prevalence, RocAucOvoMacro.pair(state, a, b));
      }
    }
    return Value.of(mean.value());
  }
}
