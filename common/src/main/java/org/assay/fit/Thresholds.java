package org.assay.fit;

import org.assay.UserException;

/**
 * From probabilities to a class, by MLlib's {@code thresholds}: the class with the greatest
 * probability divided by its threshold; ties go to the first.
 *
 * <p>A class with threshold 0 is chosen whenever its probability is not 0. With two classes,
 * MLlib's {@code threshold} t is (1 - t, t): the second class if its probability is more than t.
 * Immutable, thread-safe.
 *
 * @param values one per class: 0 or more, finite, one 0 at most
 */
public record Thresholds(double[] values) implements java.io.Serializable {

  /** Checks the values. */
  public Thresholds {
    int zeros = 0;
    for (double t : values) {
      zeros += t == 0 ? 1 : 0;
      if (!(t >= 0 && t < Double.POSITIVE_INFINITY) || zeros > 1) {
        throw UserException.usage(
            "thresholds = "
                + java.util.Arrays.toString(values)
                + ": must be 0 or more and finite, with one 0 at most");
      }
    }
    values = values.clone();
  }

  /** For two classes: the second if its probability is more than {@code threshold}. */
  public static Thresholds above(double threshold) {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw UserException.usage("threshold = " + threshold + ": must be in [0, 1]");
    }
    return new Thresholds(new double[] {1 - threshold, threshold});
  }

  /** The class of one row, whose probabilities begin at {@code from}. */
  public int choose(double[] probabilities, int from) {
    int chosen = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < values.length; c++) {
      double scaled = probabilities[from + c] / values[c];
      if (scaled > most) { // false for 0 / 0
        most = scaled;
        chosen = c;
      }
    }
    return chosen;
  }
}
