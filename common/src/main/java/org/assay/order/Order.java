package org.assay.order;

import java.io.Serializable;
import java.util.Arrays;

/**
 * One order in which tests are run.
 *
 * @param id its name, unique among the orders of a subject in a run, such as {@code
 *     pair-cover-0007}; ids of one kind sort by number up to 10,000 orders
 * @param kind what it was made for: a label of {@link OrderKind}, or the name of a phase that makes
 *     orders of its own ({@code confirm}, {@code isolate})
 * @param seed the seed it was drawn with; 0 where nothing is drawn
 * @param tests the numbers of the tests in the suite, first to last, each at most once; not all
 *     tests of the suite need take part; not copied, not to be changed
 */
public record Order(String id, String kind, long seed, int[] tests) implements Serializable {

  public Order {
    if (id.isEmpty() || kind.isEmpty()) {
      throw new IllegalArgumentException("an order without an id or a kind");
    }
    int[] sorted = tests.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      if (sorted[i] < 0 || i > 0 && sorted[i] == sorted[i - 1]) {
        throw new IllegalArgumentException(
            "order " + id + " holds test " + sorted[i] + ": each must be a number from 0, once");
      }
    }
  }

  /** How many tests are run. */
  public int size() {
    return tests.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Order order
        && id.equals(order.id)
        && kind.equals(order.kind)
        && seed == order.seed
        && Arrays.equals(tests, order.tests);
  }

  @Override
  public int hashCode() {
    return 31 * id.hashCode() + Arrays.hashCode(tests);
  }
}
