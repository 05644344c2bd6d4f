package org.assay.metric;

import com.google.auto.service.AutoService;
import org.assay.Task;

/**
 * The weighted median of |y - prediction|.
 *
 * <p>The median is the mean of the lowest and the highest number m such that at most half of the
 * weight lies below m and at most half above. Without weights it is the usual one, the mean of the
 * two in the middle when n is even, as in scikit-learn's {@code median_absolute_error}.
 * scikit-learn 1.2 takes the lower of the two when weights are given; they differ only where
 * exactly half of the weight lies below, and ours keeps weight 2 equal to the row twice. At least
 * 0. Undefined without items.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class MedianAbsoluteError implements Metric<AbsoluteErrors> {
  @Override
  public String name() {
    return "median-absolute-error";
  }

  @Override
  public Direction direction() {
    return Direction.LOWER_IS_BETTER;
  }

  @Override
  public String refusal(Target target) {
    return target.task() == Task.REGRESSION ? null : "needs numbers as labels (task = regression)";
  }

  @Override
  public AbsoluteErrors state(Target target) {
    target.accepted(this);
    return new AbsoluteErrors();
  }

  @Override
  public Object stateKind(Target target) {
    return AbsoluteErrors.class;
  }

  @Override
  public Value value(AbsoluteErrors state) {
    return state.median();
  }
}
