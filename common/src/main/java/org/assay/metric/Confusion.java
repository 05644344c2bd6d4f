package org.assay.metric;

/**
 * A weighted confusion matrix: for each pair of classes, the total weight of the items with this
 * label and that prediction.
 *
 * <p>Whole weights, the usual ones, are counted in a {@code long} each; other weights go to an
 * {@link ExactSum} per cell that has any. Every total that can be read here is the exact one,
 * rounded once. Memory grows with the square of the number of classes. Not thread-safe.
 */
public final class Confusion implements State<Confusion> {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final long[] whole;

  /** What the cells hold besides whole weights; null until there is some, and so are its cells. */
  private ExactSum[] rest;

  /** An empty matrix of this many classes. */
  public Confusion(int classes) {
    this.classes = classes;
    this.whole = new long[classes * classes];
  }

  @Override
  public void add(double label, double prediction, double[] scores, double weight) {
    int cell = ((int) label) * classes + (int) prediction;
    int n = (int) weight;
    if (n == weight) {
      whole[cell] += n;
    } else {
      rest(cell).add(weight);
    }
  }

  @Override
  public void merge(Confusion other) {
    for (int cell = 0; cell < whole.length; cell++) {
      whole[cell] += other.whole[cell];
      if (other.rest != null && other.rest[cell] != null) {
        rest(cell).merge(other.rest[cell]);
      }
    }
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** Total weight of the items with this label and this prediction. */
  public double weight(int label, int prediction) {
    return total(label, prediction, 1, 1);
  }

  /** Total weight of the items with this label. */
  public double labeled(int label) {
    return total(label, 0, 1, classes);
  }

  /** Total weight of the items with this prediction. */
  public double predicted(int prediction) {
    return total(0, prediction, classes, 1);
  }

  /** Total weight. */
  public double total() {
    return total(0, 0, classes, classes);
  }

  /** Total weight of the items whose prediction is their label. */
  public double correct() {
    ExactSum sum = new ExactSum();
    for (int c = 0; c < classes; c++) {
      addCell(c * classes + c, sum);
    }
    return sum.value();
  }

  /**
   * The power of two that brings the total near 1, so that products of totals neither overflow nor
   * vanish.
   */
  double scale() {
    return Math.scalb(1.0, -Math.getExponent(total()));
  }

  private double total(int firstRow, int firstColumn, int rows, int columns) {
    ExactSum sum = new ExactSum();
    for (int i = firstRow; i < firstRow + rows; i++) {
      for (int j = firstColumn; j < firstColumn + columns; j++) {
        addCell(i * classes + j, sum);
      }
    }
    return sum.value();
  }

  private void addCell(int cell, ExactSum sum) {
    sum.add(whole[cell]);
    if (rest != null && rest[cell] != null) {
      sum.merge(rest[cell]);
    }
  }

  private ExactSum rest(int cell) {
    if (rest == null) {
      rest = new ExactSum[whole.length];
    }
    if (rest[cell] == null) {
      rest[cell] = new ExactSum();
    }
    return rest[cell];
  }
}
