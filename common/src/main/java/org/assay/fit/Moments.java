package org.assay.fit;

import java.util.Arrays;
import org.assay.UserException;

/**
 * First and second moments of features and label: all that linear regression needs, and what every
 * other fit begins with.
 *
 * <p>With v the weight of a row times how often it counts and x, y centred: the sum of v, v x, v x
 * x', of v y x (numbers) or, by class, of v x, and of v y^2; the sum of squared weights; which
 * features vary.
 */
public final class Moments extends Sums {
  private static final long serialVersionUID = 1L;

  /** The share of a variance below which what is left after one row is rounding. */
  private static final double NOTHING = 1e-12;

  final Center center;

  /** Number of classes; 0 when the label is a number. */
  final int classes;

  /** Rows of positive weight that count. */
  long items;

  /**
   * Additions, at most, that the longest chain of a sum is made of, those within tiles excepted.
   */
  private long chain;

  double labelSquares;
  double weightSquares;
  double leastLabel = Double.POSITIVE_INFINITY;
  double greatestLabel = Double.NEGATIVE_INFINITY;

  /**
   * In the features' own units; of each only up to the row that shows it to vary, for no more is
   * asked of them.
   */
  final double[] least;

  final double[] greatest;

  private Moments(Center center, int classes) {
    super(1, Math.max(1, classes), center.width() + 1);
    this.center = center;
    this.classes = classes;
    least = new double[center.width()];
    greatest = new double[center.width()];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
  }

  /** Empty moments for labels that are numbers. */
  public static Moments ofNumbers(Center center) {
    return new Moments(center, 0);
  }

  /** Empty moments for labels that are classes 0, 1, ... */
  public static Moments ofClasses(Center center, int classes) {
    return new Moments(center.ofClasses(), classes);
  }

  @Override
  void weigh(Tile tile, double[] times, double[][] curvatures, double[][] slopes) {
    double[] label = tile.block.label();
    double[] weight = tile.block.weight();
    double[] total = curvatures[0];
    double squares = 0;
    for (int r = 0; r < tile.rows; r++) {
      int row = tile.first + r;
      double v = times[row] * weight[row];
      total[r] = v;
      if (classes == 0) {
        double y = label[row] - center.label();
        slopes[0][r] = v * y;
        squares += v * y * y;
      } else {
        for (int c = 0; c < classes; c++) {
          slopes[c][r] = 0;
        }
        slopes[tile.block.classOf(row, classes)][r] = v;
      }
      if (v > 0) {
        items++;
        weightSquares += v * weight[row];
        leastLabel = Math.min(leastLabel, label[row]);
        greatestLabel = Math.max(greatestLabel, label[row]);
      }
    }
    labelSquares += squares;
    chain += tile.whole() / 4; // four rows at a time
    double[] features = tile.block.features();
    for (int j = 0; j < tile.width; j++) {
      for (int r = 0; r < tile.rows && !(least[j] < greatest[j]); r++) {
        if (total[r] > 0) {
          double value = features[(tile.first + r) * tile.width + j];
          least[j] = Math.min(least[j], value);
          greatest[j] = Math.max(greatest[j], value);
        }
      }
    }
  }

  @Override
  public void merge(Sums later) {
    Moments other = (Moments) later;
    super.merge(other);
    items += other.items;
    chain = Math.max(chain, other.chain) + 1;
    labelSquares += other.labelSquares;
    weightSquares += other.weightSquares;
    leastLabel = Math.min(leastLabel, other.leastLabel);
    greatestLabel = Math.max(greatestLabel, other.greatestLabel);
    for (int j = 0; j < least.length; j++) {
      least[j] = Math.min(least[j], other.least[j]);
      greatest[j] = Math.max(greatest[j], other.greatest[j]);
    }
  }

  /**
   * These moments less one row that counts once; for numbers. Least and greatest values stay, and a
   * feature or label whose variance falls to nothing is made constant.
   */
  Moments without(Examples rows, int row) {
    Moments rest = new Moments(center, classes);
    rest.merge(this);
    double v = rows.weight()[row];
    double y = rows.label()[row] - center.label();
    int terms = width() + 1;
    double[] x = new double[terms];
    x[0] = 1;
    for (int j = 0; j < width(); j++) {
      x[j + 1] = rows.features()[row * width() + j] - center.features()[j];
    }
    int at = 0;
    for (int i = 0; i < terms; i++) {
      rest.slope[0][i] -= v * y * x[i];
      for (int j = i; j < terms; j++) {
        rest.curvature[0][at++] -= v * x[i] * x[j];
      }
    }
    rest.items -= v > 0 ? 1 : 0;
    rest.labelSquares -= v * y * y;
    rest.weightSquares -= v * v;
    for (int j = 0; j < width(); j++) {
      if (rest.covariance(j, j) <= NOTHING * covariance(j, j)) {
        rest.least[j] = rest.greatest[j];
      }
    }
    double mean = rest.slope[0][0] / rest.weight();
    double all = slope[0][0] / weight();
    if (rest.labelSquares / rest.weight() - mean * mean
        <= NOTHING * (labelSquares / weight() - all * all)) {
      rest.leastLabel = mean + center.label();
      rest.greatestLabel = rest.leastLabel;
    }
    return rest;
  }

  /** Additions that the longest chain of a sum is made of, at most. */
  double chain() {
    return chain + Tile.ROWS;
  }

  int width() {
    return least.length;
  }

  /** The sum of weights; refuses none. */
  double weight() {
    double weight = curvature[0][0];
    if (!(weight > 0)) {
      throw UserException.input(
          "training rows with a sum of weights of "
              + weight
              + ": must be more than 0; use fewer folds, or leave rows of weight 0 out");
    }
    return weight;
  }

  /** The mean of a feature, centred. */
  double mean(int j) {
    return curvature[0][1 + j] / weight();
  }

  /** The mean product of deviations of two features from their means, i <= j. */
  double covariance(int i, int j) {
    return curvature[0][Tile.pair(width() + 1, 1 + i, 1 + j)] / weight() - mean(i) * mean(j);
  }

  /** Whether a feature has more than one value. */
  boolean varies(int j) {
    return least[j] < greatest[j] && covariance(j, j) > 0;
  }

  /** The features that have more than one value. */
  int[] varying() {
    return java.util.stream.IntStream.range(0, width()).filter(this::varies).toArray();
  }

  /**
   * The standard deviation of a feature as MLlib's Summarizer has it: the sum of weighted squares
   * divided by the sum of weights less the sum of their squares over it, n - 1 for weights of 1. 0
   * when that is not positive.
   */
  double sampleDeviation(int j) {
    double weight = weight();
    double freedom = weight - weightSquares / weight;
    return varies(j) && freedom > 0 ? Math.sqrt(covariance(j, j) * weight / freedom) : 0;
  }
}
