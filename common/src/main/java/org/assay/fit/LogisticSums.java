package org.assay.fit;

/**
 * The gradient of logistic regression at some coefficients, with the loss and the Hessian or
 * without: the sums of one step.
 *
 * <p>One set of coefficients (the second of two classes against the first) or one per class that
 * occurs. The Hessian's part of sets k and l, k <= l, is the curvature number {@link Tile#pair
 * pair}(sets, k, l).
 */
final class LogisticSums extends Sums {
  private static final long serialVersionUID = 1L;

  /** By set and term. */
  private final double[][] at;

  /** By class: the number of its set. Not used with one set. */
  private final int[] setOf;

  /** Sum of weighted losses, - log of the probability of a row's class; 0 for gradients alone. */
  double loss;

  private transient double[][] predictor;

  private LogisticSums(int curvatures, Center center, double[][] at, int[] setOf) {
    super(curvatures, at.length, center.width() + 1);
    this.at = at;
    this.setOf = setOf;
  }

  /** For loss, gradient and Hessian. */
  static LogisticSums whole(Center center, double[][] at, int[] setOf) {
    return new LogisticSums(Tile.pairs(at.length), center, at, setOf);
  }

  /** For the gradient: per row and fit a small part of the whole's work. */
  static LogisticSums gradient(Center center, double[][] at, int[] setOf) {
    return new LogisticSums(0, center, at, setOf);
  }

  boolean isWhole() {
    return curvature.length > 0;
  }

  @Override
  void weigh(Tile tile, double[] times, double[][] curvatures, double[][] slopes) {
    if (predictor == null) {
      predictor = new double[at.length][Tile.ROWS];
    }
    for (int k = 0; k < at.length; k++) {
      tile.combine(at[k], predictor[k]);
    }
    if (at.length == 1 && !isWhole()) {
      gradient(tile, times, predictor[0], slopes[0]);
    } else if (at.length == 1) {
      binary(tile, times, predictor[0], curvatures[0], slopes[0]);
    } else {
      multinomial(tile, times, curvatures, slopes);
    }
  }

  /** Without a branch, or a logarithm. */
  private static void gradient(Tile tile, double[] times, double[] predictor, double[] slope) {
    double[] label = tile.block.label();
    double[] weight = tile.block.weight();
    int first = tile.first;
    for (int r = 0; r < tile.rows; r++) {
      double side = 2 * label[first + r] - 1;
      double v = times[first + r] * weight[first + r];
      slope[r] = -side * v / (1 + Math.exp(side * predictor[r]));
    }
  }

  private void binary(
      Tile tile, double[] times, double[] predictor, double[] curvature, double[] slope) {
    double[] label = tile.block.label();
    double[] weight = tile.block.weight();
    double sum = 0;
    for (int r = 0; r < tile.rows; r++) {
      int i = tile.first + r;
      double v = times[i] * weight[i];
      if (v == 0) {
        curvature[r] = 0;
        slope[r] = 0;
        continue;
      }
      boolean one = label[i] == 1;
      // The margin is how far the predictor is on the row's own side.
      double margin = one ? predictor[r] : -predictor[r];
      double e = Math.exp(-Math.abs(margin));
      double wrong = (margin >= 0 ? e : 1) / (1 + e);
      sum += v * (Math.log1p(e) + Math.max(0, -margin));
      curvature[r] = v * (e / ((1 + e) * (1 + e)));
      slope[r] = one ? -v * wrong : v * wrong;
    }
    loss += sum;
  }

  private void multinomial(Tile tile, double[] times, double[][] curvatures, double[][] slopes) {
    int sets = at.length;
    double[] p = new double[sets];
    for (int r = 0; r < tile.rows; r++) {
      int i = tile.first + r;
      double v = times[i] * tile.block.weight()[i];
      if (v == 0) {
        for (double[] c : curvatures) {
          c[r] = 0;
        }
        for (double[] s : slopes) {
          s[r] = 0;
        }
        continue;
      }
      int own = setOf[(int) tile.block.label()[i]];
      double most = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < sets; k++) {
        most = Math.max(most, predictor[k][r]);
      }
      double sum = 0;
      for (int k = 0; k < sets; k++) {
        p[k] = Math.exp(predictor[k][r] - most);
        sum += p[k];
      }
      if (isWhole()) {
        loss += v * (Math.log(sum) + most - predictor[own][r]);
      }
      for (int k = 0; k < sets; k++) {
        p[k] /= sum;
      }
      int pair = 0;
      for (int k = 0; k < sets; k++) {
        double others = 0;
        for (int l = 0; l < sets; l++) {
          others += l == k ? 0 : p[l];
        }
        slopes[k][r] = k == own ? -v * others : v * p[k];
        if (isWhole()) {
          curvatures[pair++][r] = v * p[k] * others;
        }
        for (int l = k + 1; l < sets && isWhole(); l++) {
          curvatures[pair++][r] = -v * p[k] * p[l];
        }
      }
    }
  }

  @Override
  public void merge(Sums later) {
    super.merge(later);
    loss += ((LogisticSums) later).loss;
  }
}
