package org.assay.order;

import java.util.BitSet;
import org.assay.random.Keyed;

/**
 * Orders in which every test comes, in one of them, directly after each other test: a test that
 * fails after a single polluter is seen to fail, whatever other tests clean up in between
 * elsewhere. They come one by one, best first.
 *
 * <pre>
 *   method            the rows of a Tuscan square of the n tests: n orders (4 for 3, 6 for 5), the fewest
 *                     possible; no pair comes twice, so any first m of them have m (n - 1) pairs
 *   class             the same for the classes; tests inside a class stay as they are. It covers pairs of
 *                     classes, not of tests
 *   class-and-method  all ordered pairs of tests of one class, side by side, and all pairs of tests a, b of
 *                     two classes, a the last of its class and b the first of the next one
 * </pre>
 *
 * <p>With class-and-method, each class runs through the rows of its own Tuscan square, while the
 * classes follow each other as in a Tuscan square of classes; these orders hold new pairs only. A
 * class that is through, and all pairs inside it seen, then starts and ends with whatever pairs are
 * still open, and once the square of classes is used up each order is a greedy path along them.
 * With c classes the orders needed are at least the number of open pairs across classes over c - 1,
 * so many more than tests: a budget that is cut covers pairs inside classes, where most pollution
 * is, first.
 *
 * <p>Which number of the square a test is, is drawn at random, so that no pair is always first.
 * Memory: up to one bit per pair of tests, only once the square of classes is used up. Not
 * thread-safe.
 *
 * <p>Sources: C. Li, M. M. Khosravi, W. Lam and A. Shi, "Systematically producing test orders to
 * detect order-dependent flaky tests", ISSTA 2023, doi:10.1145/3597926.3598083, for covers of pairs
 * that keep classes together; A. Wei, P. Yi, T. Xie, D. Marinov and W. Lam, "Probabilistic and
 * systematic coverage of consecutive test-method pairs for detecting order-dependent flaky tests",
 * TACAS 2021, doi:10.1007/978-3-030-72016-2_15; {@link TuscanSquare}.
 */
final class PairCover {
  private final Keyed draws;

  /** The tests of each class; in an order drawn at random where they move. */
  private final int[][] classes;

  /** Whether the tests inside a class move. */
  private final boolean inside;

  /** The numbers of the classes, in an order drawn at random. */
  private final int[] classOrder;

  /** The orders in which every pair inside a class is seen. */
  private final int insideOrders;

  private final int classSquare;
  private int made;

  /** Pairs (last, first) of each pair of classes that were seen, as last x classes + first. */
  private final BitSet[][] seen;

  /** How many pairs (last, first) are open from each class, into each class, and in all. */
  private final long[] openFrom;

  private final long[] openInto;

  private long open;

  private PairCover(int[][] classes, boolean inside, Keyed draws) {
    this.classes = classes;
    this.inside = inside;
    this.draws = draws;
    int k = classes.length;
    this.classOrder = OrderPlan.shuffled(numbers(k), draws.derive(-1), 0);
    this.classSquare = k == 1 ? 1 : TuscanSquare.rows(k);
    int longest = 0;
    long tests = 0;
    for (int[] tests1 : classes) {
      longest = Math.max(longest, TuscanSquare.rows(tests1.length));
      tests += tests1.length;
    }
    this.insideOrders = inside ? longest : 0;
    boolean counts = inside && longest > 1;
    this.seen = counts ? new BitSet[k][k] : null;
    this.openFrom = new long[k];
    this.openInto = new long[k];
    for (int c = 0; counts && c < k; c++) {
      openFrom[c] = classes[c].length * (tests - classes[c].length);
      openInto[c] = openFrom[c];
      open += openFrom[c];
    }
  }

  /** A cover of a suite's pairs. */
  static PairCover of(Suite suite, Shuffle shuffle, long seed) {
    Keyed draws = Keyed.of(seed, "orders.pair-cover." + shuffle.label());
    int[][] classes = new int[shuffle == Shuffle.METHOD ? suite.size() : suite.classes()][];
    for (int c = 0; c < classes.length; c++) {
      classes[c] =
          switch (shuffle) {
            case METHOD -> new int[] {c};
            case CLASS -> suite.members(c);
            case CLASS_AND_METHOD -> OrderPlan.shuffled(suite.members(c), draws.derive(c), 0);
          };
    }
    return new PairCover(classes, shuffle == Shuffle.CLASS_AND_METHOD, draws);
  }

  /** Whether the orders made so far hold every pair. */
  boolean isComplete() {
    return made >= classSquare && made >= insideOrders && open == 0;
  }

  /** The next order: the numbers of all tests. Once complete, it begins again. */
  int[] next() {
    int[][] rows = new int[classes.length][];
    for (int c = 0; c < rows.length; c++) {
      int m = classes[c].length;
      if (!inside || m == 1) {
        rows[c] = classes[c];
      } else if (made < TuscanSquare.rows(m)) {
        rows[c] = mapped(classes[c], TuscanSquare.row(m, made));
      }
    }
    int[] path = new int[classes.length];
    int[][] ends = new int[classes.length][];
    for (int c = 0; c < rows.length; c++) {
      ends[c] = new int[] {-1, -1};
      if (rows[c] != null) {
        ends[c][0] = indexOf(classes[c], rows[c][0]);
        ends[c][1] = indexOf(classes[c], rows[c][rows[c].length - 1]);
      }
    }
    if (open == 0 || made < classSquare) {
      int[] row = TuscanSquare.row(path.length, made % TuscanSquare.rows(path.length));
      for (int i = 0; i < path.length; i++) {
        path[i] = classOrder[row[i]];
      }
      chooseEnds(path, ends);
    } else {
      greedyPath(path, ends);
    }
    if (seen != null) {
      for (int i = 1; i < path.length; i++) {
        see(path[i - 1], path[i], ends[path[i - 1]][1], ends[path[i]][0]);
      }
    }
    int[] order = new int[size()];
    int place = 0;
    for (int c : path) {
      int[] row = rows[c] == null ? between(c, ends[c][0], ends[c][1]) : rows[c];
      System.arraycopy(row, 0, order, place, row.length);
      place += row.length;
    }
    made++;
    return order;
  }

  /** Ends for the classes that are free to choose, along a given path. */
  private void chooseEnds(int[] path, int[][] ends) {
    for (int i = 0; i < path.length; i++) {
      int c = path[i];
      if (ends[c][0] < 0) {
        int m = classes[c].length;
        ends[c][0] = drawn(m, c);
        ends[c][1] = (ends[c][0] + 1 + drawn(m - 1, c + path.length)) % m;
      }
    }
  }

  /**
   * A path along open pairs, as long as there are any, then on with the class with most of them. It
   * begins one before the class with most, so that a pair into that one and a pair from it are
   * seen.
   */
  private void greedyPath(int[] path, int[][] ends) {
    boolean[] visited = new boolean[path.length];
    int most = most(visited);
    int current = -1;
    for (int c : classOrder) {
      if (c != most
          && (current < 0 || openAt(c) < openAt(current))
          && openPair(c, most, ends) >= 0) {
        current = c;
      }
    }
    current = current < 0 ? most : current;
    path[0] = current;
    visited[current] = true;
    for (int i = 1; i < path.length; i++) {
      int best = -1;
      int bestPair = -1;
      for (int c : classOrder) {
        if (!visited[c] && (best < 0 || openAt(c) > openAt(best))) {
          int pair = openPair(current, c, ends);
          if (pair >= 0) {
            best = c;
            bestPair = pair;
          }
        }
      }
      if (best >= 0) {
        int width = classes[best].length;
        ends[current][1] = bestPair / width;
        ends[best][0] = bestPair % width;
      } else {
        best = most(visited);
      }
      visited[best] = true;
      path[i] = best;
      current = best;
    }
    for (int c : path) {
      int m = classes[c].length;
      if (ends[c][0] < 0) {
        ends[c][0] = ends[c][1] < 0 ? drawn(m, c) : (ends[c][1] + 1 + drawn(m - 1, c)) % m;
      }
      if (ends[c][1] < 0) {
        ends[c][1] = (ends[c][0] + 1 + drawn(m - 1, c)) % m;
      }
    }
  }

  private int most(boolean[] visited) {
    int most = -1;
    for (int c : classOrder) {
      if (!visited[c] && (most < 0 || openAt(c) > openAt(most))) {
        most = c;
      }
    }
    return most;
  }

  /** An open pair from one class to another that agrees with the ends chosen already, or -1. */
  private int openPair(int from, int to, int[][] ends) {
    int width = classes[to].length;
    int pairs = classes[from].length * width;
    BitSet bits = seen[from][to];
    if (bits == null) {
      bits = new BitSet(pairs);
      seen[from][to] = bits;
    }
    int start = drawn(pairs, from * (long) classes.length + to);
    for (int turn = 0; turn < 2; turn++) {
      int end = turn == 0 ? pairs : start;
      int pair = bits.nextClearBit(turn == 0 ? start : 0);
      while (pair < end) {
        int last = pair / width;
        int first = pair % width;
        boolean fits =
            (ends[from][1] < 0 ? last != ends[from][0] : last == ends[from][1])
                && (ends[to][0] < 0 || first == ends[to][0]);
        if (fits) {
          return pair;
        }
        pair = bits.nextClearBit(pair + 1);
      }
    }
    return -1;
  }

  private long openAt(int c) {
    return openFrom[c] + openInto[c];
  }

  private void see(int from, int to, int last, int first) {
    int width = classes[to].length;
    if (seen[from][to] == null) {
      seen[from][to] = new BitSet(classes[from].length * width);
    }
    int pair = last * width + first;
    if (!seen[from][to].get(pair)) {
      seen[from][to].set(pair);
      openFrom[from]--;
      openInto[to]--;
      open--;
    }
  }

  /** The tests of a class from one end to the other, the rest drawn at random. */
  private int[] between(int c, int first, int last) {
    int[] rest = new int[classes[c].length - 2];
    int filled = 0;
    for (int i = 0; i < classes[c].length; i++) {
      if (i != first && i != last) {
        rest[filled++] = classes[c][i];
      }
    }
    rest = OrderPlan.shuffled(rest, draws.derive(c), made + 1L);
    int[] row = new int[classes[c].length];
    row[0] = classes[c][first];
    System.arraycopy(rest, 0, row, 1, rest.length);
    row[row.length - 1] = classes[c][last];
    return row;
  }

  private int drawn(int n, long what) {
    return (int) draws.below(n, made, what);
  }

  private int size() {
    int size = 0;
    for (int[] tests : classes) {
      size += tests.length;
    }
    return size;
  }

  private static int[] mapped(int[] tests, int[] row) {
    int[] mapped = new int[row.length];
    for (int i = 0; i < row.length; i++) {
      mapped[i] = tests[row[i]];
    }
    return mapped;
  }

  private static int indexOf(int[] tests, int test) {
    int i = 0;
    while (tests[i] != test) {
      i++;
    }
    return i;
  }

  private static int[] numbers(int n) {
    int[] numbers = new int[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = i;
    }
    return numbers;
  }
}
