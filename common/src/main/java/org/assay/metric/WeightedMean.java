package org.assay.metric;

/**
 * The weighted mean of a few numbers, such as one per class; numbers that are all 1 have the mean
 * 1, to the bit.
 */
final class WeightedMean {
  private final ExactSum sum = new ExactSum();
  private final ExactSum weights = new ExactSum();

  void add(double weight, double x) {
    sum.addProduct(weight, x);
    weights.add(weight);
  }

  /** NaN without weight. */
  double value() {
    return sum.value() / weights.value();
  }
}
