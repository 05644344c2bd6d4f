package org.assay.importance;

import java.io.Serializable;

/**
 * Importances of one input: of each train/test split, one per repeat.
 *
 * <pre>
 *   value          mean over splits of the means over repeats
 *   spreadShuffle  standard deviation over repeats of the mean over splits, with m - 1
 *   shuffleError   spreadShuffle / sqrt(repeats), the Monte Carlo standard error of value
 * </pre>
 *
 * <p>A split counts as one value, whatever the number of its rows. A value that is NaN makes all
 * NaN: leaving it out would be a choice made by its result.
 *
 * @param values by split and repeat
 */
public record Repeats(double[][] values) implements Serializable {

  /** At least one split, and as many repeats of each. */
  public Repeats {
    if (values.length == 0 || values[0].length == 0) {
      throw new IllegalArgumentException("importances of no splits or no repeats");
    }
    for (double[] split : values) {
      if (split.length != values[0].length) {
        throw new IllegalArgumentException(
            split.length + " and " + values[0].length + " repeats: must be as many of each split");
      }
    }
  }

  /** Number of repeats. */
  public int repeats() {
    return values[0].length;
  }

  /** Of each split the mean over repeats; a new array. */
  public double[] bySplit() {
    double[] means = new double[values.length];
    for (int k = 0; k < means.length; k++) {
      means[k] = mean(values[k]);
    }
    return means;
  }

  /** The importance. */
  public double value() {
    return mean(bySplit());
  }

  /** What one repeat would vary by over seeds; NaN with fewer than 2. */
  public double spreadShuffle() {
    int repeats = repeats();
    double[] each = new double[repeats];
    for (int r = 0; r < repeats; r++) {
      for (double[] split : values) {
        each[r] += split[r] / values.length;
      }
    }
    return deviation(each);
  }

  /** What the value would vary by over seeds; NaN with fewer than 2 repeats. */
  public double shuffleError() {
    return spreadShuffle() / Math.sqrt(repeats());
  }

  /** What one split varies by; NaN with fewer than 2. */
  public double spreadSplit() {
    return deviation(bySplit());
  }

  private static double mean(double[] x) {
    boolean equal = true;
    double sum = 0;
    for (double value : x) {
      equal &= value == x[0];
      sum += value;
    }
    return equal ? x[0] : sum / x.length;
  }

  private static double deviation(double[] x) {
    if (x.length < 2) {
      return Double.NaN;
    }
    double mean = mean(x);
    double squares = 0;
    for (double value : x) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / (x.length - 1));
  }
}
