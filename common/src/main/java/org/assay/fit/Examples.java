package org.assay.fit;

import java.io.Serializable;
import org.assay.UserException;

/**
 * A block of rows as a learner sees them.
 *
 * @param width number of features
 * @param features row after row, finite numbers
 * @param label of each row: a class code, or a number
 * @param weight of each row: finite, 0 or more
 * @param offset of each row: what generalized linear models add to the linear predictor; null for
 *     none
 */
public record Examples(
    int width, double[] features, double[] label, double[] weight, double[] offset)
    implements Serializable {

  /** Checks shapes, not values. */
  public Examples {
    if (features.length != (long) label.length * width
        || weight.length != label.length
        || offset != null && offset.length != label.length) {
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

  /** Rows without offsets. */
  public Examples(int width, double[] features, double[] label, double[] weight) {
    this(width, features, label, weight, null);
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

  /** All rows of blocks without offsets, in their order. */
  public static Examples concatenated(java.util.List<Examples> blocks) {
    int rows = blocks.stream().mapToInt(Examples::size).sum();
    int width = blocks.get(0).width;
    double[] features = new double[Math.multiplyExact(rows, width)];
    double[] label = new double[rows];
    double[] weight = new double[rows];
    int at = 0;
    for (Examples block : blocks) {
      System.arraycopy(block.features, 0, features, at * width, block.features.length);
      System.arraycopy(block.label, 0, label, at, block.size());
      System.arraycopy(block.weight, 0, weight, at, block.size());
      at += block.size();
    }
    return new Examples(width, features, label, weight);
  }

  /** Number of rows. */
  public int size() {
    return label.length;
  }

  /** The same rows with offsets. */
  public Examples with(double[] offsets) {
    return new Examples(width, features, label, weight, offsets);
  }

  /** The class of a row; refuses a label that is none. */
  int classOf(int row, int classes) {
    double code = label[row];
    if (!(code >= 0 && code < classes && code == Math.rint(code))) {
      throw UserException.input(
          "a label of "
              + code
              + ": must be the code of a class, a whole number from 0 to "
              + (classes - 1)
              + "; encode the label, or choose a learner for numbers");
    }
    return (int) code;
  }

  /** What is added to the linear predictor of a row. */
  double offset(int row) {
    return offset == null ? 0 : offset[row];
  }

  /** The same features row after row, for the rows from {@code from} on. */
  Examples rows(int from, int to) {
    return new Examples(
        width,
        java.util.Arrays.copyOfRange(features, from * width, to * width),
        java.util.Arrays.copyOfRange(label, from, to),
        java.util.Arrays.copyOfRange(weight, from, to),
        offset == null ? null : java.util.Arrays.copyOfRange(offset, from, to));
  }
}
