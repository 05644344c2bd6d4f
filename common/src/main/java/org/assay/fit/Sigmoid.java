package org.assay.fit;

/**
 * 1 / (1 + e<sup>x</sup>) of many numbers at once, in loops that the compiler turns into vector
 * instructions, which it does for no exponential of the library's.
 *
 * <p>With y = x / 2<sup>{@value #HALVINGS}</sup>, e<sup>y</sup> - 1 is a short polynomial, and
 * e<sup>2y</sup> - 1 = q (2 + q) where q = e<sup>y</sup> - 1: the number that is doubled so often
 * is small at first, so that its rounding weighs little. The relative error is at most
 * 2<sup>-48</sup> max(1, |x|) for |x| up to 40, and below 1e-8 up to 700; numbers beyond are taken
 * for those. NaN stays NaN.
 */
final class Sigmoid {
  private static final int HALVINGS = 14;
  private static final double UNIT = 0x1p-14;
  private static final double MOST = 700;

  private Sigmoid() {}

  /**
   * Replaces the first n numbers.
   *
   * @param room as many more, which are overwritten
   */
  static void ofOpposite(double[] x, int n, double[] room) {
    scale(x, n);
    expand(x, n, room);
    for (int k = 0; k < HALVINGS; k += 2) {
      quadruple(room, n);
    }
    for (int i = 0; i < n; i++) {
      x[i] = 1 / (2 + room[i]);
    }
  }

  private static void scale(double[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = Math.max(-MOST, Math.min(MOST, x[i])) * UNIT;
    }
  }

  /** e^y - 1. */
  private static void expand(double[] y, int n, double[] q) {
    for (int i = 0; i < n; i++) {
      double t = y[i];
      q[i] = t * (1 + t * (1 / 2.0 + t * (1 / 6.0 + t * (1 / 24.0 + t * (1 / 120.0 + t / 720)))));
    }
  }

  /** From e^y - 1 to e^4y - 1. */
  private static void quadruple(double[] q, int n) {
    for (int i = 0; i < n; i++) {
      double once = q[i] * (2 + q[i]);
      q[i] = once * (2 + once);
    }
  }
}
