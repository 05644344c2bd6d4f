package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.assay.Validation;
import org.assay.flaky.Dependency.Role;
import org.assay.flaky.Investigation.Request;
import org.assay.order.OrderKind;
import org.assay.order.OrderPlan;
import org.assay.order.Shuffle;
import org.assay.order.Suites;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** How often a culprit is confirmed that is none, and how often one that is. */
@Tag("validation")
@TestMethodOrder(MethodOrderer.MethodName.class) // the order of the rows
class InvestigationValidationTest {
  private static final int TRIALS = 400;
  private static final int VICTIM = 17;
  private static final int POLLUTER = 4;
  private static final StringBuilder ROWS = new StringBuilder();

  private static void row(String what, double own, double polluted, int tries, int confirm) {
    Investigation.Settings settings = new Investigation.Settings(confirm, 10, 10, tries, 4, .95);
    int named = 0;
    int among = 0;
    int wrong = 0;
    long runs = 0;
    for (int seed = 0; seed < TRIALS; seed++) {
      Lab lab =
          new Lab(
                  Suites.of(10, 10, 10),
                  (test, before, worker, factors, u) ->
                      test == VICTIM && u < (Lab.contains(before, POLLUTER) ? polluted : own),
                  4,
                  seed)
              .run(OrderPlan.sameOrder(20))
              .run(new OrderPlan(OrderKind.PAIR_COVER, Shuffle.CLASS_AND_METHOD, 40, seed));
      int planned = lab.runs().size();
      Investigation investigation =
          Investigation.of(lab.suite(), VICTIM, lab.runs(), List.of(), settings);
      while (!investigation.isDone()) {
        List<Run> results = new ArrayList<>();
        for (Request request : investigation.next()) {
          for (int i = 0; i < request.rounds(); i++) {
            results.add(lab.run(request.order(), request.firstRound() + i));
          }
        }
        investigation.accept(results);
      }
      runs += lab.runs().size() - planned;
      boolean right = false;
      boolean inSet = false;
      boolean other = false;
      for (Dependency find : Investigation.confirmed(investigation.dependencies(), .05)) {
        boolean is = find.role() == Role.POLLUTER && find.test() == POLLUTER;
        boolean holds =
            find.role() == Role.VICTIM
                && own < polluted
                && Arrays.stream(find.others()).anyMatch(x -> x == POLLUTER);
        right |= is;
        inSet |= holds;
        other |= !is && !holds;
      }
      named += right ? 1 : 0;
      among += inSet ? 1 : 0;
      wrong += other ? 1 : 0;
    }
    ROWS.append(
        String.format(
            Locale.ROOT,
            "| %s | %d | %d | %.3f | %.3f | %.3f | %.0f |%n",
            what,
            tries,
            confirm,
            (double) named / TRIALS,
            (double) among / TRIALS,
            (double) wrong / TRIALS,
            (double) runs / TRIALS));
    if (own == polluted) {
      assertThat((double) (wrong + named) / TRIALS)
          .as(what)
          .isLessThanOrEqualTo(.05 + 4.75 * Math.sqrt(.05 * .95 / TRIALS));
    }
  }

  @Test
  void aNothing() {
    row("fails by chance at 5 %", .05, .05, 1, 5);
    row("fails by chance at 20 %", .2, .2, 1, 5);
    row("fails by chance at 50 %", .5, .5, 1, 5);
    row("fails by chance at 20 %", .2, .2, 5, 20);
  }

  @Test
  void bPower() {
    row("fails after the polluter, always", 0, 1, 1, 5);
    row("fails after the polluter at 60 %", 0, .6, 1, 5);
    row("fails after the polluter at 60 %", 0, .6, 5, 20);
    row("fails after the polluter at 20 %", 0, .2, 5, 20);
    row("fails at 10 %, after the polluter at 90 %", .1, .9, 1, 5);
    row("fails at 10 %, after the polluter at 60 %", .1, .6, 5, 20);
  }

  @AfterAll
  static void write() {
    Validation.write(
        "Culprits of a test",
        """
        One of 30 tests fails; 20 runs in the suite's own order and 40 of a pair cover, then the search for culprits, %d times. Named: the share
        of searches in which the planted polluter is confirmed; in a set: with others that are not needed; wrong: in which anything else is, at
        a false discovery rate of 5 %%. Where there is no polluter all that is confirmed is wrong, asserted to be at most 5 %% within 4.75
        standard errors.

        | test | tries | confirm | named | in a set | wrong | runs of the search |
        |---|---:|---:|---:|---:|---:|---:|
        """
                .formatted(TRIALS)
            + ROWS);
  }
}
