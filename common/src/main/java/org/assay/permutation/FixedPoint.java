package org.assay.permutation;

import java.io.Serializable;

/**
 * Whole numbers of a unit 2<sup>-exponent</sup> that stand for doubles, so that sums of them are
 * exact in a {@code long} whatever their order.
 *
 * <p><b>Accuracy.</b> A number is rounded to the nearest unit, so it is off by at most half a unit,
 * a sum of n numbers by at most n / 2 units and their mean by half a unit. With {@link #of}, n
 * numbers of size up to {@code largest} have a unit of at most n * largest * 2<sup>-59</sup>: the
 * mean of 10<sup>6</sup> numbers is right to 9e-13 of the largest. Whole numbers and other
 * multiples of the unit are exact.
 *
 * <p>Immutable.
 *
 * @param exponent the unit is 2^-exponent
 */
public record FixedPoint(int exponent) implements Serializable {
  private static final int BITS = 62;

  /** Whole numbers as they are. */
  public static final FixedPoint WHOLE = new FixedPoint(0);

  /**
   * The finest unit in which the sum of any {@code n} numbers cannot overflow, nor twice that sum.
   *
   * @param n how many numbers a sum may have, at least 0
   * @param largest the largest size of one, finite, at least 0
   * @throws IllegalArgumentException if one is out of range
   */
  public static FixedPoint of(long n, double largest) {
    if (n < 0 || !(largest >= 0 && largest <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "a sum of " + n + " numbers of size up to " + largest + ": must be finite");
    }
    if (n == 0 || largest == 0) {
      return WHOLE;
    }
    // n < 2^rows and largest < 2^size, so that a sum is below 2^(BITS - 1) units, with rounding.
    int rows = Long.SIZE - Long.numberOfLeadingZeros(n);
    int size =
        largest < Double.MIN_NORMAL
            ? Math.getExponent(largest * 0x1p60) - 60 + 1
            : Math.getExponent(largest) + 1;
    return new FixedPoint(BITS - 1 - rows - size);
  }

  /**
   * The number of units nearest to x, ties to even, so that -x has the opposite number.
   *
   * @param x finite and not larger than what the unit was made for; not checked
   */
  public long units(double x) {
    // Two steps, for the power alone may be no double.
    return (long) Math.rint(Math.scalb(x, exponent));
  }

  /** What that many units are worth. */
  public double value(long units) {
    return Math.scalb((double) units, -exponent);
  }

  /** The unit itself; infinite or 0 when no double holds it. */
  public double unit() {
    return Math.scalb(1.0, -exponent);
  }
}
