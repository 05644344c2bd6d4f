package org.assay.order;

import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.stream.IntStream;

/**
 * Which share of the ordered pairs of tests (a, b) a set of orders exercises: b directly after a.
 *
 * <p>It is what a set of orders promises: a test b that fails after a single polluter a is seen to
 * fail when the pair is exercised, whichever tests clean up. A pair that is not may have been seen
 * all the same, with tests between the two that do not clean up.
 *
 * @param inside ordered pairs of tests of one class
 * @param insideSeen those that are exercised
 * @param across ordered pairs of tests of two classes
 * @param acrossSeen those that are exercised
 */
public record Coverage(long inside, long insideSeen, long across, long acrossSeen)
    implements Serializable {

  /** Tests up to which a bit per pair is kept; above, the pairs seen are sorted. */
  private static final int BITS = 1 << 15;

  /** The coverage of orders that ran, or are to run. */
  public static Coverage of(Suite suite, Collection<Order> orders) {
    return of(suite, orders, BITS);
  }

  static Coverage of(Suite suite, Collection<Order> orders, int bits) {
    long n = suite.size();
    long inside = 0;
    for (int c = 0; c < suite.classes(); c++) {
      long m = suite.members(c).length;
      inside += m * (m - 1);
    }
    long[] seen = n <= bits ? marked(n, orders) : sorted(n, orders);
    long insideSeen = 0;
    for (long pair : seen) {
      if (suite.classOf((int) (pair / n)) == suite.classOf((int) (pair % n))) {
        insideSeen++;
      }
    }
    return new Coverage(inside, insideSeen, n * (n - 1) - inside, seen.length - insideSeen);
  }

  private static long[] marked(long n, Collection<Order> orders) {
    BitSet[] seen = new BitSet[(int) n];
    for (Order order : orders) {
      int[] tests = order.tests();
      for (int i = 1; i < tests.length; i++) {
        int a = tests[i - 1];
        if (seen[a] == null) {
          seen[a] = new BitSet((int) n);
        }
        seen[a].set(tests[i]);
      }
    }
    return IntStream.range(0, (int) n)
        .filter(a -> seen[a] != null)
        .boxed()
        .flatMapToLong(a -> seen[a].stream().mapToLong(b -> a * n + b))
        .toArray();
  }

  private static long[] sorted(long n, Collection<Order> orders) {
    long[] pairs =
        orders.stream()
            .map(Order::tests)
            .flatMapToLong(
                tests ->
                    IntStream.range(1, tests.length).mapToLong(i -> tests[i - 1] * n + tests[i]))
            .toArray();
    Arrays.sort(pairs);
    int distinct = 0;
    for (int i = 0; i < pairs.length; i++) {
      if (i == 0 || pairs[i] != pairs[i - 1]) {
        pairs[distinct++] = pairs[i];
      }
    }
    return Arrays.copyOf(pairs, distinct);
  }

  /** All ordered pairs. */
  public long pairs() {
    return inside + across;
  }

  /** Those that are exercised. */
  public long seen() {
    return insideSeen + acrossSeen;
  }

  /** The share that is exercised, from 0 to 1; 1 for a suite of one test. */
  public double share() {
    return pairs() == 0 ? 1 : (double) seen() / pairs();
  }

  /**
   * The probability that a polluter and its victim, any two tests with the same probability, were
   * not run one directly after the other.
   */
  public double unseen() {
    return 1 - share();
  }
}
