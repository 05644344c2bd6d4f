package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.assay.importance.RowGroups;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Slicing;
import org.assay.metric.Metric;
import org.assay.metric.Target;

/**
 * What tasks are asked when columns are those of other rows.
 *
 * @param works the models
 * @param sets whose columns are exchanged
 * @param grouped whether rows have groups that go together
 * @param ends of each numeric slot the least and the greatest value
 */
record Questions(
    List<Work> works,
    List<InputSet> sets,
    List<Metric<?>> metrics,
    Slicing slicing,
    RowGroups groups,
    boolean grouped,
    double[][] ends,
    Span span)
    implements Serializable {

  /** The same of some of its sets, and so many repeats. */
  Questions part(int from, int count, int repeats, boolean baseline) {
    int[] numbers = Arrays.copyOfRange(span.sets(), from, from + count);
    return new Questions(
        works,
        sets.subList(from, from + count),
        metrics,
        slicing,
        groups,
        grouped,
        ends,
        new Span(numbers, repeats, baseline));
  }

  /**
   * Some repeats of some sets.
   *
   * @param sets their numbers
   * @param baseline whether rows are answered as they are, too
   */
  record Span(int[] sets, int repeats, boolean baseline) implements Serializable {}

  /** What a task needs of a member. */
  record Work(int number, Target target, FittedModel fitted, Placement placement, int replicate)
      implements Serializable {

    /** The rows among [from, to) of a block that it is measured on. */
    int[] tested(RowExchange.Rows rows) {
      return Arrays.stream(placement.tested(replicate, rows.block()))
          .filter(row -> rows.from() <= row && row < rows.to())
          .toArray();
    }
  }
}
