package org.assay.inference;

import java.io.Serializable;

/**
 * A two-sided interval.
 *
 * @param method how it was made, as reports name it: "corrected-t"
 * @param level its nominal coverage, in (0, 1)
 * @param low its lower end, at most {@code high}; NaN when the interval is undefined
 * @param high its upper end; NaN when and only when {@code low} is
 */
public record Interval(String method, double level, double low, double high)
    implements Serializable {

  public Interval {
    if (method.isEmpty()) {
      throw new IllegalArgumentException("an interval without a method");
    }
    checkLevel(level);
    if (!(low <= high || Double.isNaN(low) && Double.isNaN(high))) {
      throw new IllegalArgumentException(
          method + " interval from " + low + " to " + high + ": must not end before it starts");
    }
  }

  /** An interval that cannot be computed. */
  public static Interval undefined(String method, double level) {
    return new Interval(method, level, Double.NaN, Double.NaN);
  }

  /** What stands where no interval is defined for any input: method "none", without ends. */
  public static Interval none(double level) {
    return undefined("none", level);
  }

  /** Whether it has ends. */
  public boolean isDefined() {
    return !Double.isNaN(low);
  }

  /** high - low; NaN when undefined. */
  public double width() {
    return high - low;
  }

  /** Whether {@code low <= value <= high}; false for NaN and for an undefined interval. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Checks that it is a level. */
  static void checkLevel(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "level " + level + ": must be between 0 and 1, such as 0.95");
    }
  }
}
