package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assay.Validation;
import org.assay.order.FactorDesign;
import org.assay.order.Order;
import org.assay.order.OrderKind;
import org.assay.order.OrderPlan;
import org.assay.order.Shuffle;
import org.assay.order.Suite;
import org.assay.order.Suites;
import org.assay.random.Keyed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** How often verdicts on made-up suites name a cause that is none, and how often one that is. */
@Tag("validation")
@TestMethodOrder(MethodOrderer.MethodName.class) // the order of the rows
class VerdictsValidationTest {
  private static final int SEEDS = 100;
  private static final int TESTS = 1000;
  private static final int SAME_ORDER = 50;
  private static final int RANDOM = 150;
  private static final int CONFIRM = 5;
  private static final int WORKERS = 8;
  private static final Observation PASS = new Observation(Outcome.PASS, 1, "", "");
  private static final Observation FAIL = new Observation(Outcome.FAIL, 1, "", "");
  private static final StringBuilder NULLS = new StringBuilder();
  private static final StringBuilder POWER = new StringBuilder();

  /** The probability that a test fails in a run. */
  private interface Rate {
    double of(int test, int[] placeOf, int worker, SortedMap<String, String> factors);
  }

  /** A suite that is run as the job would, without culprits. */
  private static final class Campaign {
    private final Suite suite;
    private final Rate rate;
    private final Keyed draws;
    private final double lost;
    private final double mass;
    private final List<Run> runs = new ArrayList<>();

    Campaign(Suite suite, Rate rate, long seed, double lost, double mass) {
      this.suite = suite;
      this.rate = rate;
      this.draws = Keyed.of(seed, "campaign");
      this.lost = lost;
      this.mass = mass;
      OrderPlan same = OrderPlan.sameOrder(SAME_ORDER);
      for (int round = 0; round < SAME_ORDER; round++) {
        run(same.orders(suite).get(0), round, new TreeMap<>());
      }
      for (Order order :
          new OrderPlan(OrderKind.RANDOM, Shuffle.METHOD, RANDOM, seed).orders(suite)) {
        run(order, 0, new TreeMap<>());
      }
      confirm();
    }

    private void run(Order order, int round, SortedMap<String, String> factors) {
      int number = runs.size();
      int worker = (int) draws.below(WORKERS, number, -1);
      String name = "w" + worker;
      if (draws.uniform(number, -2) < lost) {
        runs.add(Run.lost(order, round, 0, name, name));
        return;
      }
      boolean breaks = draws.uniform(number, -3) < mass;
      int[] placeOf = new int[suite.size()];
      for (int place = 0; place < order.size(); place++) {
        placeOf[order.tests()[place]] = place;
      }
      Observation[] observations = new Observation[order.size()];
      for (int place = 0; place < observations.length; place++) {
        int test = order.tests()[place];
        double p = breaks ? .95 : rate.of(test, placeOf, worker, factors);
        observations[place] = draws.uniform(number, test) < p ? FAIL : PASS;
      }
      runs.add(new Run(order, round, 0, name, name, factors, List.of(observations)));
    }

    /**
     * Orders in which something failed run again, as many as 40, those with most failures first.
     */
    private void confirm() {
      List<Run> failing =
          runs.stream()
              .filter(run -> run.order().kind().equals("random") && run.failures() > 0)
              .sorted((a, b) -> Integer.compare(b.failures(), a.failures()))
              .limit(40)
              .toList();
      for (Run run : failing) {
        for (int round = 1; round <= CONFIRM; round++) {
          run(run.order(), round, new TreeMap<>());
        }
      }
    }

    /** A designed experiment with 4 factors of two levels: 16 settings, each run 3 times. */
    Campaign experiment(long seed) {
      Map<String, List<String>> factors = new TreeMap<>();
      for (String factor : List.of("load", "locale", "network", "tz")) {
        factors.put(factor, List.of("0", "1"));
      }
      Order order = new Order("factors-0000", "factors", 0, runs.get(0).order().tests());
      int round = 0;
      for (SortedMap<String, String> setting : FactorDesign.of(factors, seed).settings()) {
        for (int i = 0; i < 3; i++) {
          run(order, round++, setting);
        }
      }
      return this;
    }

    List<Verdict> verdicts() {
      return Verdicts.of(suite, runs, List.of(), Verdicts.Settings.DEFAULT).all();
    }
  }

  private static boolean namesCause(VerdictKind kind) {
    return kind.isOrderDependent()
        || kind == VerdictKind.NDOD
        || kind == VerdictKind.INFRASTRUCTURE
        || kind == VerdictKind.FACTOR;
  }

  private static void nothing(String what, Rate rate, double lost, double mass) {
    int clean = 0;
    int cleanByFlapy = 0;
    long flaky = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Verdict> verdicts =
          new Campaign(Suites.of(TESTS), rate, seed, lost, mass).experiment(seed).verdicts();
      boolean stable = rate.of(0, null, 0, null) == 0 && rate.of(99, null, 0, null) == 0;
      clean +=
          verdicts.stream().noneMatch(v -> stable ? v.kind().isFlaky() : namesCause(v.kind()))
              ? 1
              : 0;
      cleanByFlapy += verdicts.stream().noneMatch(v -> namesCause(v.flapy())) ? 1 : 0;
      flaky += verdicts.stream().filter(v -> v.kind().isFlaky()).count();
    }
    NULLS.append(
        String.format(
            Locale.ROOT,
            "| %s | %d of %d | %d of %d | %.1f |%n",
            what,
            clean,
            SEEDS,
            cleanByFlapy,
            SEEDS,
            (double) flaky / SEEDS));
    assertThat(clean).as(what).isGreaterThanOrEqualTo(95);
  }

  @Test
  void aNothing() {
    nothing("stable tests", (test, placeOf, worker, factors) -> 0, 0, 0);
    nothing(
        "stable tests; 2 % of runs are mass failures, 2 % are lost",
        (test, placeOf, worker, factors) -> 0, .02, .02);
    nothing(
        "100 tests fail by chance at 0.5 to 20 %, the others never",
        (test, placeOf, worker, factors) -> test < 100 ? .005 + .00195 * test : 0, 0, 0);
    nothing("all tests fail by chance at 1 %", (test, placeOf, worker, factors) -> .01, 0, 0);
  }

  /** 50 tests of the kind among 950 stable ones. */
  private static void power(String what, double rate, VerdictKind right, Rate of) {
    int trials = 0;
    int seen = 0;
    Map<VerdictKind, Integer> kinds = new EnumMap<>(VerdictKind.class);
    int flapy = 0;
    int falseCauses = 0;
    int causes = 0;
    for (int seed = 0; seed < 10; seed++) {
      List<Verdict> verdicts =
          new Campaign(Suites.of(TESTS), of, seed, 0, 0).experiment(seed).verdicts();
      for (Verdict verdict : verdicts) {
        boolean isOfKind = verdict.test() < 50;
        if (isOfKind) {
          trials++;
          seen += verdict.kind().isFlaky() ? 1 : 0;
          kinds.merge(verdict.kind(), 1, Integer::sum);
          flapy += verdict.flapy() == right ? 1 : 0;
        }
        if (namesCause(verdict.kind())) {
          causes++;
          falseCauses += isOfKind && verdict.kind() == right ? 0 : 1;
        }
      }
    }
    int found = kinds.getOrDefault(right, 0);
    POWER.append(
        String.format(
            Locale.ROOT,
            "| %s | %.0f %% | %s | %.3f | %.3f | %s | %.3f |%n",
            what,
            100 * rate,
            right,
            (double) seen / trials,
            (double) found / trials,
            causes == 0 ? "" : String.format(Locale.ROOT, "%.3f", (double) falseCauses / causes),
            (double) flapy / trials));
    if (right == VerdictKind.NOD) {
      // At least one failure in 200 runs is seen with probability 1 - (1 - rate)^200.
      double chance = 1 - Math.pow(1 - rate, SAME_ORDER + RANDOM);
      assertThat((double) seen / trials).isGreaterThan(chance - 4.7 * Math.sqrt(.25 / trials));
    }
  }

  @Test
  void bPower() {
    for (double rate : new double[] {.01, .05, .2}) {
      power(
          "fails by chance",
          rate,
          VerdictKind.NOD,
          (test, placeOf, worker, factors) -> test < 50 ? rate : 0);
    }
    for (double rate : new double[] {.01, .05, .2}) {
      // Fails in this share of random orders: when it is the first of so many tests.
      int others = (int) Math.round(1 / rate) - 1;
      power(
          "fails in a share of orders, each time",
          rate,
          VerdictKind.OD,
          (test, placeOf, worker, factors) -> {
            if (test >= 50) {
              return 0;
            }
            for (int i = 1; i <= others; i++) {
              if (placeOf[500 + test + i] < placeOf[test]) {
                return 0;
              }
            }
            return placeOf[test] == test ? 0 : 1;
          });
    }
    for (double rate : new double[] {.01, .05, .2}) {
      power(
          "fails by chance, 4 times as often after another test",
          rate,
          VerdictKind.NDOD,
          (test, placeOf, worker, factors) ->
              test >= 50 ? 0 : placeOf[test + 500] < placeOf[test] ? 4 * rate : rate);
    }
    for (double rate : new double[] {.01, .05, .2}) {
      power(
          "fails by chance on one worker of 8 alone",
          rate,
          VerdictKind.INFRASTRUCTURE,
          (test, placeOf, worker, factors) -> test < 50 && worker == 3 ? rate : 0);
    }
    for (double rate : new double[] {.01, .05, .2, 1}) {
      power(
          "fails by chance at one level of a factor alone",
          rate,
          VerdictKind.FACTOR,
          (test, placeOf, worker, factors) ->
              test < 50 && "1".equals(factors.get("tz")) ? rate : 0);
    }
  }

  @AfterAll
  static void write() {
    Validation.write(
        "Verdicts on tests: nothing to find",
        """
        Suites of %d tests, %d runs in their own order and %d random orders, the 40 with most failures run %d times more, and an experiment with
        4 factors in 48 runs; on %d workers, at a false discovery rate of 5 %%. Seeds without any false verdict: of stable tests any other than
        STABLE_WITHIN, of others any that names a cause (order, worker, factor). Asserted: 95 or more. Beside it, FlaPy's rule on the same runs.

        | suite | seeds without a false verdict | by FlaPy's rule | tests seen to fail and pass |
        |---|---:|---:|---:|
        """
                .formatted(TESTS, SAME_ORDER, RANDOM, CONFIRM, WORKERS)
            + NULLS);
    Validation.write(
        "Verdicts on tests: power",
        """
        The same runs of suites in which 50 of %d tests are of one kind, 10 seeds. Seen: the share of these that passed and failed; found: that
        have the verdict of their kind. False: the share of wrong ones among all causes named. Beside it, how often FlaPy's rule names the kind; it knows no NDOD
        and no FACTOR.
        A rate of 1 %% is seldom seen twice in 200 runs: the verdict is then that it varies, or that more runs are needed, and no cause.

        | kind | rate | verdict | seen | found | false | by FlaPy's rule |
        |---|---:|---|---:|---:|---:|---:|
        """
                .formatted(TESTS)
            + POWER);
  }
}
