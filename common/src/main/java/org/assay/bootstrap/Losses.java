package org.assay.bootstrap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assay.metric.Loss;
import org.assay.metric.MeanLoss;
import org.assay.metric.MeanLossMetric;
import org.assay.metric.Metric;
import org.assay.random.Lanes;

/** Metrics that are functions of the mean of one loss, and its standard error, from sums. */
final class Losses implements Part {
  private static final long serialVersionUID = 1L;

  private final int model;
  private final Map<Integer, MeanLossMetric> means;

  /** The places of the standard error. */
  private final List<Integer> errors;

  private final Cut cut;
  private final Loss loss;
  private final Counter counter;
  private final Summer summer;

  /** Sums of squares; null when no standard error is asked for. */
  private final Summer squarer;

  Losses(int model, Map<Integer, Metric<?>> metrics, Cut cut, Loss loss, double[] losses) {
    this.model = model;
    this.means = new LinkedHashMap<>();
    this.errors = new ArrayList<>();
    metrics.forEach(
        (j, metric) -> {
          if (metric instanceof MeanLossMetric mean) {
            means.put(j, mean);
          } else {
            errors.add(j);
          }
        });
    this.cut = cut;
    this.loss = loss;
    this.counter = new Counter(cut, 1, null);
    this.summer = new Summer(cut, losses);
    this.squarer =
        errors.isEmpty() ? null : new Summer(cut, Arrays.stream(losses).map(l -> l * l).toArray());
  }

  /** The loss of a metric that this part measures. */
  static Loss lossOf(Metric<?> metric) {
    return metric instanceof MeanError error ? error.loss() : ((MeanLossMetric) metric).loss();
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

  /**
   * How many items were drawn, the sum of their losses, and of the squares of these or null; by
   * slice and lane.
   */
  private record Sums(long[] counts, double[] losses, double[] squares) implements Tally {
    @Override
    public void merge(Tally next) {
      Sums more = (Sums) next;
      for (int at = 0; at < counts.length; at++) {
        counts[at] += more.counts[at];
        losses[at] += more.losses[at];
        if (squares != null) {
          squares[at] += more.squares[at];
        }
      }
    }
  }

  @Override
  public Tally tally(long[] lanes, Tally before) {
    return new Sums(
        counter.count(lanes), summer.sum(lanes), squarer == null ? null : squarer.sum(lanes));
  }

  @Override
  public void report(Tally all, Replicates out) {
    Sums found = (Sums) all;
    for (int s = 0; s < cut.size(); s++) {
      for (int k = 0; k < Lanes.WIDTH; k++) {
        int at = s * Lanes.WIDTH + k;
        MeanLoss mean = MeanLoss.of(loss, found.losses[at], found.counts[at]);
        for (Map.Entry<Integer, MeanLossMetric> metric : means.entrySet()) {
          out.set(model, metric.getKey(), cut.first() + s, k, metric.getValue().value(mean));
        }
        for (int j : errors) {
          out.set(
              model,
              j,
              cut.first() + s,
              k,
              MeanError.of(found.counts[at], found.losses[at], found.squares[at]));
        }
      }
    }
  }

  @Override
  public long bytes(long state) {
    return (squarer == null ? 16L : 24L) * cut.size() * Lanes.WIDTH;
  }
}
