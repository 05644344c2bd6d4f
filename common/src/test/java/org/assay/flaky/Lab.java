package org.assay.flaky;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assay.order.Order;
import org.assay.order.OrderPlan;
import org.assay.order.Suite;
import org.assay.random.Keyed;

/** Runs a suite that is made up: each test's outcome follows from a rule. Nothing is executed. */
final class Lab {

  /** What decides about a test's outcome. */
  interface Rule {
    /**
     * Whether a test fails.
     *
     * @param test its number
     * @param before the tests that ran before it, in order
     * @param worker where
     * @param factors the environment
     * @param uniform a number drawn uniformly for this run and test
     */
    boolean fails(
        int test, int[] before, String worker, SortedMap<String, String> factors, double uniform);
  }

  private final Suite suite;
  private final Rule rule;
  private final int workers;
  private final Keyed draws;
  private final List<Run> runs = new ArrayList<>();

  Lab(Suite suite, Rule rule, int workers, long seed) {
    this.suite = suite;
    this.rule = rule;
    this.workers = workers;
    this.draws = Keyed.of(seed, "lab");
  }

  List<Run> runs() {
    return runs;
  }

  Suite suite() {
    return suite;
  }

  /** All orders of a plan, each as often as it says. */
  Lab run(OrderPlan plan) {
    for (Order order : plan.orders(suite)) {
      for (int round = 0; round < plan.rounds(); round++) {
        run(order, round);
      }
    }
    return this;
  }

  /** Runs again each order in which a test failed that passed elsewhere, so many times. */
  Lab confirm(int times) {
    boolean[] passed = new boolean[suite.size()];
    for (Run run : runs) {
      for (int place = 0; place < run.order().size(); place++) {
        passed[run.test(place)] |= run.outcome(place) == Outcome.PASS;
      }
    }
    for (Run run : List.copyOf(runs)) {
      boolean fails = false;
      for (int place = 0; place < run.order().size(); place++) {
        fails |= run.outcome(place).failed() && passed[run.test(place)];
      }
      if (fails && run.round() == 0) {
        for (int i = 1; i <= times; i++) {
          // The suite's own order has its rounds already.
          if (!run.order().kind().equals("same-order")) {
            run(run.order(), i);
          }
        }
      }
    }
    return this;
  }

  Run run(Order order, int round) {
    return run(order, round, new TreeMap<>());
  }

  Run run(Order order, int round, SortedMap<String, String> factors) {
    int number = runs.size();
    String worker = "w" + draws.below(workers, number, -1);
    List<Observation> observations = new ArrayList<>();
    int[] tests = order.tests();
    for (int place = 0; place < tests.length; place++) {
      boolean fails =
          rule.fails(
              tests[place],
              Arrays.copyOf(tests, place),
              worker,
              factors,
              draws.uniform(number, tests[place]));
      observations.add(new Observation(fails ? Outcome.FAIL : Outcome.PASS, 1, "", ""));
    }
    Run run = new Run(order, round, 0, worker, worker, factors, observations);
    runs.add(run);
    return run;
  }

  Verdicts verdicts(Dependency... dependencies) {
    return Verdicts.of(suite, runs, List.of(dependencies), Verdicts.Settings.DEFAULT);
  }

  static boolean contains(int[] before, int test) {
    for (int x : before) {
      if (x == test) {
        return true;
      }
    }
    return false;
  }
}
