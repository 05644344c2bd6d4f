package org.assay.metric;

import org.assay.Task;

/** A metric of variances of labels and residuals. */
interface ResidualsMetric extends Metric<Residuals> {
  @Override
  default String refusal(Target target) {
    return target.task() == Task.REGRESSION ? null : "needs numbers as labels (task = regression)";
  }

  @Override
  default Residuals state(Target target) {
    target.accepted(this);
    return new Residuals();
  }

  @Override
  default Object stateKind(Target target) {
    return Residuals.class;
  }

  @Override
  default Direction direction() {
    return Direction.HIGHER_IS_BETTER;
  }
}
