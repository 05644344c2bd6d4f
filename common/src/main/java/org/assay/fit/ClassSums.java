package org.assay.fit;

/**
 * By class: the sum of weights, of weighted features and of weighted squares of features; what
 * naive Bayes needs.
 */
public final class ClassSums extends Sums {
  private static final long serialVersionUID = 1L;

  final Center center;
  final double[] weight;

  /** By class and feature, centred. */
  final double[][] sum;

  final double[][] squares;

  /** Empty sums for classes 0, 1, ... */
  public ClassSums(Center center, int classes) {
    super(0, 0, center.width() + 1);
    this.center = center.ofClasses();
    weight = new double[classes];
    sum = new double[classes][center.width()];
    squares = new double[classes][center.width()];
  }

  @Override
  void weigh(Tile tile, double[] times, double[][] curvatures, double[][] slopes) {
    double[] label = tile.block.label();
    for (int r = 0; r < tile.rows; r++) {
      int i = tile.first + r;
      double v = times[i] * tile.block.weight()[i];
      if (v > 0) {
        int c = (int) label[i];
        weight[c] += v;
        add(v, tile.row[r], sum[c], squares[c]);
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
  }
}
