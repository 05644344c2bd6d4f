package org.assay.metric;

/** A metric that reads a confusion matrix. */
public interface ConfusionMetric extends Metric<Confusion> {
  /** Why a matrix without items has no value. */
  Value EMPTY = Value.undefined("no items of positive weight");

  /** Why a metric of more than correctness refuses predictions of which no more is known. */
  String UNKNOWN = "needs the predicted classes, not only whether they are right";

  @Override
  default String refusal(Target target) {
    if (!target.task().isClassification()) {
      return "needs class labels";
    }
    return target.isOnlyCorrectness() ? UNKNOWN : null;
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
