package org.assay.jobs.model;

import java.io.Serializable;

/** Turns what a model gives for a row into the predicted class code or number. */
public interface Decision extends Serializable {

  /** The prediction from the outputs [from, from + count). */
  double of(double[] outputs, int from, int count);

  /** The number itself. */
  static Decision number() {
    return (outputs, from, count) -> outputs[from];
  }

  /**
   * Spark ML's choice among probabilities: the greatest, the first of equal ones; with thresholds
   * the greatest ratio of probability to threshold.
   *
   * @param thresholds one per class, or null
   */
  static Decision greatest(double[] thresholds) {
    return (outputs, from, count) -> {
      int best = 0;
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < count; c++) {
        double value = thresholds == null ? outputs[from + c] : outputs[from + c] / thresholds[c];
        if (value > most) {
          most = value;
          best = c;
        }
      }
      return best;
    };
  }

  /** The second of two classes if its probability is above the threshold. */
  static Decision above(double threshold) {
    return (outputs, from, count) -> outputs[from + 1] > threshold ? 1 : 0;
  }
}
