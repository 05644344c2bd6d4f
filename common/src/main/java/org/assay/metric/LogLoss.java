package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The mean of -ln(probability given to the label), also called cross-entropy.
 *
 * <p>In [0, 36.05], since probabilities are first clipped to [e, 1 - e] with e = 2<sup>-52</sup>,
 * then divided by their sum, as by scikit-learn 1.2's {@code log_loss} for doubles. Undefined
 * without items. One class among the labels is enough, where scikit-learn asks for the list of
 * classes.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class LogLoss implements MeanLossMetric {
  @Override
  public String name() {
    return "log-loss";
  }

  @Override
  public String refusal(Target target) {
    return target.task().isClassification() && target.hasProbabilities()
        ? null
        : "needs class labels with probabilities";
  }

  @Override
  public Loss loss() {
    return new Surprise();
  }

  /** -ln(probability of the label). */
  record Surprise() implements Loss {
    private static final double EPSILON = 0x1.0p-52;

    @Override
    public double of(double label, double prediction, double[] scores) {
      if (scores.length == 1) {
        double p = clip(scores[0]);
        double q = 1 - p;
        return -Math.log((label == 1 ? p : q) / (q + p));
      }
      double sum = 0;
      for (double score : scores) {
        sum += clip(score);
      }
      return -Math.log(clip(scores[(int) label]) / sum);
    }

    private static double clip(double p) {
      return Math.min(Math.max(p, EPSILON), 1 - EPSILON);
    }
  }
}
