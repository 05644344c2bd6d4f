package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.assay.flaky.Dependency.Role;
import org.assay.inference.FisherExact;
import org.assay.inference.Interval;
import org.assay.order.FactorDesign;
import org.assay.order.Order;
import org.assay.order.OrderKind;
import org.assay.order.OrderPlan;
import org.assay.order.Shuffle;
import org.assay.order.Suite;
import org.assay.order.Suites;
import org.junit.jupiter.api.Test;

class VerdictsTest {
  private static final OrderPlan COVER = new OrderPlan(OrderKind.PAIR_COVER, Shuffle.METHOD, 60, 1);

  private static Lab lab(Lab.Rule rule) {
    return new Lab(Suites.of(10, 10), rule, 3, 17);
  }

  private static Verdict only(Lab lab, int test) {
    List<Verdict> verdicts = lab.verdicts().all();
    for (Verdict verdict : verdicts) {
      if (verdict.test() != test) {
        assertThat(verdict.kind())
            .as("test %s", verdict.test())
            .isEqualTo(VerdictKind.STABLE_WITHIN);
      }
    }
    return verdicts.get(test);
  }

  @Test
  void aTestThatNeverFailedIsStableWithinABound() {
    Verdict verdict =
        only(lab((test, before, worker, factors, u) -> false).run(OrderPlan.sameOrder(59)), 3);
    assertThat(verdict.kind()).isEqualTo(VerdictKind.STABLE_WITHIN);
    assertThat(verdict.interval().high()).isBetween(.0494, .0496);
    assertThat(verdict.rerunsFor95()).isZero();
    assertThat(verdict.evidence())
        .isEqualTo("no failure in 59 runs: the rate is below 0.04951 at level 0.95");
    assertThat(verdict.flapy()).isEqualTo(VerdictKind.STABLE_WITHIN);
  }

  @Test
  void aTestThatFailsAlwaysIsBrokenAndNotFlaky() {
    Verdict verdict =
        only(
            lab((test, before, worker, factors, u) -> test == 4)
                .run(OrderPlan.sameOrder(20))
                .run(COVER),
            4);
    assertThat(verdict.kind()).isEqualTo(VerdictKind.ALWAYS_FAILS);
    assertThat(verdict.kind().isFlaky()).isFalse();
    assertThat(verdict.evidence()).isEqualTo("it failed in each of 40 runs");
  }

  @Test
  void aTestThatVariesUnderOneOrderIsNod() {
    Verdict verdict =
        only(
            lab((test, before, worker, factors, u) -> test == 4 && u < .3)
                .run(OrderPlan.sameOrder(50))
                .run(COVER)
                .confirm(5),
            4);
    assertThat(verdict.kind()).isEqualTo(VerdictKind.NOD);
    assertThat(verdict.flapy()).isEqualTo(VerdictKind.NOD);
    assertThat(verdict.runs()).as("confirming runs do not count in the rate").isEqualTo(70);
    assertThat(verdict.interval().contains(.3)).isTrue();
  }

  @Test
  void aVictimIsOrderDependentAndAConfirmedPolluterNamesIt() {
    Lab lab =
        lab((test, before, worker, factors, u) -> test == 4 && Lab.contains(before, 13))
            .run(OrderPlan.sameOrder(50))
            .run(COVER)
            .confirm(5);
    Verdict verdict = only(lab, 4);
    assertThat(verdict.kind()).isEqualTo(VerdictKind.OD);
    assertThat(verdict.pAdjusted()).isLessThan(1e-10);
    Dependency polluter =
        new Dependency(13, Role.POLLUTER, new int[] {4}, 5, 5, Interval.none(.95), 1e-3);
    assertThat(lab.verdicts(polluter).all().get(4).kind()).isEqualTo(VerdictKind.OD_VICTIM);
    assertThat(lab.verdicts(polluter).all().get(13).kind()).isEqualTo(VerdictKind.STABLE_WITHIN);
    Dependency setter =
        new Dependency(13, Role.SETTER, new int[] {4}, 5, 5, Interval.none(.95), 1e-3);
    assertThat(lab.verdicts(setter).all().get(4).kind()).isEqualTo(VerdictKind.OD_BRITTLE);
  }

  @Test
  void aTestThatVariesUnderAnOrderAndWithItIsNdod() {
    Verdict verdict =
        only(
            lab((test, before, worker, factors, u) ->
                    test == 4 && u < (Lab.contains(before, 13) ? .8 : .1))
                .run(OrderPlan.sameOrder(50))
                .run(COVER)
                .confirm(5),
            4);
    assertThat(verdict.kind()).isEqualTo(VerdictKind.NDOD);
    assertThat(verdict.pAdjusted()).isLessThan(.01);
  }

  @Test
  void aTestThatFailsOnOneWorkerIsAMatterOfInfrastructure() {
    Verdict verdict =
        only(
            lab((test, before, worker, factors, u) -> test == 4 && worker.equals("w1"))
                .run(OrderPlan.sameOrder(30))
                .run(COVER),
            4);
    assertThat(verdict.kind()).isEqualTo(VerdictKind.INFRASTRUCTURE);
    assertThat(verdict.flapy()).isEqualTo(VerdictKind.INFRASTRUCTURE);
    assertThat(verdict.evidence())
        .isEqualTo("its rate differs most on worker w1 from that elsewhere");
  }

  @Test
  void aTestThatFailsInOneTimeZoneIsAMatterOfThatFactor() {
    Lab lab =
        lab(
            (test, before, worker, factors, u) ->
                test == 4 && "Asia/Tokyo".equals(factors.get("tz")));
    lab.run(OrderPlan.sameOrder(20));
    FactorDesign design =
        FactorDesign.of(
            Map.of(
                "tz", List.of("UTC", "Asia/Tokyo"),
                "load", List.of("none", "high"),
                "locale", List.of("en", "tr")),
            3);
    Order order = new Order("factors-0000", "factors", 0, lab.runs().get(0).order().tests());
    int round = 0;
    for (SortedMap<String, String> setting : design.settings()) {
      for (int i = 0; i < 3; i++) {
        lab.run(order, round++, setting);
      }
    }
    Verdict verdict = only(lab, 4);
    assertThat(verdict.kind()).isEqualTo(VerdictKind.FACTOR);
    assertThat(verdict.failures()).as("the experiment is no part of the rate").isZero();
    assertThat(verdict.evidence())
        .isEqualTo("tz = Asia/Tokyo: failed in 12 of 12 runs, else in 0 of 12");
    assertThat(verdict.pValue()).isEqualTo(FisherExact.twoSided(12, 12, 0, 12));
    List<FactorEffect> effects = lab.verdicts().effects();
    assertThat(effects).extracting(FactorEffect::factor).containsExactly("load", "locale", "tz");
    assertThat(effects.get(0).pValue()).isGreaterThan(.99);
    assertThat(effects.get(2).value()).isEqualTo(1);
    assertThat(effects.get(2).effect().low()).isBetween(.6, .9);
  }

  /**
   * What FlaPy's rule calls order-dependent: one failure, by chance in an order drawn at random.
   */
  @Test
  void oneFailureInOneRandomOrderProvesNothing() {
    Lab lab = lab((test, before, worker, factors, u) -> false);
    lab.run(OrderPlan.sameOrder(50)).run(new OrderPlan(OrderKind.RANDOM, Shuffle.METHOD, 50, 1));
    Run hit = lab.runs().get(70);
    List<Observation> observations = new ArrayList<>(hit.observations());
    observations.set(0, new Observation(Outcome.ERROR, 1, "boom", "boom"));
    lab.runs().set(70, Run.of(hit.order(), hit.round(), 0, hit.worker(), hit.host(), observations));
    Verdict verdict = only(lab, hit.test(0));
    assertThat(verdict.flapy()).isEqualTo(VerdictKind.OD);
    assertThat(verdict.kind()).isEqualTo(VerdictKind.UNDECIDED);
    assertThat(verdict.evidence()).endsWith("run the orders in which it failed again");
    // Run again, it passes: so it varies under that order.
    lab.run(hit.order(), 1);
    lab.run(hit.order(), 2);
    lab.run(hit.order(), 3);
    lab.run(hit.order(), 4);
    lab.run(hit.order(), 5);
    assertThat(only(lab, hit.test(0)).kind()).isIn(VerdictKind.NOD, VerdictKind.UNDECIDED);
  }

  @Test
  void massFailuresAndLostRunsAreKeptApart() {
    Lab lab = lab((test, before, worker, factors, u) -> test == 7);
    lab.run(OrderPlan.sameOrder(20));
    Run last = lab.runs().get(19);
    lab.runs().set(19, failing(last));
    lab.runs().add(Run.lost(last.order(), 20, 0, "w0", "w0"));
    Verdicts verdicts = lab.verdicts();
    assertThat(verdicts.massFailures()).containsExactly(lab.runs().get(19));
    Verdict verdict = verdicts.all().get(4);
    assertThat(verdict.kind()).isEqualTo(VerdictKind.STABLE_WITHIN);
    assertThat(verdict.runs()).isEqualTo(19);
    assertThat(verdict.evidence())
        .endsWith("; failed in 1 runs that are mass failures, not counted");
    assertThat(verdicts.all().get(7).kind()).isEqualTo(VerdictKind.ALWAYS_FAILS);
  }

  private static Run failing(Run run) {
    return Run.of(
        run.order(),
        run.round(),
        run.attempt(),
        run.worker(),
        run.host(),
        Collections.nCopies(
            run.order().size(), new Observation(Outcome.ERROR, 1, "disk full", "disk full")));
  }

  @Test
  void anOrderThatAlwaysFailsAsAWholeIsNoInfrastructureEvent() {
    Lab lab = lab((test, before, worker, factors, u) -> Lab.contains(before, 19));
    lab.run(OrderPlan.sameOrder(20));
    lab.run(new OrderPlan(OrderKind.REVERSE, Shuffle.METHOD, 8, 0));
    Verdicts verdicts = lab.verdicts();
    assertThat(verdicts.massFailures()).isEmpty();
    assertThat(verdicts.all().get(4).kind()).isEqualTo(VerdictKind.OD);
    assertThatThrownBy(() -> MassFailures.of(lab.runs(), 0))
        .hasMessage("share 0.0: must be above 0 and at most 1");
    assertThat(MassFailures.of(lab.runs().subList(0, 21), .8)).as("one run of it").hasSize(1);
  }

  /**
   * Such runs are not in its rate, for they were made because of an outcome; but they were seen.
   */
  @Test
  void aFailureInARunThatWasMadeToConfirmIsAFailure() {
    for (boolean fails : new boolean[] {true, false}) {
      int[] runs = {0};
      Lab lab =
          lab(
              (test, before, worker, factors, u) ->
                  test == 3 ? runs[0] > 20 == fails : test == 4 && Lab.contains(before, 19));
      lab.run(OrderPlan.sameOrder(20));
      Order again =
          new OrderPlan(OrderKind.RANDOM, Shuffle.METHOD, 1, 0).orders(lab.suite()).get(0);
      lab.run(again, 0);
      runs[0] = 21;
      lab.run(again, 1);
      Verdict verdict = lab.verdicts().all().get(3);
      assertThat(verdict.failures()).as("in its rate").isEqualTo(fails ? 0 : verdict.runs());
      assertThat(verdict.kind())
          .isIn(VerdictKind.NOD, VerdictKind.UNDECIDED, VerdictKind.OD, VerdictKind.NDOD);
    }
  }

  @Test
  void aTestThatWasSkippedWasNotRun() {
    Suite suite = Suites.of(1, 1);
    Order order = new Order("same-order-0000", "same-order", 0, new int[] {0, 1});
    Run run =
        Run.of(
            order,
            0,
            0,
            "",
            "",
            List.of(new Observation(Outcome.SKIP, 0, "", ""), Observation.MISSING));
    List<Verdict> verdicts =
        Verdicts.of(suite, List.of(run), List.of(), Verdicts.Settings.DEFAULT).all();
    assertThat(verdicts).extracting(Verdict::kind).containsOnly(VerdictKind.NOT_RUN);
    assertThat(verdicts.get(0).rate()).isNaN();
  }

  @Test
  void theOrderInWhichRunsArriveDoesNotMatter() {
    Lab lab =
        lab(
            (test, before, worker, factors, u) ->
                test == 4 && Lab.contains(before, 13) || test % 3 == 0 && u < .1);
    lab.run(OrderPlan.sameOrder(30)).run(COVER).confirm(3);
    List<Verdict> verdicts = lab.verdicts().all();
    Collections.shuffle(lab.runs(), new Random(1));
    assertThat(lab.verdicts().all()).isEqualTo(verdicts);
  }

  /**
   * Rounds of the suite's own order that are run because of outcomes move the rate alone, rounds of
   * other orders that are run again the p-values alone.
   */
  @Test
  void roundsThatOutcomesAskedForCountForOneThingOnly() {
    Lab lab =
        lab(
            (test, before, worker, factors, u) ->
                test == 4 && u < (Lab.contains(before, 2) ? .9 : .2));
    lab.run(OrderPlan.sameOrder(30)).run(COVER);
    lab.run(new OrderPlan(OrderKind.REVERSE, Shuffle.METHOD, 8, 0));
    Verdicts.Settings settings =
        new Verdicts.Settings(
            .95,
            .05,
            FailureRate.Stopping.OPTIONAL,
            MassFailures.SHARE,
            Map.of("same-order", 30, "reverse", 8));
    Verdict planned = Verdicts.of(lab.suite(), lab.runs(), List.of(), settings).all().get(4);
    assertThat(planned.kind()).isEqualTo(VerdictKind.NDOD);
    assertThat(planned.pValue()).isPositive();
    assertThat(planned.runs()).isEqualTo(30 + 20 + 8);
    assertThat(planned.interval().method()).isEqualTo("beta-mixture");
    Order own = OrderPlan.sameOrder(1).orders(lab.suite()).get(0);
    for (int round = 30; round < 90; round++) {
      lab.run(own, round);
    }
    Verdict longer = Verdicts.of(lab.suite(), lab.runs(), List.of(), settings).all().get(4);
    assertThat(longer.runs()).isEqualTo(planned.runs() + 60);
    assertThat(longer.pValue()).isEqualTo(planned.pValue());
    Order reverse =
        new OrderPlan(OrderKind.REVERSE, Shuffle.METHOD, 1, 0).orders(lab.suite()).get(0);
    for (int round = 8; round < 13; round++) {
      lab.run(reverse, round);
    }
    Verdict again = Verdicts.of(lab.suite(), lab.runs(), List.of(), settings).all().get(4);
    assertThat(again.runs()).isEqualTo(longer.runs());
    assertThat(again.failures()).isEqualTo(longer.failures());
    assertThat(again.pValue()).isNotEqualTo(longer.pValue());
  }
}
