package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assay.flaky.Dependency.Role;
import org.assay.flaky.Investigation.Request;
import org.assay.order.FactorDesign;
import org.assay.order.Order;
import org.assay.order.OrderKind;
import org.assay.order.OrderPlan;
import org.assay.order.Shuffle;
import org.assay.order.Suite;
import org.assay.order.Suites;
import org.junit.jupiter.api.Test;

/**
 * A whole search of a suite in which every kind of flakiness is planted: what is found is that. Of
 * all causes named 5 % may be false, so a test that fails by chance may be said to depend on the
 * order as well; of 10 such chances in 5 fixed seeds no more than 2 are taken.
 */
class PlantedTruthTest {
  private static final int POLLUTER = 2;
  private static final int CLEANER = 3;
  private static final int OTHER_POLLUTER = 14;
  private static final int SETTER = 25;

  private static final int VICTIM = 7;
  private static final int VICTIM_OF_TWO = 19;
  private static final int BRITTLE = 8;
  private static final int OFTEN = 9;
  private static final int SELDOM = 20;
  private static final int BROKEN = 21;
  private static final int BOTH = 22;
  private static final int ON_ONE_WORKER = 28;
  private static final int IN_TOKYO = 29;

  private static boolean fails(
      int test, int[] before, String worker, SortedMap<String, String> factors, double u) {
    boolean polluted = false;
    boolean pollutedByTwo = false;
    boolean set = false;
    for (int x : before) {
      polluted |= x == POLLUTER;
      pollutedByTwo = x == POLLUTER || x == OTHER_POLLUTER || pollutedByTwo && x != CLEANER;
      set |= x == SETTER;
    }
    return switch (test) {
      case VICTIM -> polluted;
      case VICTIM_OF_TWO -> pollutedByTwo;
      case BRITTLE -> !set;
      case OFTEN -> u < .3;
      case SELDOM -> u < .03;
      case BROKEN -> true;
      case BOTH -> u < (polluted ? .9 : .1);
      case ON_ONE_WORKER -> worker.equals("w1");
      case IN_TOKYO -> "Asia/Tokyo".equals(factors.get("tz"));
      default -> false;
    };
  }

  private static List<Dependency> culprits(Lab lab, Verdicts verdicts) {
    List<Run> known = new ArrayList<>(lab.runs());
    Set<Integer> polluters = new LinkedHashSet<>();
    List<Dependency> finds = new ArrayList<>();
    for (Verdict verdict : verdicts.all()) {
      if (verdict.kind() != VerdictKind.OD
          && verdict.kind() != VerdictKind.NDOD
          && verdict.kind() != VerdictKind.UNDECIDED) {
        continue;
      }
      Investigation investigation =
          Investigation.of(
              lab.suite(),
              verdict.test(),
              known,
              polluters,
              new Investigation.Settings(5, 29, 29, 1, 4, .95));
      while (!investigation.isDone()) {
        List<Run> results = new ArrayList<>();
        for (Request request : investigation.next()) {
          for (int i = 0; i < request.rounds(); i++) {
            results.add(lab.run(request.order(), request.firstRound() + i));
          }
        }
        investigation.accept(results);
      }
      finds.addAll(investigation.dependencies());
      investigation.dependencies().stream()
          .filter(d -> d.role() == Role.POLLUTER && d.confirmed() > 0)
          .forEach(d -> polluters.add(d.test()));
    }
    return Investigation.confirmed(finds, .05);
  }

  @Test
  void isFound() {
    int wrong = 0;
    for (long seed = 1; seed <= 5; seed++) {
      wrong += causesOfChance(seed);
    }
    assertThat(wrong).isLessThanOrEqualTo(2);
  }

  /** How many tests that fail by chance are said to have a cause; all else is exact. */
  private static int causesOfChance(long seed) {
    Suite suite = Suites.of(5, 5, 5, 5, 5, 5);
    Lab lab = new Lab(suite, PlantedTruthTest::fails, 3, seed);
    lab.run(OrderPlan.sameOrder(50));
    lab.run(new OrderPlan(OrderKind.PAIR_COVER, Shuffle.CLASS_AND_METHOD, 60, seed));
    lab.confirm(5);
    FactorDesign design =
        FactorDesign.of(
            Map.of("tz", List.of("UTC", "Asia/Tokyo"), "load", List.of("none", "high")), seed);
    Order order = new Order("factors-0000", "factors", 0, lab.runs().get(0).order().tests());
    int round = 0;
    for (SortedMap<String, String> setting : design.settings()) {
      for (int i = 0; i < 3; i++) {
        lab.run(order, round++, setting);
      }
    }
    Verdicts first = lab.verdicts();
    assertThat(first.all().get(VICTIM).kind()).isEqualTo(VerdictKind.OD);
    assertThat(first.all().get(BRITTLE).kind()).isEqualTo(VerdictKind.OD);
    List<Dependency> found = culprits(lab, first);
    Map<Integer, VerdictKind> kinds = new TreeMap<>();
    for (Verdict verdict : lab.verdicts(found.toArray(Dependency[]::new)).all()) {
      if (verdict.kind() != VerdictKind.STABLE_WITHIN) {
        kinds.put(verdict.test(), verdict.kind());
      }
    }
    assertThat(kinds.keySet()).contains(OFTEN, SELDOM);
    int wrong = kinds.remove(OFTEN) == VerdictKind.NOD ? 0 : 1;
    wrong += kinds.remove(SELDOM) == VerdictKind.NOD ? 0 : 1;
    Map<Integer, VerdictKind> planted = new TreeMap<>();
    planted.put(VICTIM, VerdictKind.OD_VICTIM);
    planted.put(VICTIM_OF_TWO, VerdictKind.OD_VICTIM);
    planted.put(BRITTLE, VerdictKind.OD_BRITTLE);
    planted.put(BROKEN, VerdictKind.ALWAYS_FAILS);
    planted.put(BOTH, VerdictKind.NDOD);
    planted.put(ON_ONE_WORKER, VerdictKind.INFRASTRUCTURE);
    planted.put(IN_TOKYO, VerdictKind.FACTOR);
    assertThat(kinds).isEqualTo(planted);
    assertThat(found.stream().map(d -> d.role() + " " + d.test() + " " + boxed(d.others())))
        .contains(
            "POLLUTER " + POLLUTER + " [" + VICTIM + "]",
            "POLLUTER " + POLLUTER + " [" + VICTIM_OF_TWO + "]",
            "POLLUTER " + OTHER_POLLUTER + " [" + VICTIM_OF_TWO + "]",
            "SETTER " + SETTER + " [" + BRITTLE + "]",
            "POLLUTER " + POLLUTER + " [" + BOTH + "]");
    assertThat(found)
        .as("the only cleaner")
        .filteredOn(d -> d.role() == Role.CLEANER && d.others()[1] == VICTIM_OF_TWO)
        .extracting(Dependency::test)
        .containsExactly(CLEANER);
    assertThat(found)
        .as("polluters and setters that are none")
        .filteredOn(d -> d.role() == Role.POLLUTER || d.role() == Role.SETTER)
        .extracting(Dependency::test)
        .containsOnly(POLLUTER, OTHER_POLLUTER, SETTER);
    return wrong;
  }

  private static List<Integer> boxed(int[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }
}
