package org.assay.order;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

  /**
   * Of a victim, under a shuffle. Exact, if the polluters each pollute on their own, the cleaners
   * each clean up after all of them, and there are no others. With classes kept together and k of
   * the other classes holding any of them
   *
   * <pre>
   *   own + (1 - last) / (k + 1) * (sum over these classes of the probability that the last of them is a polluter)
   * </pre>
   *
   * where, in the victim's own class, own is the probability that the last of them before it is a
   * polluter, and last that there is one.
   *
   * @param polluters numbers of tests, at least one
   * @param cleaners numbers of tests
   */
  public static Exposure ofVictim(
      Suite suite,
      Shuffle shuffle,
      int victim,
      Collection<Integer> polluters,
      Collection<Integer> cleaners) {
    Set<Integer> heeded = new HashSet<>(polluters);
    heeded.addAll(cleaners);
    return shuffled(suite, shuffle, victim, new HashSet<>(polluters), heeded);
  }

  /**
   * Of a brittle test, under a shuffle: the probability that none of its setters runs before it.
   * Exact, if each sets up on its own and there are no others.
   *
   * @param setters numbers of tests
   */
  public static Exposure ofBrittle(
      Suite suite, Shuffle shuffle, int brittle, Collection<Integer> setters) {
    double passes =
        shuffled(suite, shuffle, brittle, new HashSet<>(setters), new HashSet<>(setters))
            .probability();
    return new Exposure(1 - passes);
  }

  /** The probability that the last of the tests that matter before a test is one of some. */
  private static Exposure shuffled(
      Suite suite, Shuffle shuffle, int test, Set<Integer> some, Set<Integer> matter) {
    if (shuffle == Shuffle.METHOD) {
      return new Exposure(some.size() / (matter.size() + 1.0));
    }
    double inOwn = 0;
    double elsewhere = 1;
    double others = 0;
    int classes = 0;
    for (int c = 0; c < suite.classes(); c++) {
      List<Integer> members =
          Arrays.stream(suite.members(c)).filter(matter::contains).boxed().toList();
      boolean isOwn = c == suite.classOf(test);
      if (shuffle == Shuffle.CLASS && isOwn) {
        members = members.stream().filter(m -> m < test).toList(); // before it, whatever happens
      }
      if (members.isEmpty()) {
        continue;
      }
      long of = members.stream().filter(some::contains).count();
      boolean isLast = some.contains(members.get(members.size() - 1));
      if (isOwn) {
        inOwn = shuffle == Shuffle.CLASS ? (isLast ? 1 : 0) : of / (members.size() + 1.0);
        elsewhere = shuffle == Shuffle.CLASS ? 0 : 1 / (members.size() + 1.0);
      } else {
        classes++;
        others += shuffle == Shuffle.CLASS ? (isLast ? 1 : 0) : (double) of / members.size();
      }
    }
    return new Exposure(Math.min(1, inOwn + elsewhere * others / (classes + 1.0)));
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
