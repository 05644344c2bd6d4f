package org.assay.fit;

import org.assay.UserException;

/**
 * By class: the sum of weights, of weighted features and of weighted squares of features; what
 * naive Bayes needs, and logistic regression before its first step. Over all classes: the sum of
 * squared weights, and which features have more than one value.
 */
public final class ClassSums extends Sums {
  private static final long serialVersionUID = 1L;

  final Center center;
  final double[] weight;

  /** By class and feature, centred. */
  final double[][] sum;

  final double[][] squares;

  double weightSquares;

  /** By feature, whether it has more than one value; and how many have not. */
  private final boolean[] varies;

  private int constant;

  /** A value of each feature; null before the first row. */
  private double[] value;

  /** Empty sums for classes 0, 1, ... */
  public ClassSums(Center center, int classes) {
    super(0, 0, center.width() + 1);
    this.center = center.ofClasses();
    weight = new double[classes];
    sum = new double[classes][center.width()];
    squares = new double[classes][center.width()];
    varies = new boolean[center.width()];
    constant = center.width();
  }

  @Override
  void weigh(Tile tile, double[] times, double[][] curvatures, double[][] slopes) {
    for (int r = 0; r < tile.rows; r++) {
      int i = tile.first + r;
      double v = times[i] * tile.block.weight()[i];
      if (v > 0) {
        int c = tile.block.classOf(i, weight.length);
        weight[c] += v;
        weightSquares += v * tile.block.weight()[i];
        if (constant > 0) {
          look(tile.block, i);
        }
        add(v, tile.row[r], sum[c], squares[c]);
      }
    }
  }

  private void look(Examples block, int row) {
    int width = block.width();
    if (value == null) {
      value = java.util.Arrays.copyOfRange(block.features(), row * width, (row + 1) * width);
    }
    for (int j = 0; j < width; j++) {
      if (!varies[j] && block.features()[row * width + j] != value[j]) {
        varies[j] = true;
        constant--;
      }
    }
  }

  private static void add(double v, double[] x, double[] sum, double[] squares) {
    for (int j = 0; j < sum.length; j++) {
      double value = x[j + 1];
      sum[j] += v * value;
      squares[j] += v * (value * value);
    }
  }

  @Override
  public void merge(Sums later) {
    ClassSums other = (ClassSums) later;
    add(weight, other.weight);
    add(sum, other.sum);
    add(squares, other.squares);
    weightSquares += other.weightSquares;
    if (value == null) {
      value = other.value;
    }
    for (int j = 0; j < varies.length && other.value != null; j++) {
      if (!varies[j] && (other.varies[j] || value[j] != other.value[j])) {
        varies[j] = true;
        constant--;
      }
    }
  }

  /** The sum of all weights; refuses none. */
  double totalWeight() {
    double total = 0;
    for (double w : weight) {
      total += w;
    }
    if (!(total > 0)) {
      throw UserException.input(
          "training rows with a sum of weights of "
              + total
              + ": must be more than 0; use fewer folds, or leave rows of weight 0 out");
    }
    return total;
  }

  /** As {@link Moments#sampleDeviation}. */
  double sampleDeviation(int j) {
    double total = totalWeight();
    double freedom = total - weightSquares / total;
    double first = 0;
    double second = 0;
    for (int c = 0; c < weight.length; c++) {
      first += sum[c][j];
      second += squares[c][j];
    }
    double variance = second / total - first / total * (first / total);
    return varies[j] && variance > 0 && freedom > 0 ? Math.sqrt(variance * total / freedom) : 0;
  }
}
