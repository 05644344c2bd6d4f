package org.assay.inference;

/**
 * Newcombe's interval for the difference of two proportions of independent samples, p<sub>a</sub> -
 * p<sub>b</sub>, from Wilson's intervals [l, u] of each (his method 10):
 *
 * <pre>
 *   low   d - sqrt((p_a - l_a)^2 + (u_b - p_b)^2)
 *   high  d + sqrt((u_a - p_a)^2 + (p_b - l_b)^2)
 * </pre>
 *
 * <p>Never outside [-1, 1]. Undefined when a sample is empty. For two models on the same items the
 * samples are not independent: {@link Tango}.
 *
 * <p>Source: R. G. Newcombe, "Interval estimation for the difference between independent
 * proportions: comparison of eleven methods", Statistics in Medicine 17, 1998,
 * doi:10.1002/(SICI)1097-0258(19980430)17:8&lt;873::AID-SIM779&gt;3.0.CO;2-I.
 */
public final class Newcombe {
  /** The name of the method in reports. */
  public static final String METHOD = "newcombe";

  private Newcombe() {}

  /**
   * The interval.
   *
   * @throws IllegalArgumentException if a count is not between 0 and its n, or the level not in (0,
   *     1)
   */
  public static Interval of(long rightA, long nA, long rightB, long nB, double level) {
    Interval a = new Wilson().of(rightA, nA, level);
    Interval b = new Wilson().of(rightB, nB, level);
    if (nA == 0 || nB == 0) {
      return Interval.undefined(METHOD, level);
    }
    double pa = (double) rightA / nA;
    double pb = (double) rightB / nB;
    return new Interval(
        METHOD,
        level,
        Math.max(-1, pa - pb - Math.hypot(pa - a.low(), b.high() - pb)),
        Math.min(1, pa - pb + Math.hypot(a.high() - pa, pb - b.low())));
  }
}
