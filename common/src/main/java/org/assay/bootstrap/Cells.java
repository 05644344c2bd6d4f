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

  Cells(int model, Map<Integer, ConfusionMetric> metrics, Cut cut, double[] label, Scored scored) {
    this.model = model;
    this.metrics = metrics;
    this.cut = cut;
    this.classes = scored.target().classes();
    short[] cell = new short[label.length];
    for (int i = 0; i < cell.length; i++) {
      cell[i] = (short) (label[i] * classes + scored.prediction()[i]);
    }
    this.counter = new Counter(cut, classes * classes, cell);
  }

  @Override
  public void measure(long[] lanes, Replicates out) {
    long[] table = counter.count(lanes);
    for (int s = 0; s < cut.size(); s++) {
      for (int k = 0; k < Lanes.WIDTH; k++) {
        Confusion confusion = new Confusion(classes);
        for (int label = 0; label < classes; label++) {
          for (int prediction = 0; prediction < classes; prediction++) {
            long count = counter.get(table, s, label * classes + prediction, k);
            confusion.add(label, prediction, null, count);
          }
        }
        for (Map.Entry<Integer, ConfusionMetric> metric : metrics.entrySet()) {
          out.set(model, metric.getKey(), cut.first() + s, k, metric.getValue().value(confusion));
        }
      }
    }
  }
}
