package org.assay.order;

import java.io.Serializable;

/**
 * What orders drawn at random can be expected to show, beside what a pair cover shows for sure.
 *
 * <p>A victim fails in an order drawn at random when the last of its polluters and cleaners before
 * it is a polluter. With P tests that pollute on their own and C that clean on their own that has
 * probability
 *
 * <pre>
 *   P / (P + C + 1)         all tests exchange places
 *   P / (2 (P + C))         classes stay together, classes and the tests inside them exchange places,
 *                           polluters and cleaners are in one class and the victim is in another
 * </pre>
 *
 * <p>A brittle test with S setters fails when none of them is before it: 1 / (S + 1), or 1/2 when
 * they are in one other class.
 *
 * @param probability that one order shows the failure, in [0, 1]
 */
public record Exposure(double probability) implements Serializable {

  public Exposure {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability " + probability + ": must be in [0, 1]");
    }
  }

  /** Of a victim, when all tests exchange places. */
  public static Exposure ofVictim(int polluters, int cleaners) {
    check(polluters, cleaners);
    return new Exposure((double) polluters / (polluters + cleaners + 1.0));
  }

  /** Of a victim whose polluters and cleaners are all in one other class; classes stay together. */
  public static Exposure ofVictimInOtherClass(int polluters, int cleaners) {
    check(polluters, cleaners);
    return new Exposure(polluters == 0 ? 0 : polluters / (2.0 * (polluters + cleaners)));
  }

  /** Of a brittle test, when all tests exchange places. */
  public static Exposure ofBrittle(int setters) {
    check(setters, 0);
    return new Exposure(1 / (setters + 1.0));
  }

  private static void check(int a, int b) {
    if (a < 0 || b < 0) {
      throw new IllegalArgumentException(a + " and " + b + " tests: must not be negative");
    }
  }

  /** The probability that so many orders, drawn independently, do not show the failure once. */
  public double unseen(long orders) {
    return Math.pow(1 - probability, orders);
  }

  /**
   * The orders after which the failure has been seen with a probability.
   *
   * @param chance in (0, 1), such as 0.95
   * @return at least 1; {@code Long.MAX_VALUE} when no order shows it
   */
  public long ordersFor(double chance) {
    if (!(chance > 0 && chance < 1)) {
      throw new IllegalArgumentException("chance " + chance + ": must be between 0 and 1");
    }
    if (probability == 0) {
      return Long.MAX_VALUE;
    }
    return Math.max(1, (long) Math.ceil(Math.log1p(-chance) / Math.log1p(-probability)));
  }
}
