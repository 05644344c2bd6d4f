package org.assay.bootstrap;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assay.metric.Loss;
import org.assay.metric.MeanLoss;
import org.assay.metric.MeanLossMetric;
import org.assay.metric.Metric;
import org.assay.metric.Value;
import org.assay.random.Lanes;

/**
 * Metrics that are functions of the mean of a loss, and its standard error, from sums: those of all
 * models, for the numbers of items are the same.
 */
final class Losses implements Part {
  private static final long serialVersionUID = 1L;

  private final Table table;
  private final Counter counter;
  private final Summer summer;
  private final List<Column> columns = new ArrayList<>();

  /**
   * One loss of one model.
   *
   * @param errors the places of the standard error
   * @param sum the column of its sums
   * @param squares the column of sums of squares; -1 when no standard error is asked for
   */
  private record Column(
      int model,
      Loss loss,
      Map<Integer, MeanLossMetric> means,
      List<Integer> errors,
      int sum,
      int squares)
      implements Serializable {}

  /** Of no loss yet. */
  Losses(Table table) {
    this.table = table;
    this.counter = new Counter(table, 1, null);
    this.summer = new Summer(table);
  }

  /** Adds a loss of a model, by its metrics; {@code losses} are those of the items. */
  void add(int model, Loss loss, Map<Integer, Metric<?>> metrics, double[] losses) {
    Map<Integer, MeanLossMetric> means = new LinkedHashMap<>();
    List<Integer> errors = new ArrayList<>();
    metrics.forEach(
        (j, metric) -> {
          if (metric instanceof MeanLossMetric mean) {
            means.put(j, mean);
          } else {
            errors.add(j);
          }
        });
    columns.add(
        new Column(
            model,
            loss,
            means,
            errors,
            summer.add(losses),
            errors.isEmpty() ? -1 : summer.add(Arrays.stream(losses).map(l -> l * l).toArray())));
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

  /** How many items were drawn, by room and lane, and the sums of the columns. */
  private record Sums(long[] counts, double[][] sums) implements Tally {
    @Override
    public void merge(Tally next) {
      Sums more = (Sums) next;
      for (int at = 0; at < counts.length; at++) {
        counts[at] += more.counts[at];
      }
      for (int c = 0; c < sums.length; c++) {
        for (int at = 0; at < sums[c].length; at++) {
          sums[c][at] += more.sums[c][at];
        }
      }
    }
  }

  @Override
  public Tally tally(Drawn drawn, Tally before) {
    return new Sums(counter.count(drawn.lanes()), summer.sum(drawn.lanes()));
  }

  @Override
  public void report(Tally all, Replicates out) {
    Sums found = (Sums) all;
    long[] counts = counter.slices(found.counts);
    int[] slices = table.slices();
    for (Column column : columns) {
      for (int at = 0; at < counts.length; at++) {
        int slice = slices[at / Lanes.WIDTH];
        int lane = at % Lanes.WIDTH;
        double sum = found.sums[column.sum][at];
        MeanLoss mean = MeanLoss.of(column.loss, sum, counts[at]);
        for (Map.Entry<Integer, MeanLossMetric> metric : column.means.entrySet()) {
          out.set(column.model, metric.getKey(), slice, lane, metric.getValue().value(mean));
        }
        for (int j : column.errors) {
          Value error = MeanError.of(counts[at], sum, found.sums[column.squares][at]);
          out.set(column.model, j, slice, lane, error);
        }
      }
    }
  }

  @Override
  public long bytes(long state) {
    return 8L * (counter.size() + summer.size());
  }
}
