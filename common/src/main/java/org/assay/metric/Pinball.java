package org.assay.metric;

import com.google.auto.service.AutoService;
import org.assay.config.Section;

/**
 * The mean pinball (quantile) loss: the mean of alpha d if d &gt;= 0, else (alpha - 1) d, where d =
 * y - prediction. Least, in expectation, for the alpha-quantile.
 *
 * <p>Parameter {@code alpha} in [0, 1] (default 0.5: half the {@link Mae}). At least 0. Undefined
 * without items. scikit-learn: {@code mean_pinball_loss}.
 *
 * <p>Source: R. Koenker and G. Bassett, "Regression quantiles", 1978, doi:10.2307/1913643.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class Pinball implements RegressionLossMetric {
  private static final double DEFAULT = 0.5;

  private final double alpha;

  /** With alpha = 0.5. */
  public Pinball() {
    this(DEFAULT);
  }

  /** With this {@code alpha}, a number between 0 and 1. */
  public Pinball(double alpha) {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException("alpha = " + alpha + ": must be a number between 0 and 1");
    }
    this.alpha = alpha;
  }

  @Override
  public String name() {
    return "pinball";
  }

  @Override
  public String spec() {
    return alpha == DEFAULT ? name() : name() + "(alpha=" + alpha + ")";
  }

  @Override
  public Pinball with(Section parameters) {
    double chosen = parameters.number("alpha", alpha, 0, 1);
    parameters.done();
    return new Pinball(chosen);
  }

  @Override
  public Loss loss() {
    return new Quantile(alpha);
  }

  /** alpha d above the prediction, (1 - alpha) |d| below it. */
  record Quantile(double alpha) implements Loss {
    @Override
    public double of(double label, double prediction, double[] scores) {
      double difference = label - prediction;
      return difference >= 0 ? alpha * difference : (alpha - 1) * difference;
    }
  }
}
