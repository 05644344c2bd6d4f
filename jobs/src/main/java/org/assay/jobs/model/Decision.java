package org.assay.jobs.model;

import java.io.Serializable;
import org.assay.fit.Thresholds;

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
    Thresholds scaled = thresholds == null ? null : new Thresholds(thresholds);
    return (outputs, from, count) -> {
      if (scaled != null) {
        return scaled.choose(outputs, from);
      }
      int best = 0;
      for (int c = 1; c < count; c++) {
        best = outputs[from + c] > outputs[from + best] ? c : best;
      }
      return best;
    };
  }

  /** The second of two classes if its probability is above the threshold. */
  static Decision above(double threshold) {
    return (outputs, from, count) -> outputs[from + 1] > threshold ? 1 : 0;
  }
}
