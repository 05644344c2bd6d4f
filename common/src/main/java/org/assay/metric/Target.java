package org.assay.metric;

import java.io.Serializable;
import org.assay.Task;

/**
 * What the items of a state are: the task, the number of classes and what their scores mean.
 *
 * @param task the kind of label
 * @param classes number of classes, at least 2; 0 for regression. Labels and predictions of a
 *     classification are the codes 0 .. classes - 1; code 1 is the positive class of a binary task.
 * @param scores what an item's scores are
 */
public record Target(Task task, int classes, Scores scores) implements Serializable {

  /** The largest weight of an item, so that sums of weights do not overflow. */
  public static final double MOST_WEIGHT = 1e200;

  /**
   * What the scores of an item mean. A binary item has one, of the positive class; a multiclass
   * item one per class.
   */
  public enum Scores {
    /**
     * None were given, nor the predicted class, only whether it is right: a right prediction is the
     * label's code, a wrong one any other.
     */
    ONLY_CORRECTNESS,
    /** None were given. */
    NONE,
    /** Larger means more likely; any finite number. */
    RANKING,
    /** Probabilities in [0, 1]; those of a multiclass item sum to 1. */
    PROBABILITY
  }

  public Target {
    if (task == Task.REGRESSION
        ? classes != 0
        : classes < 2 || (task == Task.BINARY) != (classes == 2)) {
      throw new IllegalArgumentException(task + " with " + classes + " classes");
    }
  }

  /** Whether items have scores. */
  public boolean isScored() {
    return scores == Scores.RANKING || scores == Scores.PROBABILITY;
  }

  /** Whether all that is known of a prediction is whether it is the label. */
  public boolean isOnlyCorrectness() {
    return scores == Scores.ONLY_CORRECTNESS;
  }

  /** Whether the scores are probabilities. */
  public boolean hasProbabilities() {
    return scores == Scores.PROBABILITY;
  }

  /**
   * This target, if the metric can be computed for it.
   *
   * @throws IllegalArgumentException if the metric refuses it
   */
  Target accepted(Metric<?> metric) {
    String refusal = metric.refusal(this);
    if (refusal != null) {
      throw new IllegalArgumentException(metric.spec() + " " + refusal + ": " + this);
    }
    return this;
  }

  /** Checks one item: its codes, its scores and its weight. */
  void check(double label, double prediction, double[] itemScores, double weight) {
    if (!(weight >= 0 && weight <= MOST_WEIGHT)) {
      throw new IllegalArgumentException(
          "weight " + weight + ": must be between 0 and " + MOST_WEIGHT);
    }
    if (task == Task.REGRESSION) {
      if (!Double.isFinite(label) || !Double.isFinite(prediction)) {
        throw new IllegalArgumentException(
            "label " + label + ", prediction " + prediction + ": must be finite");
      }
    } else if (!isCode(label) || !isCode(prediction)) {
      throw new IllegalArgumentException(
          "label "
              + label
              + ", prediction "
              + prediction
              + ": must be class codes from 0 to "
              + (classes - 1));
    }
    if (task.isClassification() && isScored()) {
      checkScores(itemScores);
    }
  }

  private void checkScores(double[] itemScores) {
    int expected = task == Task.MULTICLASS ? classes : 1;
    if (itemScores == null || itemScores.length != expected) {
      throw new IllegalArgumentException(
          (itemScores == null ? "no" : String.valueOf(itemScores.length))
              + " scores: must be "
              + expected
              + " for "
              + describe());
    }
    double low = scores == Scores.PROBABILITY ? 0 : -Double.MAX_VALUE;
    double high = scores == Scores.PROBABILITY ? 1 : Double.MAX_VALUE;
    for (double score : itemScores) {
      if (!(score >= low && score <= high)) {
        throw new IllegalArgumentException(
            "score " + score + ": must be " + (high == 1 ? "in [0, 1]" : "finite"));
      }
    }
  }

  private boolean isCode(double code) {
    return code >= 0 && code < classes && code == (int) code;
  }

  /** In words, for messages: "multiclass with 3 classes, with probabilities". */
  String describe() {
    String kind =
        switch (task) {
          case BINARY -> "binary";
          case MULTICLASS -> "multiclass with " + classes + " classes";
          case REGRESSION -> "a regression";
        };
    if (!task.isClassification()) {
      return kind;
    }
    return kind
        + switch (scores) {
          case ONLY_CORRECTNESS -> ", known only as right or wrong";
          case NONE -> ", without scores";
          case RANKING -> ", with scores that are not probabilities";
          case PROBABILITY -> ", with probabilities";
        };
  }
}
