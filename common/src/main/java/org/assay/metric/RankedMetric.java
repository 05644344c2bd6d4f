package org.assay.metric;

import org.assay.Task;

/** A metric of how a score ranks the items of a binary task. */
public interface RankedMetric extends Metric<Ranked> {
  @Override
  default String refusal(Target target) {
    return target.task() == Task.BINARY && target.isScored()
        ? null
        : "needs a binary task with scores";
  }

  @Override
  default Ranked state(Target target) {
    return new Ranked(target.accepted(this));
  }

  @Override
  default Object stateKind(Target target) {
    return Ranked.class;
  }

  @Override
  default Direction direction() {
    return Direction.HIGHER_IS_BETTER;
  }
}
