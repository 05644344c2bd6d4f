package org.assay.metric;

import java.math.BigInteger;

/**
 * Second moments of labels y and residuals d = y - prediction: the exact sums of w, w d, w
 * d<sup>2</sup>, w y and w y<sup>2</sup>.
 *
 * <p>The residual is rounded to a double, as it is elsewhere; after that nothing is: variances are
 * differences of exact integers, so a large mean does not spoil them, and labels that are all equal
 * have a variance of exactly 0. Exact for |y| and |d| of 0 or between 1e-140 and 1e150; smaller
 * ones lose digits below 1e-320, larger ones overflow and make the values undefined. Not
 * thread-safe.
 */
public final class Residuals implements State<Residuals> {
  private static final long serialVersionUID = 1L;
  private static final Value EMPTY = Value.undefined("no items of positive weight");
  private static final Value OVERFLOW =
      Value.undefined("the sums of squares are too large for doubles");

  private final ExactSum weights = new ExactSum();
  private final ExactSum residuals = new ExactSum();
  private final ExactSum squaredResiduals = new ExactSum();
  private final ExactSum labels = new ExactSum();
  private final ExactSum squaredLabels = new ExactSum();

  /** Moments whose sums are known; labels may be shifted, for no value depends on their mean. */
  static Residuals of(Squares sums) {
    Residuals moments = new Residuals();
    moments.weights.add(sums.weight());
    moments.residuals.add(sums.residuals());
    moments.squaredResiduals.add(sums.squaredResiduals());
    if (sums.leastLabel() < sums.greatestLabel()) { // else all are at the mean
      moments.labels.add(sums.labels());
      moments.squaredLabels.add(sums.squaredLabels());
    }
    return moments;
  }

  @Override
  public void add(double label, double prediction, double[] scores, double weight) {
    if (weight > 0) {
      double residual = label - prediction;
      weights.add(weight);
      residuals.addProduct(weight, residual);
      addSquare(squaredResiduals, weight, residual);
      labels.addProduct(weight, label);
      addSquare(squaredLabels, weight, label);
    }
  }

  @Override
  public void merge(Residuals other) {
    weights.merge(other.weights);
    residuals.merge(other.residuals);
    squaredResiduals.merge(other.squaredResiduals);
    labels.merge(other.labels);
    squaredLabels.merge(other.squaredLabels);
  }

  /** 1 - (sum of w d^2) / (sum of w (y - mean of y)^2), rounded once. */
  public Value determination() {
    return oneMinusRatio(weights.units().multiply(squaredResiduals.units()));
  }

  /** 1 - (variance of d) / (variance of y), rounded once. */
  public Value explainedVariance() {
    return oneMinusRatio(scatter(squaredResiduals, residuals));
  }

  private Value oneMinusRatio(BigInteger unexplained) {
    if (!squaredResiduals.isFinite() || !squaredLabels.isFinite() || !weights.isFinite()) {
      return OVERFLOW;
    }
    if (weights.units().signum() == 0) {
      return EMPTY;
    }
    BigInteger scatter = scatter(squaredLabels, labels);
    // Squares too small for doubles can leave less than nothing.
    if (scatter.signum() <= 0) {
      return Value.undefined("all labels are equal, so their variance is 0");
    }
    return Value.of(ratio(scatter.subtract(unexplained), scatter));
  }

  /** (sum of w) (sum of w x^2) - (sum of w x)^2, in squared units. */
  private BigInteger scatter(ExactSum squares, ExactSum sum) {
    BigInteger linear = sum.units();
    return weights.units().multiply(squares.units()).subtract(linear.multiply(linear));
  }

  /** The double nearest to numerator / denominator, where the denominator is positive. */
  static double ratio(BigInteger numerator, BigInteger denominator) {
    // A quotient of at least 65 bits, its last bit standing for all that follow, rounds as the
    // fraction does.
    int shift = 66 - (numerator.bitLength() - denominator.bitLength());
    BigInteger[] parts =
        shift >= 0
            ? numerator.abs().shiftLeft(shift).divideAndRemainder(denominator)
            : numerator.abs().divideAndRemainder(denominator.shiftLeft(-shift));
    BigInteger quotient = parts[1].signum() == 0 ? parts[0] : parts[0].setBit(0);
    return Math.scalb(numerator.signum() * quotient.doubleValue(), -shift);
  }

  private static void addSquare(ExactSum sum, double weight, double x) {
    double square = x * x;
    sum.addProduct(weight, square);
    if (square <= Double.MAX_VALUE) {
      double rest = Math.fma(x, x, -square);
      if (rest != 0) {
        sum.addProduct(weight, rest);
      }
    }
  }
}
