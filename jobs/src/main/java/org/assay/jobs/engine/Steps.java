package org.assay.jobs.engine;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.AccumulatorV2;
import org.assay.jobs.Progress;

/**
 * Says how far a Spark job is whose results do not come back task by task: each task adds 1 when it
 * is done. For people only: a task that is tried again counts again.
 */
final class Steps extends AccumulatorV2<Integer, Integer> {
  private static final long serialVersionUID = 1L;

  private final transient Progress progress;
  private int count;

  private Steps(Progress progress) {
    this.progress = progress;
  }

  /** Begins a piece of work. */
  static Steps of(JavaSparkContext context, String what, int steps, Progress progress) {
    Steps all = new Steps(progress);
    context.sc().register(all);
    context.setJobDescription(what);
    progress.start(what, steps);
    return all;
  }

  @Override
  public boolean isZero() {
    return count == 0;
  }

  @Override
  public Steps copy() {
    Steps copy = new Steps(null);
    copy.count = count;
    return copy;
  }

  @Override
  public void reset() {
    count = 0;
  }

  @Override
  public void add(Integer steps) {
    count += steps;
  }

  @Override
  public void merge(AccumulatorV2<Integer, Integer> other) {
    int more = other.value();
    count += more;
    for (int k = 0; k < more && progress != null; k++) {
      progress.step();
    }
  }

  @Override
  public Integer value() {
    return count;
  }
}
