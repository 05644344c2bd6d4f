package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The mean over classes of the area under the ROC curve of each class against the rest, weighted by
 * the classes' share of the labels.
 *
 * <p>In [0, 1]. Undefined when a class has no items, where scikit-learn raises an error. Multiclass
 * with probabilities only; for two classes see {@link RocAuc}. scikit-learn: {@code
 * roc_auc_score(multi_class='ovr', average='weighted')}.
 *
 * <p>Source: T. Fawcett, "An introduction to ROC analysis", 2006, doi:10.1016/j.patrec.2005.10.010,
 * section 9.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class RocAucOvrWeighted implements MulticlassRankedMetric {
  @Override
  public String name() {
    return "roc-auc-ovr-weighted";
  }

  @Override
  public Value value(Ranked state) {
    Value missing = MulticlassRankedMetric.missing(state);
    if (missing != null) {
      return missing;
    }
    WeightedMean mean = new WeightedMean();
    for (int c = 0; c < state.classes(); c++) {
      double labeled = state.labeled(c);
      mean.add(labeled, RocAuc.area(state.scores(c, c), state.scoresOfOthers(c, c)));
    }
    return Value.of(mean.value());
  }
}
