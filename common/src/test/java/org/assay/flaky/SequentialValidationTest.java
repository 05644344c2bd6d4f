package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assay.Validation;
import org.assay.flaky.FailureRate.Stopping;
import org.assay.inference.Interval;
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

/**
 * Suites whose own order is run until each test is decided: do intervals hold the rate, and are no
 * causes named that are none?
 */
@Tag("validation")
@TestMethodOrder(MethodOrderer.MethodName.class) // the order of the rows
class SequentialValidationTest {
  private static final int SEEDS = 2_000;
  private static final int BATCH = 20;
  private static final int MOST = 400;
  private static final int RANDOM = 40;
  private static final Sprt RULE = new Sprt(0.01, 0.05, 0.05, 0.05);
  private static final Observation PASS = new Observation(Outcome.PASS, 1, "", "");
  private static final Observation FAIL = new Observation(Outcome.FAIL, 1, "", "");
  private static final StringBuilder COVERAGE = new StringBuilder();
  private static final StringBuilder CAUSES = new StringBuilder();

  /** Runs as the job makes them: batches until all is decided, then other orders once each. */
  private static List<Run> runs(Suite suite, double rate, long seed) {
    Keyed draws = Keyed.of(seed, "sequential");
    List<Run> runs = new ArrayList<>();
    Order own = OrderPlan.sameOrder(1).orders(suite).get(0);
    int open = suite.size();
    for (int done = 0; done < MOST && open > 0; done += BATCH) {
      Order beginning =
          new Order(own.id(), own.kind(), own.seed(), Arrays.copyOf(own.tests(), open));
      for (int round = done; round < done + BATCH; round++) {
        runs.add(run(beginning, round, rate, draws, runs.size()));
      }
      open = RULE.undecided(own, runs);
    }
    for (Order order :
        new OrderPlan(OrderKind.RANDOM, Shuffle.METHOD, RANDOM, seed).orders(suite)) {
      runs.add(run(order, 0, rate, draws, runs.size()));
    }
    return runs;
  }

  private static Run run(Order order, int round, double rate, Keyed draws, int number) {
    List<Observation> observations = new ArrayList<>();
    for (int test : order.tests()) {
      observations.add(draws.uniform(number, test) < rate ? FAIL : PASS);
    }
    return Run.of(order, round, 0, "w" + number % 2, "", observations);
  }

  private static boolean holds(Interval interval, double rate) {
    return interval.low() <= rate && rate <= interval.high();
  }

  /** One test, whose own outcomes alone decide when its runs end: the worst case. */
  @Test
  void aIntervals() {
    Suite suite = Suites.of(1);
    for (double rate : new double[] {.002, .01, .03, .05, .1, .3}) {
      int sequence = 0;
      int fixed = 0;
      long made = 0;
      for (int seed = 0; seed < SEEDS; seed++) {
        List<Run> runs = runs(suite, rate, seed);
        Verdict verdict =
            Verdicts.of(suite, runs, List.of(), settings(Stopping.OPTIONAL)).all().get(0);
        FailureRate seen = new FailureRate(verdict.failures(), verdict.runs());
        made += verdict.runs();
        sequence += holds(verdict.interval(), rate) ? 1 : 0;
        fixed += holds(seen.interval(Stopping.FIXED, .95), rate) ? 1 : 0;
      }
      COVERAGE.append(
          String.format(
              Locale.ROOT,
              "| %.1f %% | %.0f | %.4f | %.4f |%n",
              100 * rate,
              (double) made / SEEDS,
              (double) sequence / SEEDS,
              (double) fixed / SEEDS));
      // 95 % less four standard errors of a share of 2,000
      assertThat((double) sequence / SEEDS).as("rate %s", rate).isGreaterThan(.95 - .0195);
    }
  }

  private static Verdicts.Settings settings(Stopping stopping) {
    Map<String, Integer> planned =
        stopping == Stopping.OPTIONAL ? Map.of(OrderKind.SAME_ORDER.label(), BATCH) : Map.of();
    return new Verdicts.Settings(.95, .05, stopping, MassFailures.SHARE, planned);
  }

  /** Tests that fail by chance: the share of suites in which some cause is named. */
  @Test
  void bCauses() {
    for (int tests : new int[] {1, 10}) {
      Suite suite = Suites.of(tests);
      for (double rate : new double[] {.02, .05, .1, .3}) {
        int kept = 0;
        int all = 0;
        for (int seed = 0; seed < SEEDS / 2; seed++) {
          List<Run> runs = runs(suite, rate, seed);
          kept += namesCause(Verdicts.of(suite, runs, List.of(), settings(Stopping.OPTIONAL)));
          all += namesCause(Verdicts.of(suite, runs, List.of(), settings(Stopping.FIXED)));
        }
        double share = 2.0 * kept / SEEDS;
        CAUSES.append(
            String.format(
                Locale.ROOT,
                "| %d | %.0f %% | %.4f | %.4f |%n",
                tests,
                100 * rate,
                share,
                2.0 * all / SEEDS));
        // 5 % and four standard errors of a share of 1,000
        assertThat(share).as("%s tests at %s", tests, rate).isLessThan(.05 + .0276);
      }
    }
  }

  private static int namesCause(Verdicts verdicts) {
    return verdicts.all().stream()
            .map(Verdict::kind)
            .anyMatch(
                kind ->
                    kind.isOrderDependent()
                        || kind == VerdictKind.NDOD
                        || kind == VerdictKind.INFRASTRUCTURE)
        ? 1
        : 0;
  }

  @AfterAll
  static void write() {
    Validation.write(
        "Verdicts on tests: runs that end when tests are decided",
        """
        Tests that fail by chance. The suite's own order is run %d times, and then on in batches of as many, up to %d, until the sequential test of
        1 %% against 5 %% has decided each test; then %d random orders. One test, %d seeds: the share of intervals at 95 %% that hold the rate.
        Asserted: 0.9305 or more for the confidence sequence. Beside it, Clopper and Pearson's interval, as if the number of runs had been set before.

        | rate | runs on average | confidence sequence | Clopper and Pearson |
        |---|---:|---:|---:|
        %s
        The share of suites in which a cause (order, worker) is named, though there is none, at a false discovery rate of 5 %%, %d seeds. Asserted:
        below 0.0776 when p-values rest on the first %d runs in the suite's own order alone. Beside it, p-values from all runs.

        | tests | rate | first runs | all runs |
        |---|---:|---:|---:|
        %s"""
            .formatted(BATCH, MOST, RANDOM, SEEDS, COVERAGE, SEEDS / 2, BATCH, CAUSES));
  }
}
