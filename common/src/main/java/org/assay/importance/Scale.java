package org.assay.importance;

import java.util.Locale;
import org.assay.metric.Metric;

/** In what an importance is counted: what a metric loses when an input tells nothing any more. */
public enum Scale {
  /** How much worse it becomes, in its own unit; 0 for an input that does not matter. */
  DIFFERENCE,
  /** How many times as bad it becomes; 1 for an input that does not matter. */
  RATIO;

  /** The name in configurations and reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What an input that does not matter has. */
  public double none() {
    return this == DIFFERENCE ? 0 : 1;
  }

  /**
   * An importance: changed - baseline of a loss, baseline - changed where higher is better; as a
   * ratio changed / baseline of a loss, baseline / changed where higher is better.
   *
   * @return NaN when a value is, or a ratio has a denominator of 0
   */
  public double of(Metric.Direction direction, double baseline, double changed) {
    boolean isLoss = direction == Metric.Direction.LOWER_IS_BETTER;
    if (this == DIFFERENCE) {
      return isLoss ? changed - baseline : baseline - changed;
    }
    double ratio = isLoss ? changed / baseline : baseline / changed;
    return Double.isFinite(ratio) ? ratio : Double.NaN;
  }
}
