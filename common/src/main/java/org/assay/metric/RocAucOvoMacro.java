package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The mean over pairs of classes {a, b} of (A(a|b) + A(b|a)) / 2, where A(a|b) is the area under
 * the ROC curve among the items of the two classes, ranked by the probability of a, with a as the
 * positive class. The M of Hand and Till.
 *
 * <p>In [0, 1]. Undefined when a class has no items, where scikit-learn raises an error. Multiclass
 * with probabilities only; for two classes see {@link RocAuc}.
 *
 * <p>scikit-learn's {@code roc_auc_score(multi_class='ovo')} takes no weights; here a row of weight
 * 2 is the row twice.
 *
 * <p>Source: D. J. Hand and R. J. Till, "A simple generalisation of the area under the ROC curve
 * for multiple class classification problems", 2001, doi:10.1023/A:1010920819831.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class RocAucOvoMacro implements MulticlassRankedMetric {
  @Override
  public String name() {
    return "roc-auc-ovo-macro";
  }

  @Override
  public Value value(Ranked state) {
    Value missing = MulticlassRankedMetric.missing(state);
    if (missing != null) {
      return missing;
    }
    double sum = 0;
    int pairs = 0;
    for (int a = 0; a < state.classes(); a++) {
      for (int b = a + 1; b < state.classes(); b++) {
        sum += pair(state, a, b);
        pairs++;
      }
    }
    return Value.of(sum / pairs);
  }

  /** The mean of the areas of a against b and b against a. */
  static double pair(Ranked state, int a, int b) {
    return (RocAuc.area(state.scores(a, a), state.scores(b, a))
            + RocAuc.area(state.scores(b, b), state.scores(a, b)))
        / 2;
  }
}
