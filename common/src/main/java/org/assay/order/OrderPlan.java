package org.assay.order;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.assay.random.Keyed;
import org.assay.random.Permutation;

/**
 * Which orders of a suite to run.
 *
 * <table>
 * <caption>The kinds</caption>
 * <tr><td>same-order, reverse, alphabetical</td><td>one order, run {@code runs} times</td></tr>
 * <tr><td>random</td><td>{@code runs} orders, each drawn anew from all that the shuffle allows,
 *   each run once</td></tr>
 * <tr><td>pair-cover</td><td>at most {@code runs} orders, best first, each run once: see {@link
 *   PairCover}</td></tr>
 * </table>
 *
 * <p>A pure function of the plan and the suite; the first orders of a plan are those of the same
 * plan with fewer runs.
 *
 * @param kind the kind
 * @param shuffle what may be exchanged, for random and pair-cover; does not matter for the others
 * @param runs the budget, at least 1
 * @param seed the seed of what is drawn
 */
public record OrderPlan(OrderKind kind, Shuffle shuffle, int runs, long seed)
    implements Serializable {

  public OrderPlan {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(shuffle, "shuffle");
    if (runs < 1) {
      throw new IllegalArgumentException(
          "a plan of " + runs + " runs in " + kind.label() + ": must be at least 1");
    }
  }

  /** The suite's own order, {@code runs} times. */
  public static OrderPlan sameOrder(int runs) {
    return new OrderPlan(OrderKind.SAME_ORDER, Shuffle.METHOD, runs, 0);
  }

  /** How often each of the orders is run. */
  public int rounds() {
    return isDrawn() ? 1 : runs;
  }

  /** The orders of a suite; no two have the same id. */
  public List<Order> orders(Suite suite) {
    return switch (kind) {
      case SAME_ORDER -> List.of(order(0, 0, suite.original()));
      case REVERSE -> List.of(order(0, 0, reverse(suite.original())));
      case ALPHABETICAL -> List.of(order(0, 0, alphabetical(suite)));
      case RANDOM -> {
        List<Order> orders = new ArrayList<>(runs);
        Keyed draws = Keyed.of(seed, "orders.random." + shuffle.label());
        for (int i = 0; i < runs; i++) {
          orders.add(order(i, seed, random(suite, draws, i)));
        }
        yield orders;
      }
      case PAIR_COVER -> {
        List<Order> orders = new ArrayList<>();
        PairCover cover = PairCover.of(suite, shuffle, seed);
        while (orders.size() < runs && !cover.isComplete()) {
          orders.add(order(orders.size(), seed, cover.next()));
        }
        yield orders;
      }
    };
  }

  /** Plans of one kind that shuffle differently may be run together: their ids differ. */
  private Order order(int number, long drawn, int[] tests) {
    String name =
        shuffle == Shuffle.CLASS_AND_METHOD || !isDrawn()
            ? kind.label()
            : kind.label() + "-" + shuffle.label();
    String digits = Integer.toString(number);
    return new Order(
        name + "-" + "0".repeat(Math.max(0, 4 - digits.length())) + digits,
        kind.label(),
        drawn,
        tests);
  }

  private boolean isDrawn() {
    return kind == OrderKind.RANDOM || kind == OrderKind.PAIR_COVER;
  }

  private static int[] reverse(int[] tests) {
    int[] reversed = new int[tests.length];
    for (int i = 0; i < tests.length; i++) {
      reversed[i] = tests[tests.length - 1 - i];
    }
    return reversed;
  }

  private static int[] alphabetical(Suite suite) {
    return Arrays.stream(suite.original())
        .boxed()
        .sorted(Comparator.comparing(suite::test))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private int[] random(Suite suite, Keyed draws, int replicate) {
    if (shuffle == Shuffle.METHOD) {
      return shuffled(suite.original(), draws, replicate);
    }
    int[] order = new int[suite.size()];
    int place = 0;
    Permutation classes = Permutation.of(draws, replicate, suite.classes());
    for (int i = 0; i < suite.classes(); i++) {
      int c = (int) classes.at(i);
      int[] members = suite.members(c);
      if (shuffle == Shuffle.CLASS_AND_METHOD) {
        members = shuffled(members, draws.derive(c), replicate);
      }
      System.arraycopy(members, 0, order, place, members.length);
      place += members.length;
    }
    return order;
  }

  static int[] shuffled(int[] tests, Keyed draws, long replicate) {
    Permutation permutation = Permutation.of(draws, replicate, tests.length);
    int[] shuffled = new int[tests.length];
    for (int i = 0; i < tests.length; i++) {
      shuffled[i] = tests[(int) permutation.at(i)];
    }
    return shuffled;
  }
}
