package org.assay.bootstrap;

import java.util.Optional;
import org.assay.metric.Accuracy;
import org.assay.metric.Loss;
import org.assay.metric.MeanLoss;
import org.assay.metric.MeanLossMetric;
import org.assay.metric.Metric;
import org.assay.metric.Value;

/** Metrics that are the mean of a number per item: accuracy, and mean losses as they are. */
public final class Means {
  private Means() {}

  /** Whether a metric is one. The root of a mean is none. */
  public static boolean isOne(Metric<?> metric) {
    return metric instanceof Accuracy
        || metric instanceof MeanLossMetric mean
            && mean.value(MeanLoss.of(mean.loss(), 6, 2)).value() == 3;
  }

  /**
   * The number of each item, of which such a metric is the mean.
   *
   * @throws IllegalArgumentException if the metric is none
   */
  public static double[] of(Metric<?> metric, double[] label, Scored scored) {
    if (!isOne(metric)) {
      throw new IllegalArgumentException(metric.spec() + " is no mean over items");
    }
    return Losses.of(loss(metric).orElseThrow(), label, scored);
  }

  /**
   * The number of each item, of which a metric is the mean, or a function of the mean, as rmse is;
   * empty if it is neither.
   */
  public static Optional<Loss> loss(Metric<?> metric) {
    return metric instanceof MeanLossMetric mean
        ? Optional.of(mean.loss())
        : metric instanceof Accuracy ? Optional.of(new Right()) : Optional.empty();
  }

  /** What a metric makes of the mean of its {@link #loss}: for those that are means, the same. */
  public static Value ofMean(Metric<?> metric, double mean) {
    return metric instanceof MeanLossMetric own && !isOne(metric)
        ? own.value(MeanLoss.of(own.loss(), mean, 1))
        : Value.of(mean);
  }

  /** 1 where the prediction is the label, else 0. */
  private record Right() implements Loss {
    @Override
    public double of(double label, double prediction, double[] scores) {
      return label == prediction ? 1 : 0;
    }
  }
}
