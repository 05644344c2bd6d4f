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
    for (int c = 0; c < state.classes(); c++) {
      if (state.labeled(c) == 0) {
        return Value.undefined("no items of class " + c);
      }
    }
    return null;
  }
}
