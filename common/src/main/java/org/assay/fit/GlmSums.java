package org.assay.fit;

/**
 * The working weights and residuals of one step of iteratively reweighted least squares, as sums.
 */
final class GlmSums extends Sums {
  private static final long serialVersionUID = 1L;

  private final Glm glm;

  /** By term; null for the first step, from the labels. */
  private final double[] at;

  private transient double[] predictor;

  /** Half the deviance; at the labels' own predictors, of the first step, their squares. */
  double loss;

  private final double[] least;
  private final double[] greatest;

  GlmSums(Glm glm, double[] at, int terms) {
    super(1, 1, terms);
    this.glm = glm;
    this.at = at;
    least = new double[terms - 1];
    greatest = new double[terms - 1];
    java.util.Arrays.fill(least, Double.POSITIVE_INFINITY);
    java.util.Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
  }

  @Override
  void weigh(Tile tile, double[] times, double[][] curvatures, double[][] slopes) {
    if (predictor == null) {
      predictor = new double[Tile.ROWS];
    }
    if (at != null) {
      tile.combine(at, predictor);
    }
    for (int r = 0; r < tile.rows; r++) {
      int i = tile.first + r;
      double weight = tile.block.weight()[i];
      double v = times[i] * weight;
      double y = tile.block.label()[i];
      if (v == 0) {
        curvatures[0][r] = 0;
        slopes[0][r] = 0;
      } else if (at == null) {
        curvatures[0][r] = v;
        double start = glm.predictor(glm.start(y, weight)) - tile.block.offset(i);
        slopes[0][r] = -v * start;
        loss += v * start * start;
        for (int j = 0; j < least.length; j++) {
          double x = tile.block.features()[i * least.length + j];
          least[j] = Math.min(least[j], x);
          greatest[j] = Math.max(greatest[j], x);
        }
      } else {
        double mean = glm.mean(predictor[r] + tile.block.offset(i));
        loss += v * glm.loss(y, mean);
        double derivative = glm.derivative(mean);
        double variance = glm.variance(mean);
        curvatures[0][r] = v / (derivative * derivative * variance);
        slopes[0][r] = v * (mean - y) / (derivative * variance);
      }
    }
  }

  @Override
  public void merge(Sums later) {
    GlmSums other = (GlmSums) later;
    super.merge(other);
    loss += other.loss;
    for (int j = 0; j < least.length; j++) {
      least[j] = Math.min(least[j], other.least[j]);
      greatest[j] = Math.max(greatest[j], other.greatest[j]);
    }
  }

  /** The features that have more than one value; of the first step's sums. */
  int[] varying() {
    return java.util.stream.IntStream.range(0, least.length)
        .filter(j -> least[j] < greatest[j])
        .toArray();
  }
}
