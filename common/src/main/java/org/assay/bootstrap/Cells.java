package org.assay.bootstrap;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assay.metric.Confusion;
import org.assay.metric.ConfusionMetric;
import org.assay.random.Lanes;

/**
 * Metrics of confusion matrices of some models of the same classes, from counts by cell of them
 * together: the label, and what each of the models predicts.
 */
final class Cells implements Part {
  private static final long serialVersionUID = 1L;

  /** The most classes whose cells are counted; more are left to {@link Singles}. */
  static final int MOST_CLASSES = 100;

  /** The most words of a table of several models, which is to stay in the nearest cache. */
  private static final int WORDS = 4096;

  /**
   * What is asked of one model.
   *
   * @param model its number
   * @param classes of its task
   * @param prediction code of each item's predicted class
   */
  record Asked(int model, int classes, Map<Integer, ConfusionMetric> metrics, double[] prediction)
      implements Serializable {}

  private final Table table;
  private final int classes;
  private final List<Wanted> models;
  private final Counter counter;

  private record Wanted(int model, Map<Integer, ConfusionMetric> metrics) implements Serializable {}

  /** How often each cell was drawn. */
  private record Found(long[] counts) implements Tally {
    @Override
    public void merge(Tally next) {
      long[] more = ((Found) next).counts;
      for (int at = 0; at < counts.length; at++) {
        counts[at] += more[at];
      }
    }
  }

  private Cells(Table table, double[] label, List<Asked> asked) {
    this.table = table;
    this.classes = asked.get(0).classes();
    this.models = asked.stream().map(a -> new Wanted(a.model(), a.metrics())).toList();
    short[] cell = new short[label.length];
    int cells = classes;
    for (int k = 0; k < asked.size(); k++) {
      cells *= classes;
    }
    for (int i = 0; i < cell.length; i++) {
      int at = (int) label[i];
      for (Asked each : asked) {
        at = at * classes + (int) each.prediction()[i];
      }
      cell[i] = (short) at;
    }
    this.counter = new Counter(table, cells, cell);
  }

  /** As few parts for all models as have tables that stay small. */
  static List<Cells> of(Table table, double[] label, List<Asked> asked) {
    List<Cells> parts = new ArrayList<>();
    List<Asked> together = new ArrayList<>();
    long words = 0;
    for (Asked each : asked) {
      long more = words * each.classes();
      if (!together.isEmpty() && (more > WORDS || together.get(0).classes() != each.classes())) {
        parts.add(new Cells(table, label, together));
        together = new ArrayList<>();
      }
      if (together.isEmpty()) {
        more = 4L * table.rooms() * each.classes() * each.classes();
      }
      together.add(each);
      words = more;
    }
    if (!together.isEmpty()) {
      parts.add(new Cells(table, label, together));
    }
    return parts;
  }

  @Override
  public Tally tally(Drawn drawn, Tally before) {
    return new Found(counter.count(drawn.lanes()));
  }

  @Override
  public void report(Tally all, Replicates out) {
    long[] counts = counter.slices(((Found) all).counts);
    int[] slices = table.slices();
    int cells = counts.length / Lanes.WIDTH / Math.max(1, slices.length);
    int below = cells / classes; // cells of one label
    for (Wanted model : models) {
      below /= classes; // of one prediction of this model too
      for (int s = 0; s < slices.length; s++) {
        for (int k = 0; k < Lanes.WIDTH; k++) {
          long[] of = new long[classes * classes];
          for (int cell = 0; cell < cells; cell++) {
            int label = cell / (cells / classes);
            of[label * classes + cell / below % classes] +=
                counts[(s * cells + cell) * Lanes.WIDTH + k];
          }
          report(model, of, slices[s], k, out);
        }
      }
    }
  }

  private void report(Wanted model, long[] counts, int slice, int lane, Replicates out) {
    Confusion confusion = new Confusion(classes);
    for (int label = 0; label < classes; label++) {
      for (int prediction = 0; prediction < classes; prediction++) {
        confusion.add(label, prediction, null, counts[label * classes + prediction]);
      }
    }
    for (Map.Entry<Integer, ConfusionMetric> metric : model.metrics().entrySet()) {
      out.set(model.model(), metric.getKey(), slice, lane, metric.getValue().value(confusion));
    }
  }

  @Override
  public long bytes(long state) {
    return 8L * counter.size();
  }
}
