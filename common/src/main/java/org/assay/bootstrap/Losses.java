package org.assay.bootstrap;

import java.util.Map;
import org.assay.metric.Loss;
import org.assay.metric.MeanLoss;
import org.assay.metric.MeanLossMetric;
import org.assay.random.Lanes;

/** Metrics that are functions of the mean of one loss, from sums. */
final class Losses implements Part {
  private static final long serialVersionUID = 1L;

  private final int model;
  private final Map<Integer, MeanLossMetric> metrics;
  private final Cut cut;
  private final Loss loss;
  private final Counter counter;
  private final Summer summer;

  Losses(int model, Map<Integer, MeanLossMetric> metrics, Cut cut, Loss loss, double[] losses) {
    this.model = model;
    this.metrics = metrics;
    this.cut = cut;
    this.loss = loss;
    this.counter = new Counter(cut, 1, null);
    this.summer = new Summer(cut, losses);
  }

  /** The loss of each item. */
  static double[] of(Loss loss, double[] label, Scored scored) {
    double[] losses = new double[label.length];
    double[] scores = scored.width() == 0 ? null : new double[scored.width()];
    for (int i = 0; i < losses.length; i++) {
      if (scores != null) {
        System.arraycopy(scored.scores(), i * scores.length, scores, 0, scores.length);
      }
      losses[i] = loss.of(label[i], scored.prediction()[i], scores);
    }
    return losses;
  }

  @Override
  public void measure(long[] lanes, Replicates out) {
    long[] counts = counter.count(lanes);
    double[] sums = summer.sum(lanes);
    for (int s = 0; s < cut.size(); s++) {
      for (int k = 0; k < Lanes.WIDTH; k++) {
        MeanLoss mean = MeanLoss.of(loss, sums[s * Lanes.WIDTH + k], counter.get(counts, s, 0, k));
        for (Map.Entry<Integer, MeanLossMetric> metric : metrics.entrySet()) {
          out.set(model, metric.getKey(), cut.first() + s, k, metric.getValue().value(mean));
        }
      }
    }
  }
}
