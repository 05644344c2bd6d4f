package org.assay.metric;

/**
 * The weighted mean of the items' losses: sum of w<sub>i</sub> l<sub>i</sub> over sum of
 * w<sub>i</sub>.
 *
 * <p>Undefined without items of positive weight. Both sums are exact and rounded once, and so is
 * the quotient: the relative error is below 4e-16 besides that of the losses. Not thread-safe.
 */
public final class MeanLoss implements State<MeanLoss> {
  private static final long serialVersionUID = 1L;

  private final Loss loss;
  private final ExactSum losses = new ExactSum();
  private final ExactSum weights = new ExactSum();

  /** An empty mean of this loss. */
  public MeanLoss(Loss loss) {
    this.loss = loss;
  }

  /** A mean whose sums are known: of weights times losses, and of weights. */
  public static MeanLoss of(Loss loss, double losses, double weights) {
    MeanLoss mean = new MeanLoss(loss);
    mean.losses.add(losses);
    mean.weights.add(weights);
    return mean;
  }

  @Override
  public void add(double label, double prediction, double[] scores, double weight) {
    if (weight > 0) {
      losses.addProduct(weight, loss.of(label, prediction, scores));
      weights.add(weight);
    }
  }

  @Override
  public void merge(MeanLoss other) {
    losses.merge(other.losses);
    weights.merge(other.weights);
  }

  /** The mean. */
  public Value mean() {
    double total = weights.value();
    if (total == 0) {
      return Value.undefined("no items of positive weight");
    }
    double mean = losses.value() / total;
    return Double.isNaN(mean)
        ? Value.undefined("the sums are too large for doubles")
        : Value.of(mean);
  }
}
