package org.assay.bootstrap;

import java.util.Map;
import org.assay.metric.Confusion;
import org.assay.metric.ConfusionMetric;
import org.assay.random.Lanes;

/** Metrics of a confusion matrix, from counts by cell. */
final class Cells implements Part {
  private static final long serialVersionUID = 1L;

  /** The most classes whose cells are counted; more are left to {@link Singles}. */
  static final int MOST_CLASSES = 100;

  private final int model;
  private final Map<Integer, ConfusionMetric> metrics;
  private final Cut cut;
  private final int classes;
  private final Counter counter;

  /** How often each cell was drawn. */
  private record Table(long[] counts) implements Tally {
    @Override
    public void merge(Tally next) {
      long[] more = ((Table) next).counts;
      for (int at = 0; at < counts.length; at++) {
        counts[at] += more[at];
      }
    }
  }

  Cells(int model, Map<Integer, ConfusionMetric> metrics, Cut cut, int classes, short[] cell) {
    this.model = model;
    this.metrics = metrics;
    this.cut = cut;
    this.classes = classes;
    this.counter = new Counter(cut, classes * classes, cell);
  }

  /** The cell of each item. */
  static short[] of(double[] label, Scored scored) {
    int classes = scored.target().classes();
    short[] cell = new short[label.length];
    for (int i = 0; i < cell.length; i++) {
      cell[i] = (short) (label[i] * classes + scored.prediction()[i]);
    }
    return cell;
  }

  @Override
  public Tally tally(long[] lanes, Tally before) {
    return new Table(counter.count(lanes));
  }

  @Override
  public void report(Tally all, Replicates out) {
    long[] counts = ((Table) all).counts;
    for (int s = 0; s < cut.size(); s++) {
      for (int k = 0; k < Lanes.WIDTH; k++) {
        Confusion confusion = new Confusion(classes);
        for (int label = 0; label < classes; label++) {
          for (int prediction = 0; prediction < classes; prediction++) {
            int cell = (s * classes + label) * classes + prediction;
            confusion.add(label, prediction, null, counts[cell * Lanes.WIDTH + k]);
          }
        }
        for (Map.Entry<Integer, ConfusionMetric> metric : metrics.entrySet()) {
          out.set(model, metric.getKey(), cut.first() + s, k, metric.getValue().value(confusion));
        }
      }
    }
  }

  @Override
  public long bytes(long state) {
    return 8L * cut.size() * classes * classes * Lanes.WIDTH;
  }
}
