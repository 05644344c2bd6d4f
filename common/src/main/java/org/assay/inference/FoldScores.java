package org.assay.inference;

import java.util.Arrays;
import org.assay.metric.Metric.Direction;

/**
 * Values of one metric of models a and b on the same splits of one data set. Element [r][f] belongs
 * to fold f of repeat r; repeats may differ in their number of folds. Values may be NaN: a test
 * then has no result, and says so.
 *
 * @param a values of model a
 * @param b values of model b, on the same splits
 * @param nTrain mean number of training rows of a split, positive
 * @param nTest mean number of test rows of a split, positive
 * @param splits how the splits were made
 * @param direction which way the metric is better
 */
public record FoldScores(
    double[][] a, double[][] b, double nTrain, double nTest, Splits splits, Direction direction)
    implements Evidence {
  private static final long serialVersionUID = 1L;

  /** How splits were made. */
  public enum Splits {
    /** The test sets of a repeat have no row in common, as in k-fold cross-validation. */
    FOLDS,
    /** Every split is drawn for itself, as in repeated holdout. */
    RANDOM
  }

  public FoldScores {
    a = copy(a);
    b = copy(b);
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          a.length + " repeats of one model, " + b.length + " of the other: must be the same");
    }
    for (int r = 0; r < a.length; r++) {
      if (a[r].length != b[r].length) {
        throw new IllegalArgumentException(
            "repeat "
                + r
                + ": "
                + a[r].length
                + " folds of one model, "
                + b[r].length
                + " of the other: must be the same");
      }
    }
    for (double size : new double[] {nTrain, nTest}) {
      if (!(size > 0 && size <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "nTrain " + nTrain + ", nTest " + nTest + ": must be positive, mean rows per split");
      }
    }
  }

  @Override
  public Kind kind() {
    return Kind.FOLD_SCORES;
  }

  /** Number of repeats. */
  public int repeats() {
    return a.length;
  }

  /** Number of splits in all repeats. */
  public int n() {
    return Arrays.stream(a).mapToInt(r -> r.length).sum();
  }

  /** Number of folds in the first repeat; 0 without repeats. */
  public int folds() {
    return a.length == 0 ? 0 : a[0].length;
  }

  /** Whether every repeat has this many folds. */
  public boolean hasFolds(int folds) {
    return Arrays.stream(a).allMatch(r -> r.length == folds);
  }

  /**
   * Value of a minus value of b on every split, repeat by repeat. Differences that are apart by no
   * more than rounding are made equal, so that a constant lead is not taken for one with a tiny
   * spread.
   */
  public double[] differences() {
    double[] differences = new double[n()];
    int i = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int r = 0; r < a.length; r++) {
      for (int f = 0; f < a[r].length; f++) {
        double difference = a[r][f] - b[r][f];
        differences[i++] = difference;
        least = Math.min(least, difference);
        most = Math.max(most, difference);
      }
    }
    if (differences.length > 0 && most - least <= rounding()) {
      Arrays.fill(differences, differences[0]);
    }
    return differences;
  }

  /** By how much differences may be apart for no other reason than rounding. */
  double rounding() {
    double largest = 0;
    for (int r = 0; r < a.length; r++) {
      for (int f = 0; f < a[r].length; f++) {
        largest = Math.max(largest, Math.max(Math.abs(a[r][f]), Math.abs(b[r][f])));
      }
    }
    return Double.isFinite(largest) ? 16 * Math.ulp(largest) : 0;
  }

  /** The same splits with a and b exchanged. */
  public FoldScores swapped() {
    return new FoldScores(b, a, nTrain, nTest, splits, direction);
  }

  /** "5 repeats of 2 folds". */
  String shape() {
    int most = Arrays.stream(a).mapToInt(r -> r.length).max().orElse(0);
    return repeats() + " repeats of " + (hasFolds(most) ? "" : "up to ") + most + " folds";
  }

  private static double[][] copy(double[][] values) {
    return Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
  }
}
