package org.assay.metric;

import org.assay.Task;

/** A metric of the 2 x 2 confusion matrix of a binary task, whose positive class is 1. */
interface BinaryConfusionMetric extends ConfusionMetric {
  @Override
  default String refusal(Target target) {
    if (target.task() != Task.BINARY) {
      return "needs a binary task, with classes 0 and 1";
    }
    return ConfusionMetric.super.refusal(target);
  }
}
