package org.assay.metric;

/** A metric that is the weighted mean of a loss per item, or a function of it. */
public interface MeanLossMetric extends Metric<MeanLoss> {
  /** What is averaged. */
  Loss loss();

  @Override
  default MeanLoss state(Target target) {
    target.accepted(this);
    return new MeanLoss(loss());
  }

  @Override
  default Object stateKind(Target target) {
    return loss();
  }

  @Override
  default Value value(MeanLoss state) {
    return state.mean();
  }

  @Override
  default Direction direction() {
    return Direction.LOWER_IS_BETTER;
  }
}
