package org.assay.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.flaky.Dependency;
import org.assay.flaky.FactorEffect;
import org.assay.flaky.FailureCluster;
import org.assay.flaky.FailureRate;
import org.assay.flaky.Investigation;
import org.assay.flaky.MassFailures;
import org.assay.flaky.Observation;
import org.assay.flaky.Outcome;
import org.assay.flaky.Run;
import org.assay.flaky.Sprt;
import org.assay.flaky.Verdict;
import org.assay.flaky.VerdictKind;
import org.assay.flaky.Verdicts;
import org.assay.jobs.runner.OrderRuns;
import org.assay.jobs.runner.Prepared;
import org.assay.jobs.runner.Project;
import org.assay.jobs.runner.Scratch;
import org.assay.jobs.runner.Shell;
import org.assay.order.Coverage;
import org.assay.order.Exposure;
import org.assay.order.FactorDesign;
import org.assay.order.Order;
import org.assay.order.OrderKind;
import org.assay.order.OrderPlan;
import org.assay.order.Shuffle;
import org.assay.order.Suite;
import org.assay.order.TestId;
import org.assay.report.FactorEffectRow;
import org.assay.report.Failure;
import org.assay.report.FailureClusterRow;
import org.assay.report.InputFingerprint;
import org.assay.report.Tables;
import org.assay.report.TestDependency;
import org.assay.report.TestOrder;
import org.assay.report.TestRun;
import org.assay.report.TestVerdict;

/**
 * One suite, tried for tests that cannot be trusted.
 *
 * <p>Phases follow each other, each a Spark job of independent runs: the suite's own order again
 * and again; other orders; runs that confirm or refute what these suggest. Tests that end the
 * process whenever they run are found first, are run alone, and are left out of everything else,
 * since no test after them would have its turn.
 */
final class FlakySearch implements Job.Step {
  private static final int MOST_CRASHERS = 20;

  /** Parts of an order that a search looks at together, on any cluster the same. */
  private static final int SEARCHED_AT_ONCE = 4;

  /** Tests of a cluster of failures that are named. */
  private static final int MOST_LISTED = 100;

  /** Orders per test in which it failed that are run again. */
  private static final int ORDERS_AGAIN = 2;

  private final String name;
  private final long seed;
  private final Project subject;
  private final Flaky.Settings settings;

  FlakySearch(String name, long seed, Project subject, Flaky.Settings settings) {
    this.name = name;
    this.seed = seed;
    this.subject = subject;
    this.settings = settings;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public DataConfig data() {
    return null;
  }

  @Override
  public List<ModelConfig> models() {
    return List.of();
  }

  @Override
  public List<String> explain(RunContext context) {
    try (Scratch scratch = new Scratch()) {
      Prepared prepared = subject.prepare(scratch.folder(), context.progress()::say);
      Suite suite = prepared.suite();
      List<String> lines = new ArrayList<>();
      lines.add(
          "flaky '"
              + name
              + "' on subjects."
              + subject.name()
              + ": "
              + suite.size()
              + (suite.size() == 1 ? " test in " : " tests in ")
              + suite.classes()
              + (suite.classes() == 1 ? " class" : " classes"));
      lines.add(
          "  same order  "
              + settings.sameOrder()
              + " runs"
              + (settings.rule() == null
                  ? ""
                  : ", then up to "
                      + settings.mostSameOrder()
                      + " until each test's rate is called "
                      + settings.rule().low()
                      + " or "
                      + settings.rule().high()));
      for (OrderPlan plan : settings.plans()) {
        int orders = plan.orders(suite).size();
        lines.add(
            "  orders      "
                + plan.kind().label()
                + ": "
                + orders * plan.rounds()
                + " runs"
                + (plan.rounds() == 1 ? " of as many orders" : " of one order"));
      }
      if (!settings.factors().isEmpty()) {
        FactorDesign design = FactorDesign.of(settings.factors(), seed);
        lines.add(
            "  factors     "
                + String.join(", ", settings.factors().keySet())
                + ": "
                + repetitions(design)
                + (repetitions(design) == 1 ? " run" : " runs")
                + " of each of "
                + design.settings().size()
                + " settings"
                + (design.strength() > 2
                    ? ""
                    : "; the effect of one factor may be that of two others together"));
      }
      lines.add("  confirm     " + settings.confirm() + " runs of each suspicion");
      lines.add(
          "  budget      " + settings.minutes() + " minutes, " + settings.runs() + " runs at most");
      prepared.notes().forEach(note -> lines.add("  note        " + note));
      prepared.unloadable().forEach(u -> lines.add("  not loaded  " + u));
      return lines;
    }
  }

  @Override
  public void run(RunContext context) {
    try (Scratch scratch = new Scratch()) {
      Prepared prepared = subject.prepare(scratch.folder(), context.progress()::say);
      org.apache.hadoop.fs.Path kept =
          new org.apache.hadoop.fs.Path(
              context.kept(name), prepared.fingerprint().substring(0, 16));
      try (OrderRuns runs =
          new OrderRuns(
              context.context(),
              prepared,
              subject.limits(),
              kept,
              context.spark().sparkContext().hadoopConfiguration())) {
        runs.check(
            subject.name(),
            settings.factors().isEmpty()
                ? List.of()
                : FactorDesign.of(settings.factors(), seed).settings(),
            context.progress());
        new Phases(context, prepared, runs).all();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Whole repetitions of a design, so that its factors stay independent. */
  private int repetitions(FactorDesign design) {
    return Math.max(1, settings.factorRuns() / design.settings().size());
  }

  /** The state of one search. */
  private final class Phases {
    private final RunContext context;
    private final Suite suite;
    private final Prepared prepared;
    private final OrderRuns orderRuns;
    private final long deadline;
    private final List<Run> runs = new ArrayList<>();
    private final Map<String, Order> orders = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final TreeSet<Integer> crashers = new TreeSet<>();
    private final Map<Integer, Investigation> investigations = new TreeMap<>();
    private final List<Dependency> dependencies = new ArrayList<>();
    private int begun;
    private String problem = "";
    private long leftOut;

    Phases(RunContext context, Prepared prepared, OrderRuns orderRuns) {
      this.context = context;
      this.prepared = prepared;
      this.suite = prepared.suite();
      this.orderRuns = orderRuns;
      this.deadline = System.currentTimeMillis() + (long) (settings.minutes() * 60_000);
    }

    void all() {
      for (String problem : prepared.unloadable()) {
        fail("class", "load", problem);
      }
      baseline();
      refuseNothing();
      for (OrderPlan plan : settings.plans()) {
        List<OrderRuns.Turn> turns = new ArrayList<>();
        for (Order order : plan.orders(suite)) {
          Order without = without(order);
          for (int round = 0; round < plan.rounds(); round++) {
            turns.add(new OrderRuns.Turn(without, round));
          }
        }
        take(plan.kind().label() + " orders", turns);
      }
      experiment();
      confirm();
      investigate();
      write();
    }

    /**
     * Finds who is to blame. Tests that failed in the same runs have the same culprits more often
     * than not: one of each such group is investigated first, and what is found is suspected first
     * of the others.
     */
    private void investigate() {
      List<Integer> all = new ArrayList<>();
      for (Verdict verdict : verdicts(List.of()).all()) {
        if (verdict.kind().isOrderDependent()
            || verdict.kind() == VerdictKind.NDOD
            || verdict.kind() == VerdictKind.UNDECIDED) {
          all.add(verdict.test());
        }
      }
      Map<String, Integer> groups = new LinkedHashMap<>();
      all.forEach(test -> groups.putIfAbsent(failedIn(test), test));
      List<Integer> first = List.copyOf(groups.values());
      investigate("culprits of " + first.size() + " tests", first, List.of());
      List<Integer> rest = all.stream().filter(test -> !first.contains(test)).toList();
      List<Integer> culprits =
          Investigation.confirmed(finds(), settings.fdr()).stream()
              .filter(
                  d -> d.role() == Dependency.Role.POLLUTER || d.role() == Dependency.Role.SETTER)
              .map(Dependency::test)
              .distinct()
              .toList();
      investigate("culprits of " + rest.size() + " more tests", rest, culprits);
      dependencies.addAll(Investigation.confirmed(finds(), settings.fdr()));
    }

    private List<Dependency> finds() {
      return investigations.values().stream().flatMap(i -> i.dependencies().stream()).toList();
    }

    /** The runs of whole orders in which a test failed, as one text. */
    private String failedIn(int test) {
      StringBuilder failed = new StringBuilder();
      for (Run run : runs) {
        int[] tests = run.order().tests();
        for (int place = 0; place < tests.length; place++) {
          if (tests[place] == test && run.outcome(place).failed()) {
            failed.append(run.order().id()).append(' ').append(run.round()).append(' ');
          }
        }
      }
      return failed.toString();
    }

    private void investigate(String what, List<Integer> tests, List<Integer> suspected) {
      List<Run> known = List.copyOf(runs);
      List<Investigation> open = new ArrayList<>();
      for (int test : tests) {
        Investigation investigation =
            Investigation.of(
                suite,
                test,
                known,
                suspected,
                new Investigation.Settings(
                    settings.confirm(),
                    settings.suspects(),
                    settings.cleaners(),
                    1,
                    SEARCHED_AT_ONCE,
                    settings.level()));
        investigations.put(test, investigation);
        open.add(investigation);
      }
      for (int round = 1; !open.isEmpty() && leftOut == 0; round++) {
        List<OrderRuns.Turn> turns = new ArrayList<>();
        for (Investigation investigation : open) {
          for (Investigation.Request request : investigation.next()) {
            turns.addAll(
                turns(
                    request.order(),
                    request.firstRound(),
                    request.firstRound() + request.rounds()));
          }
        }
        List<Run> results = take(what + ", step " + round, turns);
        open.forEach(investigation -> investigation.accept(results));
        open.removeIf(Investigation::isDone);
      }
    }

    /** Runs the suite's own order with several things of the environment varied at once. */
    private void experiment() {
      Order own = own();
      if (settings.factors().isEmpty() || own.size() == 0) {
        return;
      }
      Order order = new Order("factors-0000", "factors", seed, own.tests());
      FactorDesign design = FactorDesign.of(settings.factors(), seed);
      List<SortedMap<String, String>> levels = design.settings();
      List<OrderRuns.Turn> turns = new ArrayList<>();
      for (int i = 0; i < repetitions(design) * levels.size(); i++) {
        turns.add(new OrderRuns.Turn(order, i, new TreeMap<>(levels.get(i % levels.size()))));
      }
      take("the environment varied", turns);
    }

    /** Runs orders again in which a test failed that does not always fail. */
    private void confirm() {
      boolean[] passed = new boolean[suite.size()];
      for (Run run : runs) {
        for (int place = 0; place < run.order().size(); place++) {
          passed[run.test(place)] |= run.outcome(place) == Outcome.PASS;
        }
      }
      int[] chosen = new int[suite.size()];
      Map<String, Order> again = new LinkedHashMap<>();
      for (Run run : runs) {
        if (run.order().kind().equals(OrderKind.SAME_ORDER.label())
            || run.round() > 0
            || !run.factors().isEmpty()) {
          continue;
        }
        for (int place = 0; place < run.order().size(); place++) {
          int test = run.test(place);
          if (run.outcome(place).failed() && passed[test] && chosen[test] < ORDERS_AGAIN) {
            chosen[test]++;
            again.put(run.order().id(), run.order());
          }
        }
      }
      List<OrderRuns.Turn> turns = new ArrayList<>();
      for (Order order : again.values()) {
        turns.addAll(turns(order, 1, 1 + settings.confirm()));
      }
      take("orders in which a test failed, again", turns);
    }

    /** Finds the tests that end the process, then runs the suite's own order as often as asked. */
    private void baseline() {
      Order order = own();
      while (order.size() > 0) {
        List<Run> first = take("same order", List.of(new OrderRuns.Turn(order, 0)));
        int stopped = first.isEmpty() ? -1 : stoppedBy(first.get(0));
        if (stopped < 0 || crashers.size() == MOST_CRASHERS) {
          break;
        }
        crashers.add(stopped);
        order = own();
      }
      if (!crashers.isEmpty()) {
        List<OrderRuns.Turn> alone = new ArrayList<>();
        for (int test : crashers) {
          alone.addAll(turns(alone(test), 0, settings.confirm()));
        }
        List<Run> found = take("tests that ended the process, alone", alone);
        crashers.removeIf(
            test -> found.stream().anyMatch(r -> r.test(0) == test && !endsProcess(r.outcome(0))));
        order = own();
      }
      if (order.size() > 0) {
        int from = counts.getOrDefault(order.id(), 0);
        take("same order", turns(order, from, settings.sameOrder()));
        goOn(order);
      }
    }

    /**
     * Runs the suite's own order on, by batches, until each test is decided; of it no more than its
     * beginning, up to the last test that is not.
     */
    private void goOn(Order order) {
      int done = settings.sameOrder();
      while (settings.rule() != null && done < settings.mostSameOrder() && leftOut == 0) {
        int open = settings.rule().undecided(order, runs);
        if (open == 0) {
          return;
        }
        int to = Math.min(settings.mostSameOrder(), done + settings.sameOrder());
        Order beginning =
            new Order(order.id(), order.kind(), order.seed(), Arrays.copyOf(order.tests(), open));
        take("same order until " + open + " tests are decided", turns(beginning, done, to));
        done = to;
      }
    }

    /** What the sequential test says of a test; empty without one. */
    private String decided(int test) {
      if (settings.rule() == null) {
        return "";
      }
      Order order = own();
      int place = Arrays.stream(order.tests()).boxed().toList().indexOf(test);
      if (place < 0) {
        return "";
      }
      Sprt.Decision decision = settings.rule().decide(order, runs)[place];
      return String.format(
          Locale.ROOT,
          "; in the suite's own order its rate is %s (sequential test of %.3g against %.3g)",
          switch (decision) {
            case HIGH -> "called high";
            case LOW -> "called low";
            case MORE -> "not decided";
          },
          settings.rule().low(),
          settings.rule().high());
    }

    /** Stops when the suite's own order told nothing: other orders would not either. */
    private void refuseNothing() {
      if (begun == 0 || leftOut > 0 || runs.stream().anyMatch(run -> run.counted() > 0)) {
        return;
      }
      if (!problem.isEmpty()) {
        throw UserException.input(
            "subjects."
                + subject.name()
                + ": of "
                + begun
                + " runs in the suite's own order none ran as asked: "
                + problem
                + "; mend that, and see it with: assay reproduce CONF TEST");
      }
      throw UserException.input(
          "subjects."
              + subject.name()
              + ": "
              + suite.size()
              + " tests found, and none can be executed: in "
              + begun
              + " runs none passed or failed"
              + runs.stream()
                  .flatMap(run -> run.observations().stream())
                  .filter(o -> o.outcome() == Outcome.SKIP)
                  .findFirst()
                  .map(
                      o -> ", all were skipped" + (o.message().isEmpty() ? "" : ": " + o.message()))
                  .orElse("")
              + "; enable them, or provide what they ask for, such as variables in environment");
    }

    /** The suite's own order, without the tests that end the process. */
    private Order own() {
      Order own = OrderPlan.sameOrder(1).orders(suite).get(0);
      String without =
          crashers.isEmpty()
              ? ""
              : "-without-"
                  + crashers.stream().map(String::valueOf).collect(Collectors.joining("-"));
      return new Order(own.id() + without, own.kind(), 0, without(own).tests());
    }

    private static boolean endsProcess(Outcome outcome) {
      return outcome == Outcome.CRASH || outcome == Outcome.TIMEOUT;
    }

    /** The test at which a run ended before its end; -1 when it came to its end. */
    private static int stoppedBy(Run run) {
      for (int place = 0; place < run.order().size(); place++) {
        if (endsProcess(run.outcome(place))) {
          return run.test(place);
        }
      }
      return -1;
    }

    private Order alone(int test) {
      return new Order(
          "same-order-alone-" + test, OrderKind.SAME_ORDER.label(), 0, new int[] {test});
    }

    private List<OrderRuns.Turn> turns(Order order, int from, int to) {
      return IntStream.range(from, to).mapToObj(round -> new OrderRuns.Turn(order, round)).toList();
    }

    /** An order without the tests that end the process. */
    private Order without(Order order) {
      if (crashers.isEmpty()) {
        return order;
      }
      int[] rest = Arrays.stream(order.tests()).filter(t -> !crashers.contains(t)).toArray();
      return new Order(order.id(), order.kind(), order.seed(), rest);
    }

    /**
     * Runs turns within the budget, each once, whichever phases ask for it; gives the runs that are
     * as asked.
     */
    private List<Run> take(String what, List<OrderRuns.Turn> asked) {
      List<OrderRuns.Turn> turns =
          asked.stream()
              .filter(t -> taken.add(t.order().id() + " " + t.round() + " " + t.factors()))
              .toList();
      int room = Math.max(0, settings.runs() - begun);
      List<OrderRuns.Turn> within = turns.size() <= room ? turns : turns.subList(0, room);
      leftOut += turns.size() - within.size();
      begun += within.size();
      List<Run> usable = new ArrayList<>();
      for (OrderRuns.Result result :
          orderRuns.run(name + ": " + what, within, deadline, context.progress())) {
        Order order = result.turn().order();
        if (result.isLeftOut()) {
          leftOut++;
          continue;
        }
        orders.putIfAbsent(order.id(), order);
        runs.addAll(result.runs());
        if (result.problem().isEmpty()) {
          Run last = result.runs().get(result.runs().size() - 1);
          usable.add(last);
          counts.merge(order.id(), 1, Integer::sum);
        } else {
          problem = problem.isEmpty() ? result.problem() : problem;
          fail(
              "order=" + order.id() + ",round=" + result.turn().round(), "order", result.problem());
        }
      }
      say(usable);
      return usable;
    }

    /** How far the search is: runs, failures in them, and what is left of the budget. */
    private void say(List<Run> latest) {
      if (latest.isEmpty()) {
        return;
      }
      long failing = latest.stream().filter(run -> run.failures() > 0).count();
      context
          .progress()
          .say(
              String.format(
                  Locale.ROOT,
                  "%s: of %d runs %d with a failing test; left %d runs, %.0f minutes",
                  name,
                  latest.size(),
                  failing,
                  Math.max(0, settings.runs() - begun),
                  Math.max(0, (deadline - System.currentTimeMillis()) / 60_000.0)));
    }

    private void fail(String cell, String kind, String reason) {
      context.add(Tables.FAILURES, new Failure(name, subject.name(), "", cell, kind, reason));
    }

    private void write() {
      Verdicts verdicts = verdicts(dependencies);
      notes(verdicts);
      for (Verdict verdict : verdicts.all()) {
        context.add(Tables.VERDICTS, row(verdict));
      }
      dependencies.forEach(d -> context.add(Tables.DEPENDENCIES, row(d)));
      verdicts.effects().forEach(e -> context.add(Tables.FACTOR_EFFECTS, row(e)));
      FailureCluster.of(runs).forEach(c -> context.add(Tables.FAILURE_CLUSTERS, row(c)));
      for (Order order : orders.values()) {
        context.add(
            Tables.ORDERS,
            new TestOrder(
                name,
                subject.name(),
                order.id(),
                order.kind(),
                order.seed(),
                order.size(),
                counts.getOrDefault(order.id(), 0),
                json(order.tests())));
      }
      for (Run run : runs) {
        for (int place = 0; place < run.order().size(); place++) {
          Observation o = run.observations().get(place);
          context.add(
              Tables.TEST_RUNS,
              new TestRun(
                  name,
                  subject.name(),
                  run.order().id(),
                  run.round(),
                  run.attempt(),
                  place,
                  suite.test(run.test(place)).text(),
                  o.outcome().name(),
                  o.durationMillis(),
                  o.message(),
                  o.fingerprint(),
                  run.worker(),
                  run.host(),
                  factors(run)));
        }
      }
    }

    private Verdicts verdicts(List<Dependency> confirmed) {
      return Verdicts.of(
          suite,
          runs,
          confirmed,
          new Verdicts.Settings(
              settings.level(),
              settings.fdr(),
              settings.rule() == null ? FailureRate.Stopping.FIXED : FailureRate.Stopping.OPTIONAL,
              MassFailures.SHARE,
              planned()));
    }

    /** Rounds that were run whatever the outcomes, by kind of order. */
    private Map<String, Integer> planned() {
      Map<String, Integer> planned = new TreeMap<>();
      settings.plans().forEach(plan -> planned.put(plan.kind().label(), plan.rounds()));
      planned.put(OrderKind.SAME_ORDER.label(), settings.sameOrder());
      return planned;
    }

    private TestDependency row(Dependency d) {
      List<Integer> sequence = new ArrayList<>();
      Arrays.stream(d.others()).forEach(sequence::add);
      switch (d.role()) {
        case POLLUTER, SETTER -> sequence.add(0, d.test());
        case CLEANER -> sequence.add(1, d.test());
        case VICTIM -> sequence.add(d.test());
      }
      return new TestDependency(
          name,
          subject.name(),
          suite.test(d.test()).text(),
          d.role().name(),
          json(d.others()),
          d.confirmed(),
          d.of(),
          d.rate().method(),
          d.rate().level(),
          d.rate().low(),
          d.rate().high(),
          d.pValue(),
          reproduce(sequence.stream().mapToInt(Integer::intValue).toArray()));
    }

    private FactorEffectRow row(FactorEffect e) {
      return new FactorEffectRow(
          name,
          subject.name(),
          suite.test(e.test()).text(),
          e.factor(),
          e.level(),
          e.at().failures(),
          e.at().runs(),
          e.elsewhere().failures(),
          e.elsewhere().runs(),
          e.value(),
          e.effect().method(),
          e.effect().level(),
          e.effect().low(),
          e.effect().high(),
          e.pValue(),
          e.pAdjusted(),
          ours(new int[] {e.test()}) + " --factor " + Shell.quoted(e.factor() + "=" + e.level()));
    }

    private FailureClusterRow row(FailureCluster c) {
      return new FailureClusterRow(
          name,
          subject.name(),
          c.fingerprint(),
          c.failures(),
          c.runs(),
          c.tests().size(),
          json(c.tests().stream().limit(MOST_LISTED).mapToInt(Integer::intValue).toArray()),
          c.message());
    }

    /** A command line that runs tests in this order. */
    private String reproduce(int[] tests) {
      String own = prepared.harness().ownCommand(prepared.project(), tests);
      return own.isEmpty() ? ours(tests) : own;
    }

    private String ours(int[] tests) {
      return "assay reproduce "
          + context.reference()
          + " --subject "
          + Shell.quoted(subject.name())
          + Arrays.stream(tests)
              .mapToObj(t -> " " + Shell.quoted(suite.test(t).text()))
              .collect(Collectors.joining());
    }

    private TestVerdict row(Verdict v) {
      Investigation investigation = investigations.get(v.test());
      boolean isOpen = dependencies.stream().noneMatch(d -> isAbout(d, v.test()));
      return FlakyHistory.row(
          name,
          subject.name(),
          suite.test(v.test()).text(),
          v,
          v.evidence()
              + decided(v.test())
              + (investigation == null || !isOpen || investigation.outcome().isEmpty()
                  ? exposure(v)
                  : "; looked for culprits: " + investigation.outcome()));
    }

    /**
     * How likely an order drawn at random shows what the culprits do to a test, beside what the
     * orders that cover pairs show; empty when it has no culprit that acts alone and for sure.
     */
    private String exposure(Verdict verdict) {
      int test = verdict.test();
      List<Integer> polluters = culprits(Dependency.Role.POLLUTER, test);
      List<Integer> cleaners = culprits(Dependency.Role.CLEANER, test);
      List<Integer> setters = culprits(Dependency.Role.SETTER, test);
      Shuffle shuffle =
          settings.plans().stream()
              .filter(p -> p.kind() == OrderKind.RANDOM || p.kind() == OrderKind.PAIR_COVER)
              .map(OrderPlan::shuffle)
              .findFirst()
              .orElse(Shuffle.CLASS_AND_METHOD);
      if (!verdict.kind().isOrderDependent() || polluters.isEmpty() && setters.isEmpty()) {
        return "";
      }
      Exposure exposure =
          polluters.isEmpty()
              ? Exposure.ofBrittle(suite, shuffle, test, setters)
              : Exposure.ofVictim(suite, shuffle, test, polluters, cleaners);
      String drawn =
          exposure.probability() == 0
              ? "; given its culprits no order drawn at random shows it"
              : String.format(
                  Locale.ROOT,
                  "; given its culprits an order drawn at random (%s) shows it with probability %.3g: %d orders for 95 %%",
                  shuffle.label(),
                  exposure.probability(),
                  exposure.ordersFor(0.95));
      List<Order> covering =
          orders.values().stream()
              .filter(o -> o.kind().equals(OrderKind.PAIR_COVER.label()))
              .filter(o -> counts.getOrDefault(o.id(), 0) > 0)
              .toList();
      if (covering.isEmpty() || polluters.isEmpty()) {
        return drawn;
      }
      long direct =
          covering.stream()
              .map(Order::tests)
              .filter(
                  tests ->
                      IntStream.range(1, tests.length)
                          .anyMatch(i -> tests[i] == test && polluters.contains(tests[i - 1])))
              .count();
      return drawn
          + "; in "
          + direct
          + " of "
          + covering.size()
          + " orders that cover pairs a polluter ran directly before it";
    }

    /** The confirmed culprits of a test that have a role. */
    private List<Integer> culprits(Dependency.Role role, int test) {
      return dependencies.stream()
          .filter(d -> d.role() == role && d.others()[d.others().length - 1] == test)
          .map(Dependency::test)
          .distinct()
          .sorted()
          .toList();
    }

    /** Whether a dependency says why a test fails. */
    private static boolean isAbout(Dependency d, int test) {
      return d.role() == Dependency.Role.VICTIM
          ? d.test() == test
          : d.others()[d.others().length - 1] == test;
    }

    /** What was covered, and what was not done. */
    private void notes(Verdicts verdicts) {
      List<String> notes = new ArrayList<>(prepared.notes());
      List<Order> ran =
          orders.values().stream().filter(o -> counts.getOrDefault(o.id(), 0) > 0).toList();
      Coverage coverage = Coverage.of(suite, ran);
      notes.add(
          String.format(
              Locale.ROOT,
              "%d of %d ordered pairs of tests ran one directly after the other (%.1f %%)%s",
              coverage.seen(),
              coverage.pairs(),
              100 * coverage.share(),
              coverage.seen() == coverage.pairs()
                  ? ""
                  : String.format(
                      Locale.ROOT,
                      "; a victim of a polluter that is in none of these pairs, and the chance of that is %.1f %% if all are alike, may be unseen",
                      100 * coverage.unseen())));
      if (!crashers.isEmpty()) {
        notes.add(
            "left out of orders, since no test after them has its turn: "
                + crashers.stream()
                    .map(t -> suite.test(t).text())
                    .collect(Collectors.joining(", ")));
      }
      if (!verdicts.massFailures().isEmpty()) {
        notes.add(
            verdicts.massFailures().size()
                + " runs were mass failures, infrastructure rather than tests, and do not count");
      }
      long lost = runs.stream().filter(r -> r.counted() == 0).count();
      if (lost > 0) {
        notes.add(lost + " runs are missing: lost with their executor, or not as asked");
      }
      if (leftOut > 0) {
        notes.add(
            leftOut
                + " runs were left out, for the budget of "
                + settings.runs()
                + " runs and "
                + settings.minutes()
                + " minutes was spent");
      }
      context.input(
          "subjects." + subject.name(),
          new InputFingerprint(suite.size(), prepared.fingerprint(), 0, 0, null, notes));
    }

    private static String factors(Run run) {
      return run.factors().entrySet().stream()
          .map(e -> e.getKey() + "=" + e.getValue())
          .collect(Collectors.joining(","));
    }

    /** Ids of tests as a JSON list of texts. */
    private String json(int[] tests) {
      return Arrays.stream(tests)
          .mapToObj(suite::test)
          .map(TestId::text)
          .map(FlakySearch::quoted)
          .collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** A text in JSON. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
