package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The Brier score. Binary: the mean of (p - y)<sup>2</sup>, where p is the probability of class 1
 * and y the label, as scikit-learn's {@code brier_score_loss}. Multiclass: the mean of the sum over
 * classes k of (p<sub>k</sub> - [label = k])<sup>2</sup>, as Brier defined it.
 *
 * <p>In [0, 1] for two classes, [0, 2] for more: a binary task written as a multiclass one would
 * score twice as much. Undefined without items.
 *
 * <p>Source: G. W. Brier, "Verification of forecasts expressed in terms of probability", 1950,
 * doi:10.1175/1520-0493(1950)078&lt;0001:VOFEIT&gt;2.0.CO;2.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class Brier implements MeanLossMetric {
  @Override
  public String name() {
    return "brier";
  }

  @Override
  public String refusal(Target target) {
    return target.task().isClassification() && target.hasProbabilities()
        ? null
        : "needs class labels with probabilities";
  }

  @Override
  public Loss loss() {
    return new SquaredDistance();
  }

  /** Squared distance of the probabilities from certainty of the label. */
  record SquaredDistance() implements Loss {
    @Override
    public double of(double label, double prediction, double[] scores) {
      if (scores.length == 1) {
        return (scores[0] - label) * (scores[0] - label);
      }
      double sum = 0;
      for (int c = 0; c < scores.length; c++) {
        double distance = scores[c] - (c == label ? 1 : 0);
        sum += distance * distance;
      }
      return sum;
    }
  }
}
