package org.assay.metric;

/** A metric that reads a confusion matrix. */
public interface ConfusionMetric extends Metric<Confusion> {
  /** Why a matrix without items has no value. */
  Value EMPTY = Value.undefined("no items of positive weight");

  @Override
  default String refusal(Target target) {
    return target.task().isClassification() ? null : "needs class labels";
  }

  @Override
  default Confusion state(Target target) {
    return new Confusion(target.accepted(this).classes());
  }

  @Override
  default Object stateKind(Target target) {
    return Confusion.class;
  }

  @Override
  default Direction direction() {
    return Direction.HIGHER_IS_BETTER;
  }
}
