package org.assay.metric;

import java.io.Serializable;

/**
 * A metric's value.
 *
 * @param value the number; NaN when undefined
 * @param reason why it is NaN, as a sentence without full stop; empty when defined
 */
public record Value(double value, String reason) implements Serializable {

  public Value {
    if (Double.isNaN(value) == reason.isEmpty()) {
      throw new IllegalArgumentException(
          "a value is NaN exactly when it has a reason: " + value + ", '" + reason + "'");
    }
  }

  /** A defined value. */
  public static Value of(double value) {
    return new Value(value, "");
  }

  /** An undefined value and why it is undefined. */
  public static Value undefined(String reason) {
    return new Value(Double.NaN, reason);
  }

  /** Whether the metric is defined for the items seen. */
  public boolean isDefined() {
    return reason.isEmpty();
  }
}
