package org.assay.metric;

import java.io.Serializable;
import org.assay.Task;

/**
 * What the items of a state are: the task, the number of classes and what their scores mean.
 *
 * @param task the kind of label
 * @param classes number of classes, at least 2; 0 for regression. Labels and predictions of a classification are the codes
 *     0 .. classes - 1; code 1 is the positive class of a binary task.
 * @param scores what an item's scores are
 */
public record Target(Task task, int classes, Scores scores) implements Serializable {

  /** What the scores of an item mean. A binary item has one, of the positive class; a multiclass item one per class. */
  public enum Scores {
    /** None were given. */
    NONE,
    /** Larger means more likely; any finite number. */
    RANKING,
    /** Probabilities in [0, 1]; those of a multiclass item sum to 1. */
    PROBABILITY
  }

  public Target {
    if (task == Task.REGRESSION ? classes != 0 : classes < 2 || (task == Task.BINARY) != (classes == 2)) {
      throw new IllegalArgumentException(task + " with " + classes + " classes");
    }
  }
}
