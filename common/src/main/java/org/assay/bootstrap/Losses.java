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
import org.assay.random.Lanes;

/**
 * Metrics that are functions of the mean of a loss, and its standard error, from sums: those of all
 * models, for the numbers of items are the same.
 */
final class Losses implements Part {
  private static final long serialVersionUID = 1L;

  private final Table table;
  private final Counter counter;
  private final List<Column> columns = new ArrayList<>();

  /**
   * One loss of one model.
   *
   * @param errors the places of the standard error
   * @param squarer sums of squares; null when no standard error is asked for
   */
  private record Column(
      int model,
      Loss loss,
      Map<Integer, MeanLossMetric> means,
      List<Integer> errors,
      Summer summer,
      Summer squarer)
      implements Serializable {}

  /** Of no loss yet. */
  Losses(Table table) {
    this.table = table;
    this.counter = new Counter(table, 1, null);
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
            new Summer(table, losses),
            errors.isEmpty()
                ? null
                : new Summer(table, Arrays.stream(losses).map(l -> l * l).toArray())));
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
   * How many items were drawn, by room and lane; and by column the sum of their losses, and of the
   * squares of these or null, by slice and lane.
   */
  private record Sums(long[] counts, double[][] losses, double[][] squares) implements Tally {
    @Override
    public void merge(Tally next) {
      Sums more = (Sums) next;
      for (int at = 0; at < counts.length; at++) {
        counts[at] += more.counts[at];
      }
      for (int c = 0; c < losses.length; c++) {
        for (int at = 0; at < losses[c].length; at++) {
          losses[c][at] += more.losses[c][at];
          if (squares[c] != null) {
            squares[c][at] += more.squares[c][at];
          }
        }
      }
    }
  }

  @Override
  public Tally tally(long[] lanes, Tally before) {
    double[][] losses = new double[columns.size()][];
    double[][] squares = new double[columns.size()][];
    for (int c = 0; c < losses.length; c++) {
      Column column = columns.get(c);
      losses[c] = column.summer.sum(lanes);
      squares[c] = column.squarer == null ? null : column.squarer.sum(lanes);
    }
    return new Sums(counter.count(lanes), losses, squares);
  }

  @Override
  public void report(Tally all, Replicates out) {
    Sums found = (Sums) all;
    long[] counts = counter.slices(found.counts);
    int[] slices = table.slices();
    for (int c = 0; c < found.losses.length; c++) {
      Column column = columns.get(c);
      for (int at = 0; at < counts.length; at++) {
        int slice = slices[at / Lanes.WIDTH];
        int lane = at % Lanes.WIDTH;
        double sum = found.losses[c][at];
        MeanLoss mean = MeanLoss.of(column.loss, sum, counts[at]);
        for (Map.Entry<Integer, MeanLossMetric> metric : column.means.entrySet()) {
          out.set(column.model, metric.getKey(), slice, lane, metric.getValue().value(mean));
        }
        for (int j : column.errors) {
          out.set(
              column.model, j, slice, lane, MeanError.of(counts[at], sum, found.squares[c][at]));
        }
      }
    }
  }

  @Override
  public long bytes(long state) {
    long each = 8L * table.slices().length * Lanes.WIDTH;
    return 8L * counter.size()
        + columns.stream().mapToLong(c -> c.squarer == null ? each : 2 * each).sum();
  }
}
