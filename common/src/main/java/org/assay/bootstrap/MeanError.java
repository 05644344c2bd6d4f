package org.assay.bootstrap;

import org.assay.metric.ExactSum;
import org.assay.metric.Loss;
import org.assay.metric.MeanLossMetric;
import org.assay.metric.Metric;
import org.assay.metric.State;
import org.assay.metric.Target;
import org.assay.metric.Value;

/**
 * The standard error of a mean loss: sqrt(mean of l<sup>2</sup> - (mean of l)<sup>2</sup>) /
 * sqrt(n), n the number of items.
 *
 * <p>It divides by n, not n - 1, as the ideal bootstrap does. Undefined without items. The relative
 * error is some 1e-16 (mean / sd)<sup>2</sup>. Items of a weight other than a whole number have no
 * such formula.
 */
final class MeanError implements Metric<MeanError.Squares> {
  private static final long serialVersionUID = 1L;

  private final MeanLossMetric mean;

  MeanError(MeanLossMetric mean) {
    this.mean = mean;
  }

  Loss loss() {
    return mean.loss();
  }

  @Override
  public String name() {
    return "standard-error(" + mean.spec() + ")";
  }

  @Override
  public Direction direction() {
    return Direction.LOWER_IS_BETTER;
  }

  @Override
  public String refusal(Target target) {
    return mean.refusal(target);
  }

  @Override
  public Squares state(Target target) {
    return new Squares(loss());
  }

  @Override
  public Object stateKind(Target target) {
    return new Kind(loss());
  }

  private record Kind(Loss loss) {}

  @Override
  public Value value(Squares state) {
    return of(state.count.value(), state.losses.value(), state.squares.value());
  }

  /** From the number of items, and the sums of their losses and of the squares of these. */
  static Value of(double count, double losses, double squares) {
    if (count == 0) {
      return Value.undefined("no items of positive weight");
    }
    double centre = losses / count;
    double variance = squares / count - centre * centre;
    return Double.isNaN(variance)
        ? Value.undefined("the sums are too large for doubles")
        : Value.of(Math.sqrt(Math.max(0, variance) / count));
  }

  /** Number of items, and sums of their losses and of the squares of these. */
  static final class Squares implements State<Squares> {
    private static final long serialVersionUID = 1L;

    private final Loss loss;
    private final ExactSum count = new ExactSum();
    private final ExactSum losses = new ExactSum();
    private final ExactSum squares = new ExactSum();

    Squares(Loss loss) {
      this.loss = loss;
    }

    @Override
    public void add(double label, double prediction, double[] scores, double weight) {
      if (weight > 0) {
        double l = loss.of(label, prediction, scores);
        count.add(weight);
        losses.addProduct(weight, l);
        squares.addProduct(weight, l * l);
      }
    }

    @Override
    public void merge(Squares other) {
      count.merge(other.count);
      losses.merge(other.losses);
      squares.merge(other.squares);
    }
  }
}
