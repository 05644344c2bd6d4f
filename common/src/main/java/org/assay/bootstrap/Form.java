package org.assay.bootstrap;

import org.assay.metric.AveragePrecision;
import org.assay.metric.ConfusionMetric;
import org.assay.metric.MeanLossMetric;
import org.assay.metric.Metric;
import org.assay.metric.RocAuc;
import org.assay.metric.Target;

/** The form in which a metric reads reweighted items. */
public enum Form {
  /** Counts by cell of a confusion matrix. */
  CELLS,
  /** A sum of losses, or of these and their squares. */
  LOSSES,
  /** The order of the scores of a binary task. */
  ORDER,
  /** A state that is fed item by item and stays small. */
  STATES,
  /** A state that is fed item by item and remembers them. */
  GROWING_STATES;

  /** The form for a target whose items all weigh the same, or not. */
  static Form of(Metric<?> metric, Target target, boolean weighted) {
    if (!weighted) {
      if (metric instanceof ConfusionMetric && target.classes() <= Cells.MOST_CLASSES) {
        return CELLS;
      }
      if (metric instanceof MeanLossMetric || metric instanceof MeanError) {
        return LOSSES;
      }
      if (metric instanceof RocAuc || metric instanceof AveragePrecision) {
        return ORDER;
      }
    }
    return metric.state(target).remembersItems() ? GROWING_STATES : STATES;
  }

  /** The form when items have weights of their own. */
  public static Form weighted(Metric<?> metric, Target target) {
    return of(metric, target, true);
  }

  /** The form when all items weigh the same. */
  public static Form unweighted(Metric<?> metric, Target target) {
    return of(metric, target, false);
  }
}
