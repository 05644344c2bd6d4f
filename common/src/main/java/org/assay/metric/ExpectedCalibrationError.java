package org.assay.metric;

import com.google.auto.service.AutoService;
import java.util.List;
import org.assay.config.Section;

/**
 * How far confidence is from frequency: the sum over bins b of (n<sub>b</sub> / n)
 * |outcome<sub>b</sub> - confidence<sub>b</sub>|, where n<sub>b</sub> is the weight in the bin and
 * outcome<sub>b</sub> and confidence<sub>b</sub> are weighted means.
 *
 * <p>Binary: the confidence of an item is the probability of class 1, the outcome its label, so
 * that the table of bins is a reliability diagram. Multiclass: the confidence is the highest
 * probability, the outcome whether the class that has it (the lowest code, on ties) is the label.
 * The two differ for a binary task: implementations that use the highest probability there too give
 * other numbers.
 *
 * <p>Parameter {@code bins} (default 10): bins of equal width, bin b of B holding (b / B, (b + 1) /
 * B] and the first also 0; the edges are the doubles nearest to b / B. In [0, 1]. Undefined without
 * items. The value depends on the number of bins and is biased upwards when bins hold few items.
 *
 * <p>Source: Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML
 * 2017, arXiv:1706.04599.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class ExpectedCalibrationError implements Metric<Calibration> {
  private static final int DEFAULT = 10;
  private static final int MOST = 10_000;

  private final int bins;

  /** With bins = 10. */
  public ExpectedCalibrationError() {
    this(DEFAULT);
  }

  /** With this {@code bins}, a whole number between 1 and 10000. */
  public ExpectedCalibrationError(int bins) {
    if (!(bins >= 1 && bins <= MOST)) {
      throw new IllegalArgumentException(
          "bins = " + bins + ": must be a whole number between 1 and 10000");
    }
    this.bins = bins;
  }

  @Override
  public String name() {
    return "expected-calibration-error";
  }

  @Override
  public Direction direction() {
    return Direction.LOWER_IS_BETTER;
  }

  @Override
  public String spec() {
    return bins == DEFAULT ? name() : name() + "(bins=" + bins + ")";
  }

  @Override
  public ExpectedCalibrationError with(Section parameters) {
    int chosen = (int) parameters.integer("bins", bins, 1, MOST);
    parameters.done();
    return new ExpectedCalibrationError(chosen);
  }

  @Override
  public String refusal(Target target) {
    return target.task().isClassification() && target.hasProbabilities()
        ? null
        : "needs class labels with probabilities";
  }

  @Override
  public Calibration state(Target target) {
    target.accepted(this);
    return new Calibration(bins);
  }

  @Override
  public Object stateKind(Target target) {
    return List.of(Calibration.class, bins);
  }

  @Override
  public Value value(Calibration state) {
    return state.expectedError();
  }
}
