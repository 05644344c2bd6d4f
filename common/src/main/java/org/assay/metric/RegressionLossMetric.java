package org.assay.metric;

import org.assay.Task;

/** A mean loss of predicted numbers. */
interface RegressionLossMetric extends MeanLossMetric {
  @Override
  default String refusal(Target target) {
    return target.task() == Task.REGRESSION ? null : "needs numbers as labels (task = regression)";
  }
}
