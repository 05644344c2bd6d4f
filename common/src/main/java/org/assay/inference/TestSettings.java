package org.assay.inference;

import java.io.Serializable;

/**
 * What tests and effect sizes are asked: one set of answers for all of them, each of which reads
 * what it needs.
 *
 * @param level confidence level of intervals, in (0, 1); the significance level is 1 - level
 * @param power the power for which a minimum detectable effect is computed, in (0, 1)
 * @param margin the difference that does not matter, positive, in the metric's unit; NaN when none
 *     was given, and then tests that need one refuse
 * @param rope half the width of the region of practical equivalence, not negative, in the metric's
 *     unit
 * @param control place of the model that all others are compared with; -1 when there is none
 */
public record TestSettings(double level, double power, double margin, double rope, int control)
    implements Serializable {

  /** Level 0.95, power 0.8, no margin, a region of practical equivalence of -+ 0.01, no control. */
  public static final TestSettings DEFAULT = new TestSettings(0.95, 0.8, Double.NaN, 0.01, -1);

  public TestSettings {
    Interval.checkLevel(level);
    if (!(power > 0 && power < 1)) {
      throw new IllegalArgumentException(
          "power " + power + ": must be between 0 and 1, such as 0.8");
    }
    if (!(Double.isNaN(margin) || margin > 0 && margin <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "margin " + margin + ": must be positive, in the metric's unit");
    }
    if (!(rope >= 0 && rope <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "rope " + rope + ": must be 0 or positive, in the metric's unit");
    }
    if (control < -1) {
      throw new IllegalArgumentException(
          "control " + control + ": must be the place of a model, or -1 for none");
    }
  }

  /** 1 - level: the significance level. */
  public double alpha() {
    return 1 - level;
  }

  public TestSettings withLevel(double other) {
    return new TestSettings(other, power, margin, rope, control);
  }

  public TestSettings withPower(double other) {
    return new TestSettings(level, other, margin, rope, control);
  }

  public TestSettings withMargin(double other) {
    return new TestSettings(level, power, other, rope, control);
  }

  public TestSettings withRope(double other) {
    return new TestSettings(level, power, margin, other, control);
  }

  public TestSettings withControl(int other) {
    return new TestSettings(level, power, margin, rope, other);
  }
}
