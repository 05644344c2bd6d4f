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

  /** How many items were drawn, and the sum of their losses, by slice and lane. */
  private record Sums(long[] counts, double[] losses) implements Tally {
    @Override
    public void merge(Tally next) {
      Sums more = (Sums) next;
      for (int at = 0; at < counts.length; at++) {
        counts[at] += more.counts[at];
        losses[at] += more.losses[at];
      }
    }
  }

  @Override
  public Tally tally(long[] lanes, Tally before) {
    return new Sums(counter.count(lanes), summer.sum(lanes));
  }

  @Override
  public void report(Tally all, Replicates out) {
    Sums found = (Sums) all;
    for (int s = 0; s < cut.size(); s++) {
      for (int k = 0; k < Lanes.WIDTH; k++) {
        int at = s * Lanes.WIDTH + k;
        MeanLoss mean = MeanLoss.of(loss, found.losses[at], found.counts[at]);
        for (Map.Entry<Integer, MeanLossMetric> metric : metrics.entrySet()) {
          out.set(model, metric.getKey(), cut.first() + s, k, metric.getValue().value(mean));
        }
      }
    }
  }

  @Override
  public long bytes(long state) {
    return 16L * cut.size() * Lanes.WIDTH;
  }
}
