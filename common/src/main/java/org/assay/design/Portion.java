package org.assay.design;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.assay.config.Section;

/**
 * A share of the rows: a fraction, or a number of rows.
 *
 * @param fraction in (0, 1], or 0 for a number of rows
 * @param count at least 1, or 0 for a fraction
 */
record Portion(double fraction, long count) implements Serializable {

  /** Below 1 a fraction, from 1 on a number of rows. */
  static Portion read(Section section, String key, Portion otherwise) {
    if (!section.has(key)) {
      return otherwise;
    }
    double value = section.number(key, -Double.MAX_VALUE, Double.MAX_VALUE);
    if (value > 0 && value < 1) {
      return new Portion(value, 0);
    }
    if (!(value >= 1 && value == Math.rint(value) && value < 0x1p52)) {
      throw section.wrong(key, "must be a fraction between 0 and 1, or a whole number of rows");
    }
    return new Portion(0, (long) value);
  }

  static Portion fraction(double fraction) {
    return new Portion(fraction, 0);
  }

  boolean isFraction() {
    return count == 0;
  }

  /**
   * How many of n rows: fractions are taken as they are written in decimals, so 0.07 of 100 is 7.
   */
  long of(long n, RoundingMode rounding) {
    return isFraction()
        ? BigDecimal.valueOf(fraction)
            .multiply(BigDecimal.valueOf(n))
            .setScale(0, rounding)
            .longValueExact()
        : count;
  }

  String label() {
    return isFraction() ? Double.toString(fraction) : count + " rows";
  }
}
