package org.assay.inference;

import java.util.List;
import org.assay.UserException;

/**
 * One way to make an interval for a proportion from counts, such as accuracy.
 *
 * <p>To add one, write one class with a public constructor without arguments and
 * {@code @AutoService(ProportionInterval.class)}.
 */
public interface ProportionInterval {

  /** The name in configurations and reports, in kebab-case. */
  String name();

  /**
   * The two-sided interval for the probability of success.
   *
   * @param successes from 0 to n
   * @param n number of trials; with none the interval is undefined
   * @param level in (0, 1)
   * @throws IllegalArgumentException if one is out of its range
   */
  Interval of(long successes, long n, double level);

  /** The names of all, in order. */
  static List<String> names() {
    return List.copyOf(
        Discovery.byName(ProportionInterval.class, ProportionInterval::name, "intervals").keySet());
  }

  /**
   * The one of this name.
   *
   * @throws UserException if there is none; the message lists those there are
   */
  static ProportionInterval named(String name) {
    return Discovery.named(
        name,
        "interval of a proportion",
        Discovery.byName(ProportionInterval.class, ProportionInterval::name, "intervals"));
  }

  /** Checks arguments as {@link #of} says. */
  static void check(long successes, long n, double level) {
    if (n < 0 || successes < 0 || successes > n) {
      throw new IllegalArgumentException(
          successes + " of " + n + ": must be between 0 and the number of trials");
    }
    Interval.checkLevel(level);
  }
}
