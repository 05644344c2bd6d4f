package org.assay.metric;

/**
 * Equal-width bins of confidence, each with the exact sum of w (outcome - confidence) of its items.
 *
 * <p>Bin b of B holds the confidences in (b / B, (b + 1) / B], the first also 0. The confidence and
 * outcome of an item are as in {@link ExpectedCalibrationError}. Not thread-safe.
 */
public final class Calibration implements State<Calibration> {
  private static final long serialVersionUID = 1L;

  private final ExactSum[] gaps;
  private final ExactSum weights = new ExactSum();

  /** No items yet in this many bins. */
  public Calibration(int bins) {
    this.gaps = new ExactSum[bins];
    for (int b = 0; b < bins; b++) {
      gaps[b] = new ExactSum();
    }
  }

  @Override
  public void add(double label, double prediction, double[] scores, double weight) {
    double confidence = scores[0];
    double outcome = label;
    if (scores.length > 1) {
      int best = 0;
      for (int c = 1; c < scores.length; c++) {
        if (scores[c] > scores[best]) {
          best = c;
        }
      }
      confidence = scores[best];
      outcome = label == best ? 1 : 0;
    }
    ExactSum gap = gaps[bin(confidence)];
    gap.addProduct(weight, outcome);
    gap.addProduct(weight, -confidence);
    weights.add(weight);
  }

  @Override
  public void merge(Calibration other) {
    for (int b = 0; b < gaps.length; b++) {
      gaps[b].merge(other.gaps[b]);
    }
    weights.merge(other.weights);
  }

  /** The sum over bins of the size of their gap, over the total weight. */
  public Value expectedError() {
    double total = weights.value();
    if (total == 0) {
      return Value.undefined("no items of positive weight");
    }
    ExactSum sum = new ExactSum();
    for (ExactSum gap : gaps) {
      sum.add(Math.abs(gap.value()));
    }
    return Value.of(sum.value() / total);
  }

  private int bin(double confidence) {
    int n = gaps.length;
    int b = Math.min(n - 1, (int) (confidence * n));
    // The product was rounded: compare with the edges themselves.
    while (b > 0 && confidence <= (double) b / n) {
      b--;
    }
    while (b < n - 1 && confidence > (double) (b + 1) / n) {
      b++;
    }
    return b;
  }
}
