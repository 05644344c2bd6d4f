package org.assay.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairCoverTest {

  /** The plain definition: how many ordered pairs are side by side in any of the orders. */
  private static long seen(int n, List<int[]> orders) {
    boolean[][] seen = new boolean[n][n];
    long count = 0;
    for (int[] order : orders) {
      for (int i = 1; i < n; i++) {
        count += seen[order[i - 1]][order[i]] ? 0 : 1;
        seen[order[i - 1]][order[i]] = true;
      }
    }
    return count;
  }

  private static List<int[]> all(Suite suite, Shuffle shuffle, int most) {
    PairCover cover = PairCover.of(suite, shuffle, 42);
    List<int[]> orders = new ArrayList<>();
    while (!cover.isComplete()) {
      int[] order = cover.next();
      assertThat(Arrays.stream(order).sorted().toArray())
          .isEqualTo(IntStream.range(0, suite.size()).toArray());
      orders.add(order);
      assertThat(orders.size()).as("orders of %s", suite).isLessThanOrEqualTo(most);
    }
    return orders;
  }

  private static void keepsClassesTogether(Suite suite, int[] order) {
    Set<Integer> left = new HashSet<>();
    for (int i = 1; i < order.length; i++) {
      if (suite.classOf(order[i]) != suite.classOf(order[i - 1])) {
        left.add(suite.classOf(order[i - 1]));
        assertThat(left).doesNotContain(suite.classOf(order[i]));
      }
    }
  }

  @Test
  void freeOrdersCoverEveryPairOfUpTo60Tests() {
    for (int n = 1; n <= 60; n++) {
      Suite suite = Suites.of(n);
      List<int[]> orders = all(suite, Shuffle.METHOD, n == 3 || n == 5 ? n + 1 : n);
      assertThat(seen(n, orders)).isEqualTo(n * (n - 1L));
    }
  }

  @Test
  void ordersThatKeepClassesTogetherCoverEveryPairOfSuitesAtRandom() {
    Keyed draws = Keyed.of(7, "suites");
    for (int trial = 0; trial < 60; trial++) {
      int[] sizes = new int[1 + (int) draws.below(9, trial, 0)];
      for (int c = 0; c < sizes.length; c++) {
        sizes[c] = 1 + (int) draws.below(1 + draws.below(9, trial, 1), trial, 2 + c);
      }
      Suite suite = Suites.of(sizes);
      int n = suite.size();
      // Every order has one pair from each class at most, and one across less than there are
      // classes.
      long across = 0;
      long most = 0;
      int longest = 0;
      for (int m : sizes) {
        across += m * (long) (n - m);
        most = Math.max(most, m * (long) (n - m));
        longest = Math.max(longest, m + 1);
      }
      long bound = Math.max(most, sizes.length == 1 ? 0 : across / (sizes.length - 1));
      List<int[]> orders =
          all(suite, Shuffle.CLASS_AND_METHOD, (int) (2 * bound + longest + sizes.length + 2));
      orders.forEach(order -> keepsClassesTogether(suite, order));
      assertThat(seen(n, orders)).as(Arrays.toString(sizes)).isEqualTo(n * (n - 1L));
    }
  }

  @Test
  void theFewestOrdersAreNearlyReached() {
    // 12 classes of 4: no fewer than 48 x 44 / 11 = 192 orders.
    assertThat(
            all(Suites.of(4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4), Shuffle.CLASS_AND_METHOD, 250)
                .size())
        .isBetween(192, 250);
    // A class of 10 among 6 of 1: no fewer than 10 x 6 = 60.
    assertThat(all(Suites.of(10, 1, 1, 1, 1, 1, 1), Shuffle.CLASS_AND_METHOD, 65).size())
        .isBetween(60, 65);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 9})
  void classesInTurnCoverPairsOfClassesAndKeepTheTestsInsideThem(int classes) {
    int[] sizes = new int[classes];
    Arrays.setAll(sizes, c -> c + 1);
    Suite suite = Suites.of(sizes);
    Set<List<Integer>> pairs = new HashSet<>();
    for (int[] order : all(suite, Shuffle.CLASS, classes + 1)) {
      keepsClassesTogether(suite, order);
      for (int i = 1; i < order.length; i++) {
        int before = suite.classOf(order[i - 1]);
        int after = suite.classOf(order[i]);
        if (before == after) {
          assertThat(order[i]).isEqualTo(order[i - 1] + 1);
        } else {
          pairs.add(List.of(before, after));
        }
      }
    }
    assertThat(pairs).hasSize(classes * (classes - 1));
  }

  @Test
  void aCutBudgetHoldsNewPairsOnlyAndThoseInsideClassesFirst() {
    Suite suite = Suites.of(6, 6, 6, 6, 6, 6, 6, 6);
    OrderPlan plan = new OrderPlan(OrderKind.PAIR_COVER, Shuffle.CLASS_AND_METHOD, 6, 3);
    Coverage coverage = Coverage.of(suite, plan.orders(suite));
    assertThat(coverage.insideSeen()).isEqualTo(coverage.inside()).isEqualTo(8 * 6 * 5);
    assertThat(coverage.acrossSeen()).as("7 new ones in each of 6 orders").isEqualTo(42);

    OrderPlan free = new OrderPlan(OrderKind.PAIR_COVER, Shuffle.METHOD, 20, 3);
    assertThat(Coverage.of(suite, free.orders(suite)).seen()).isEqualTo(20 * 47);
  }

  /** A victim with one polluter and 14 cleaners in the polluter's class is found wherever it is. */
  @Test
  void findsTheVictimThatRandomOrdersMiss() {
    Suite suite = Suites.of(15, 1);
    for (int polluter = 0; polluter < 15; polluter++) {
      PairCover cover = PairCover.of(suite, Shuffle.CLASS_AND_METHOD, 11);
      int orders = 0;
      boolean found = false;
      while (!cover.isComplete()) {
        int[] order = cover.next();
        orders++;
        // What the last test of class 0 left behind.
        found |= order[15] == 15 && order[14] == polluter;
      }
      assertThat(found).isTrue();
      assertThat(orders).as("announced").isLessThanOrEqualTo(31);
    }
    assertThat(Exposure.ofVictimInOtherClass(1, 14).ordersFor(.95)).isEqualTo(89);
  }
}
