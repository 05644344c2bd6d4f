package org.assay.bootstrap;

import org.assay.metric.Accuracy;
import org.assay.metric.MeanLoss;
import org.assay.metric.MeanLossMetric;
import org.assay.metric.Metric;

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
    if (metric instanceof MeanLossMetric mean) {
      return Losses.of(mean.loss(), label, scored);
    }
    double[] right = new double[label.length];
    for (int i = 0; i < right.length; i++) {
      right[i] = scored.prediction()[i] == label[i] ? 1 : 0;
    }
    return right;
  }
}
