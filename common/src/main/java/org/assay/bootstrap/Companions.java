package org.assay.bootstrap;

import java.io.Serializable;
import java.util.Optional;
import org.assay.metric.Accuracy;
import org.assay.metric.Confusion;
import org.assay.metric.ConfusionMetric;
import org.assay.metric.MeanLossMetric;
import org.assay.metric.Metric;
import org.assay.metric.Precision;
import org.assay.metric.Recall;
import org.assay.metric.Specificity;
import org.assay.metric.Target;
import org.assay.metric.Value;

/**
 * What some intervals need to know besides a metric's value: numbers that are measured beside it,
 * by the same draws, as if they were metrics themselves.
 */
public final class Companions {
  private Companions() {}

  /**
   * Of a metric that is a proportion, the number of trials that it is a proportion of: all items
   * for the accuracy, the positives for the recall, the negatives for the specificity, the
   * predicted positives for the precision. Empty for any other metric.
   */
  public static Optional<Metric<?>> trials(Metric<?> metric) {
    Reading count =
        metric instanceof Accuracy
            ? c -> Value.of(c.total())
            : metric instanceof Recall
                ? c -> Value.of(c.labeled(1))
                : metric instanceof Specificity
                    ? c -> Value.of(c.labeled(0))
                    : metric instanceof Precision ? c -> Value.of(c.predicted(1)) : null;
    return count == null
        ? Optional.empty()
        : Optional.of(new OfConfusion("trials", (ConfusionMetric) metric, count));
  }

  /**
   * The standard error of a metric by a formula: of the accuracy a, sqrt(a (1 - a) / n); of a mean
   * loss, sqrt(mean of l<sup>2</sup> - (mean of l)<sup>2</sup>) / sqrt(n). Empty for a metric
   * without formula. Both take items for independent.
   */
  public static Optional<Metric<?>> standardError(Metric<?> metric) {
    if (!Means.isOne(metric)) {
      return Optional.empty();
    }
    return Optional.of(
        metric instanceof MeanLossMetric mean
            ? new MeanError(mean)
            : new OfConfusion(
                "standard-error",
                (ConfusionMetric) metric,
                c -> {
                  double n = c.total();
                  double right = c.correct() / n;
                  return n == 0
                      ? ConfusionMetric.EMPTY
                      : Value.of(Math.sqrt(right * ((n - c.correct()) / n) / n));
                }));
  }

  /** How a companion reads a confusion matrix. */
  private interface Reading extends Serializable {
    Value of(Confusion confusion);
  }

  /** A companion of a metric of the confusion matrix. */
  private record OfConfusion(String what, ConfusionMetric metric, Reading reading)
      implements ConfusionMetric {
    @Override
    public String name() {
      return what + "(" + metric.spec() + ")";
    }

    @Override
    public String refusal(Target target) {
      return metric.refusal(target);
    }

    @Override
    public Value value(Confusion state) {
      return reading.of(state);
    }
  }
}
