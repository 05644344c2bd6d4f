package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assay.flaky.Investigation.Request;
import org.assay.flaky.Suspects.Effect;
import org.assay.flaky.Suspects.Suspect;
import org.assay.order.OrderKind;
import org.assay.order.OrderPlan;
import org.assay.order.Shuffle;
import org.assay.order.Suites;
import org.junit.jupiter.api.Test;

class InvestigationTest {
  private static final Investigation.Settings SETTINGS =
      new Investigation.Settings(5, 10, 10, 1, 4, .95);
  private static final OrderPlan RANDOM = new OrderPlan(OrderKind.RANDOM, Shuffle.METHOD, 40, 1);

  private static Lab lab(Lab.Rule rule) {
    return new Lab(Suites.of(20, 20), rule, 3, 17).run(OrderPlan.sameOrder(10)).run(RANDOM);
  }

  private static Investigation solved(
      Lab lab, int test, Collection<Integer> first, Investigation.Settings settings) {
    Investigation investigation = Investigation.of(lab.suite(), test, lab.runs(), first, settings);
    Set<String> seen = new HashSet<>();
    while (!investigation.isDone()) {
      List<Request> requests = investigation.next();
      assertThat(requests).isNotEmpty().isEqualTo(investigation.next());
      List<Run> results = new ArrayList<>();
      for (Request request : requests) {
        for (int i = 0; i < request.rounds(); i++) {
          int round = request.firstRound() + i;
          assertThat(seen.add(request.order().id() + " " + round)).isTrue();
          results.add(lab.run(request.order(), round));
        }
      }
      investigation.accept(results);
    }
    return investigation;
  }

  private static List<String> found(Investigation investigation) {
    return Investigation.confirmed(investigation.dependencies(), .05).stream()
        .map(
            d ->
                d.role()
                    + " "
                    + d.test()
                    + Arrays.toString(d.others())
                    + " "
                    + d.confirmed()
                    + "/"
                    + d.of())
        .toList();
  }

  /** The state that the tests before leave: polluted by some, cleaned by others. */
  private static boolean polluted(int[] before, Set<Integer> polluters, Set<Integer> cleaners) {
    boolean polluted = false;
    for (int x : before) {
      polluted = polluters.contains(x) || polluted && !cleaners.contains(x);
    }
    return polluted;
  }

  @Test
  void allPollutersAndCleanersOfAVictimAreConfirmed() {
    Lab lab =
        lab(
            (test, before, worker, factors, u) ->
                test == 7 && polluted(before, Set.of(3, 31), Set.of(12)));
    Investigation.Settings all = new Investigation.Settings(5, 39, 39, 1, 4, .95);
    Investigation investigation = solved(lab, 7, List.of(), all);
    assertThat(found(investigation))
        .containsExactlyInAnyOrder(
            "POLLUTER 3[7] 5/5", "POLLUTER 31[7] 5/5", "CLEANER 12[3, 7] 5/5");
    assertThat(investigation.outcome()).isEqualTo("alone it passes");
    assertThat(investigation.dependencies().get(0).pValue()).isLessThan(2e-5);
    assertThat(investigation.dependencies().get(0).rate().low()).isBetween(.54, .55);
  }

  @Test
  void theSetterOfABrittleTestIsConfirmed() {
    Lab lab = lab((test, before, worker, factors, u) -> test == 7 && !Lab.contains(before, 25));
    assertThat(found(solved(lab, 7, List.of(), SETTINGS))).containsExactly("SETTER 25[7] 5/5");
  }

  @Test
  void aCulpritThatNoRankNamesIsFoundBySearch() {
    // The first suspects are wrong, and no more are tried one by one.
    Lab lab = lab((test, before, worker, factors, u) -> test == 7 && Lab.contains(before, 30));
    Investigation.Settings few = new Investigation.Settings(5, 3, 0, 1, 4, .95);
    assertThat(found(solved(lab, 7, List.of(1, 2, 4), few))).containsExactly("POLLUTER 30[7] 5/5");
    assertThat(found(solved(lab, 7, List.of(30), few))).contains("POLLUTER 30[7] 5/5");
  }

  @Test
  void twoTestsThatPolluteTogetherAreFoundTogether() {
    Lab lab =
        lab(
            (test, before, worker, factors, u) ->
                test == 7 && Lab.contains(before, 3) && Lab.contains(before, 31));
    List<String> found = found(solved(lab, 7, List.of(), SETTINGS));
    assertThat(found).hasSize(1);
    assertThat(found.get(0)).matches("VICTIM 7\\[(3, 31|31, 3)\\] 5/5");
  }

  @Test
  void pollutionByChanceHasARate() {
    Lab lab =
        lab((test, before, worker, factors, u) -> test == 7 && Lab.contains(before, 3) && u < .6);
    Investigation.Settings more = new Investigation.Settings(20, 10, 0, 5, 4, .95);
    Investigation investigation = solved(lab, 7, List.of(), more);
    List<Dependency> confirmed = Investigation.confirmed(investigation.dependencies(), .05);
    assertThat(confirmed).hasSize(1);
    assertThat(confirmed.get(0).test()).isEqualTo(3);
    assertThat(confirmed.get(0).rate().contains(.6)).isTrue();
    assertThat(confirmed.get(0).of()).as("unsure, so run more often").isEqualTo(80);
  }

  @Test
  void aTestThatFailsByChanceHasNoCulprit() {
    Lab lab = lab((test, before, worker, factors, u) -> test == 7 && u < .3);
    Investigation investigation = solved(lab, 7, List.of(), SETTINGS);
    assertThat(Investigation.confirmed(investigation.dependencies(), .05)).isEmpty();
    Lab rare = lab((test, before, worker, factors, u) -> test == 7 && u < .05);
    assertThat(Investigation.confirmed(solved(rare, 7, List.of(), SETTINGS).dependencies(), .05))
        .isEmpty();
  }

  @Test
  void whatIsNotKnownAloneIsSaid() {
    Lab lab = lab((test, before, worker, factors, u) -> test == 7 && Lab.contains(before, 3));
    Investigation investigation = Investigation.of(lab.suite(), 7, lab.runs(), List.of(), SETTINGS);
    investigation.next();
    investigation.accept(List.of());
    assertThat(investigation.isDone()).isTrue();
    assertThat(investigation.outcome())
        .isEqualTo("alone it neither passed nor failed, so nothing can be compared with it");
  }

  /** Tests that always run before the polluter are associated with the failure as well. */
  @Test
  void suspectsAreOnlyRanked() {
    Lab lab =
        new Lab(
                Suites.of(6, 6),
                (test, before, worker, factors, u) -> test == 9 && Lab.contains(before, 5),
                1,
                3)
            .run(new OrderPlan(OrderKind.RANDOM, Shuffle.CLASS, 40, 1));
    List<Suspect> suspects = Suspects.of(lab.suite(), lab.runs(), 9, Effect.FAILS);
    // All of class 0 run before test 9 or none: the same p.
    assertThat(suspects.stream().filter(s -> s.test() < 6).map(Suspect::pValue).distinct())
        .hasSize(1);
    assertThat(suspects).extracting(Suspect::test).doesNotContain(9, 10, 11);
    assertThatThrownBy(() -> new Investigation.Settings(1, 1, 1, 1, 1, .95))
        .hasMessageEndingWith("must be positive, confirm at least 2");
  }
}
