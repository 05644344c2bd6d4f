package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The mean over classes of the area under the ROC curve of each class against the rest, ranked by
 * the probability of that class.
 *
 * <p>In [0, 1]. Undefined when a class has no items, where scikit-learn raises an error. Multiclass
 * with probabilities only; for two classes see {@link RocAuc}. scikit-learn: {@code
 * roc_auc_score(multi_class='ovr')}.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class RocAucOvrMacro implements MulticlassRankedMetric {
  @Override
  public String name() {
    return "roc-auc-ovr-macro";
  }

  @Override
  public Value value(Ranked state) {
    Value missing = MulticlassRankedMetric.missing(state);
    if (missing != null) {
      return missing;
    }
    double sum = 0;
    for (int c = 0; c < state.classes(); c++) {
      sum += RocAuc.area(state.scores(c, c), state.scoresOfOthers(c, c));
    }
    return Value.of(sum / state.classes());
  }
}
