package org.assay.fit;

/**
 * A block of rows as a learner sees them.
 *
 * @param width number of features
 * @param features row after row, finite numbers
 * @param label of each row: a class code, or a number
 * @param weight of each row: finite, 0 or more
 */
public record Examples(int width, double[] features, double[] label, double[] weight) {

  /** Checks shapes, not values. */
  public Examples {
    if (features.length != (long) label.length * width || weight.length != label.length) {
      throw new IllegalArgumentException(
          features.length
              + " feature values and "
              + weight.length
              + " weights of "
              + label.length
              + " rows with "
              + width
              + " features: must be one per row and feature, and one per row");
    }
  }

  /** Rows of weight 1. */
  public static Examples of(double[][] rows, double[] label) {
    double[] weight = new double[label.length];
    java.util.Arrays.fill(weight, 1);
    return of(rows, label, weight);
  }

  /** Rows given one by one. */
  public static Examples of(double[][] rows, double[] label, double[] weight) {
    int width = rows.length == 0 ? 0 : rows[0].length;
    double[] features = new double[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, features, i * width, width);
    }
    return new Examples(width, features, label, weight);
  }

  /** Number of rows. */
  public int size() {
    return label.length;
  }

  /** The same features row after row, for the rows from {@code from} on. */
  Examples rows(int from, int to) {
    return new Examples(
        width,
        java.util.Arrays.copyOfRange(features, from * width, to * width),
        java.util.Arrays.copyOfRange(label, from, to),
        java.util.Arrays.copyOfRange(weight, from, to));
  }
}
