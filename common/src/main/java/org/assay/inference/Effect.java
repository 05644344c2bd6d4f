package org.assay.inference;

import java.io.Serializable;

/**
 * How large something is: a named effect size, or a number that helps to read a test, such as a
 * critical difference.
 *
 * @param name in kebab-case, such as "cliffs-delta"
 * @param subject which models it is about
 * @param value the effect in the unit that its class names, a minus b where it has a sign; NaN when
 *     undefined
 * @param interval its interval; {@link Interval#none} when there is none
 * @param n number of units it rests on: items, splits or data sets
 * @param note a warning, or why the value is NaN, as a sentence without full stop; empty when there
 *     is nothing to say
 */
public record Effect(
    String name, Subject subject, double value, Interval interval, long n, String note)
    implements Serializable {

  public Effect {
    if (Double.isNaN(value) && note.isEmpty()) {
      throw new IllegalArgumentException(name + " is NaN without a note that says why");
    }
  }

  /** Whether it has a value. */
  public boolean isDefined() {
    return !Double.isNaN(value);
  }
}
