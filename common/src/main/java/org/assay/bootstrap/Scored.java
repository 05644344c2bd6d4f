package org.assay.bootstrap;

import java.io.Serializable;
import org.assay.metric.Target;

/**
 * What one model says of the items, in their order.
 *
 * @param target what labels, predictions and scores are
 * @param prediction class code or number of each item; null when only the order of the scores is
 *     asked for
 * @param width scores per item: 0, 1 (binary) or the number of classes
 * @param scores {@code width} per item, item by item
 */
public record Scored(Target target, double[] prediction, int width, double[] scores)
    implements Serializable {

  /** The items of a binary task from the highest score to the lowest; ties in their order. */
  public int[] ranked() {
    return Ranking.sorted(scores);
  }
}
