package org.assay.fit;

/** Probabilities from logarithms known up to a constant. */
final class Softmax {
  private Softmax() {}

  /** Replaces {@code count} logarithms, of which one at least is finite, by probabilities. */
  static void normalize(double[] values, int from, int count) {
    double most = Double.NEGATIVE_INFINITY;
    for (int c = from; c < from + count; c++) {
      most = Math.max(most, values[c]);
    }
    double sum = 0;
    for (int c = from; c < from + count; c++) {
      values[c] = values[c] == most ? 1 : Math.exp(values[c] - most);
      sum += values[c];
    }
    for (int c = from; c < from + count; c++) {
      values[c] /= sum;
    }
  }
}
