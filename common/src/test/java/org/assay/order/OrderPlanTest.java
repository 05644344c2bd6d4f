package org.assay.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrderPlanTest {
  private static final Suite SUITE =
      Suite.of(
          List.of(
              new TestId("B", "x"),
              new TestId("A", "z"),
              new TestId("B", "a"),
              new TestId("C", "i")));

  @Test
  void fixedOrdersAreRunAgain() {
    assertThat(OrderPlan.sameOrder(50).rounds()).isEqualTo(50);
    assertThat(OrderPlan.sameOrder(50).orders(SUITE))
        .containsExactly(new Order("same-order-0000", "same-order", 0, new int[] {0, 1, 2, 3}));
    assertThat(new OrderPlan(OrderKind.REVERSE, Shuffle.METHOD, 2, 9).orders(SUITE))
        .containsExactly(new Order("reverse-0000", "reverse", 0, new int[] {3, 2, 1, 0}));
    assertThat(new OrderPlan(OrderKind.ALPHABETICAL, Shuffle.METHOD, 2, 9).orders(SUITE))
        .containsExactly(new Order("alphabetical-0000", "alphabetical", 0, new int[] {1, 2, 0, 3}));
  }

  @ParameterizedTest
  @EnumSource(OrderKind.class)
  void aLongerPlanBeginsWithTheShorterOne(OrderKind kind) {
    Suite suite = Suites.of(3, 4, 2);
    for (Shuffle shuffle : Shuffle.values()) {
      List<Order> few = new OrderPlan(kind, shuffle, 3, 5).orders(suite);
      List<Order> many = new OrderPlan(kind, shuffle, 7, 5).orders(suite);
      assertThat(many.subList(0, few.size())).isEqualTo(few);
      assertThat(many).extracting(Order::id).doesNotHaveDuplicates();
    }
  }

  @Test
  void randomOrdersAreUniformOverWhatTheShuffleAllows() {
    // Of 12,000 draws each order has its share within 5 standard errors: fails by chance below
    // 1e-4.
    int draws = 12_000;
    Map<Shuffle, Integer> orders =
        Map.of(Shuffle.METHOD, 24, Shuffle.CLASS, 2, Shuffle.CLASS_AND_METHOD, 8);
    orders.forEach(
        (shuffle, count) -> {
          Map<List<Integer>, Integer> seen = new HashMap<>();
          for (Order order :
              new OrderPlan(OrderKind.RANDOM, shuffle, draws, 1).orders(Suites.of(2, 2))) {
            seen.merge(IntStream.of(order.tests()).boxed().toList(), 1, Integer::sum);
          }
          assertThat(seen).as(shuffle.label()).hasSize(count);
          double p = 1.0 / count;
          double error = 5 * Math.sqrt(draws * p * (1 - p));
          assertThat(seen.values())
              .allSatisfy(
                  n -> assertThat(n.doubleValue()).isBetween(draws * p - error, draws * p + error));
        });
  }

  @Test
  void plansThatShuffleDifferentlyHaveOrdersOfTheirOwn() {
    Suite suite = Suites.of(3, 4, 2);
    List<String> ids = new ArrayList<>();
    for (Shuffle shuffle : Shuffle.values()) {
      for (Order order : new OrderPlan(OrderKind.RANDOM, shuffle, 2, 5).orders(suite)) {
        ids.add(order.id());
      }
    }
    assertThat(ids)
        .containsExactly(
            "random-method-0000",
            "random-method-0001",
            "random-class-0000",
            "random-class-0001",
            "random-0000",
            "random-0001");
  }

  @Test
  void namesThatAreNotKnownAreRefusedWithThoseThatAre() {
    assertThat(OrderKind.named("pair-cover")).isEqualTo(OrderKind.PAIR_COVER);
    assertThat(Shuffle.named("class-and-method")).isEqualTo(Shuffle.CLASS_AND_METHOD);
    assertThatThrownBy(() -> OrderKind.named("pairs-cover"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("unknown kind of orders 'pairs-cover'")
        .hasMessageEndingWith("; known: same-order, random, reverse, alphabetical, pair-cover");
    assertThatThrownBy(() -> Shuffle.named("all"))
        .isInstanceOf(UserException.class)
        .hasMessage("unknown shuffle 'all'; known: method, class, class-and-method");
    assertThatThrownBy(() -> OrderPlan.sameOrder(0))
        .hasMessage("a plan of 0 runs in same-order: must be at least 1");
  }

  @Test
  void anOrderHoldsEachTestOnce() {
    assertThatThrownBy(() -> new Order("x", "random", 0, new int[] {1, 2, 1}))
        .hasMessage("order x holds test 1: each must be a number from 0, once");
  }

  @Test
  void coverageCountsPairsInsideAndAcrossClasses() {
    // B#x A#z B#a C#i: pairs B-A, A-B, B-C. Of classes 2, 1, 1: two pairs inside, ten across.
    Coverage coverage = Coverage.of(SUITE, OrderPlan.sameOrder(3).orders(SUITE));
    assertThat(coverage).isEqualTo(new Coverage(2, 0, 10, 3));
    assertThat(coverage.share()).isEqualTo(.25);
    assertThat(coverage.unseen()).isEqualTo(.75);
    Suite suite = Suites.of(3, 5, 1, 4);
    List<Order> orders = new OrderPlan(OrderKind.RANDOM, Shuffle.METHOD, 9, 2).orders(suite);
    assertThat(Coverage.of(suite, orders, 0)).isEqualTo(Coverage.of(suite, orders));
    assertThat(Coverage.of(Suites.of(1), List.of()).share()).isEqualTo(1);
  }

  @Test
  void exposureIsThatOfOrdersDrawnAtRandom() {
    // Tests 0 and 1 pollute, 2 cleans, 3 is the victim: all 24 orders, by their definition.
    Map<List<Integer>, Boolean> all = new HashMap<>();
    for (Order order :
        new OrderPlan(OrderKind.RANDOM, Shuffle.METHOD, 2000, 1).orders(Suites.of(4))) {
      boolean polluted = false;
      for (int test : order.tests()) {
        if (test == 3) {
          break;
        }
        polluted = test < 2;
      }
      all.put(IntStream.of(order.tests()).boxed().toList(), polluted);
    }
    assertThat(all).hasSize(24);
    assertThat(all.values().stream().filter(polluted -> polluted).count() / 24.0)
        .isEqualTo(Exposure.ofVictim(2, 1).probability());
    assertThat(Exposure.ofBrittle(3).probability()).isEqualTo(.25);
    assertThat(Exposure.ofVictimInOtherClass(1, 14).probability()).isEqualTo(1 / 30.0);
    assertThat(Exposure.ofVictimInOtherClass(1, 14).unseen(90)).isBetween(.047, .048);
    assertThat(Exposure.ofVictim(0, 3).ordersFor(.95)).isEqualTo(Long.MAX_VALUE);
  }

  /**
   * Against the share of 40,000 orders drawn by a plan in which the last of polluters and cleaners
   * before the victim is a polluter. The share's standard error is 0.0025 at most; five of them
   * fail by chance below 1e-6.
   */
  @ParameterizedTest
  @EnumSource(Shuffle.class)
  void exposureUnderAnyShuffleIsThatOfItsOrders(Shuffle shuffle) {
    Suite suite = Suites.of(5, 4, 3, 2);
    List<Order> orders = new OrderPlan(OrderKind.RANDOM, shuffle, 40_000, 3).orders(suite);
    for (int victim : new int[] {2, 7, 13}) {
      for (List<List<Integer>> culprits :
          List.of(
              List.of(List.of(5), List.of(6, 8)),
              List.of(List.of(0, 6, 9), List.of(1, 3, 12)),
              List.of(List.of(0, 1, 3), List.of(4)),
              List.of(List.of(10), List.<Integer>of()))) {
        List<Integer> polluters = culprits.get(0);
        List<Integer> cleaners = culprits.get(1);
        double share = 0;
        double unset = 0;
        for (Order order : orders) {
          boolean polluted = false;
          boolean set = false;
          for (int test : order.tests()) {
            if (test == victim) {
              break;
            }
            set |= polluters.contains(test);
            polluted = polluters.contains(test) || polluted && !cleaners.contains(test);
          }
          share += polluted ? 1.0 / orders.size() : 0;
          unset += set ? 0 : 1.0 / orders.size();
        }
        assertThat(Exposure.ofVictim(suite, shuffle, victim, polluters, cleaners).probability())
            .isCloseTo(share, within(.0125));
        assertThat(Exposure.ofBrittle(suite, shuffle, victim, polluters).probability())
            .isCloseTo(unset, within(.0125));
      }
    }
  }

  /**
   * One polluter and 14 cleaners in one class, the victim in another: 3.3 % of random orders show
   * it, so 89 are needed for 95 %; a pair cover shows it within the orders it has.
   */
  @Test
  void aPairCoverFindsAtOnceWhatRandomOrdersHardlyShow() {
    Suite suite = Suites.of(15, 1);
    List<Integer> cleaners = IntStream.range(1, 15).boxed().toList();
    Exposure exposure =
        Exposure.ofVictim(suite, Shuffle.CLASS_AND_METHOD, 15, List.of(0), cleaners);
    assertThat(exposure.probability()).isEqualTo(1 / 30.0);
    assertThat(exposure.ordersFor(.95)).isEqualTo(89);
    int seeds = 2_000;
    int unseen = 0;
    for (int seed = 0; seed < seeds; seed++) {
      OrderPlan random = new OrderPlan(OrderKind.RANDOM, Shuffle.CLASS_AND_METHOD, 89, seed);
      unseen += random.orders(suite).stream().noneMatch(OrderPlanTest::showsIt) ? 1 : 0;
    }
    // 4.9 % of the seeds, within four standard errors: fails by chance below 1e-4
    assertThat(unseen / (double) seeds).isCloseTo(exposure.unseen(89), within(.0195));
    for (int seed = 0; seed < 20; seed++) {
      List<Order> cover =
          new OrderPlan(OrderKind.PAIR_COVER, Shuffle.CLASS_AND_METHOD, 100, seed).orders(suite);
      assertThat(cover).hasSizeLessThanOrEqualTo(30);
      assertThat(cover).anyMatch(OrderPlanTest::showsIt);
    }
  }

  private static boolean showsIt(Order order) {
    int last = -1;
    for (int test : order.tests()) {
      if (test == 15) {
        break;
      }
      last = test;
    }
    return last == 0;
  }
}
