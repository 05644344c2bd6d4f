package org.assay.metric;

import org.assay.Task;

/** A metric of how the probabilities of several classes rank the items. */
interface MulticlassRankedMetric extends RankedMetric {
  @Override
  default String refusal(Target target) {
    return target.task() == Task.MULTICLASS && target.hasProbabilities()
        ? null
        : "needs a multiclass task with probabilities";
  }

  /** Why these items have no value, or null: every class must have some. */
  static Value missing(Ranked state) {
    int present = 0;
    int missing = -1;
    for (int c = state.classes() - 1; c >= 0; c--) {
      if (state.labeled(c) > 0) {
        present++;
      } else {
        missing = c;
      }
    }
    if (present == 0) {
      return Value.undefined("no items of positive weight");
    }
    return missing < 0 ? null : Value.undefined("no items of class " + missing);
  }
}
