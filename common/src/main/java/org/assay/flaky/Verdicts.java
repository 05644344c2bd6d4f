package org.assay.flaky;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.assay.flaky.FailureRate.Stopping;
import org.assay.inference.Adjustment;
import org.assay.inference.FisherExact;
import org.assay.inference.Newcombe;
import org.assay.order.OrderKind;
import org.assay.order.Suite;

/**
 * A verdict on every test of a suite, with the share of false causes among all causes named under
 * control.
 *
 * <p><b>What counts.</b> Passes and failures; skipped and missing tests say nothing. {@link
 * MassFailures} are kept apart. Rates are over the runs that were planned, not over those made
 * because of an outcome: the first run of each order, and all planned ones of same-order, reverse
 * and alphabetical. Orders of other kinds (made to confirm, or to find culprits) speak through the
 * {@link Dependency dependencies} they led to. Runs with factors are the designed experiment, and
 * nothing else.
 *
 * <p><b>Tests</b>, for every test that both passed and failed. All are exact, conditional on how
 * often it failed:
 *
 * <pre>
 *   order    replication  does the first run of an order foretell its other runs? Fisher's test of these,
 *                         after a first failure against after a first pass
 *            arms         Fisher's test of same-order against the first runs of all other orders
 *            counts       Fisher's test of one order's runs against all other orders', first runs left out;
 *                         the smallest p times the number of orders
 *                         within workers, unless these have fewer than four runs each on average;
 *                         the smallest of the three p, times their number
 *   worker   Fisher's test of one worker against all others, within orders; first runs of orders that
 *            were drawn are one stratum. The smallest p times the number of workers; hosts alike
 *   factor   Fisher's test of one level against all others, for each factor
 * </pre>
 *
 * <p>Rounds of same-order that are run because of outcomes, until each test is {@link Sprt
 * decided}, are no matter of these tests: how many there are would be part of what is tested. They
 * count for the rate, which then has a confidence sequence.
 *
 * <p>The first run of an order is left out where it decided that there are others: so the p-values
 * hold although failing orders are run again and passing ones are not. All p-values together are
 * adjusted by Benjamini and Hochberg's method. A test that never failed has no p-value: conditional
 * on that, none could be small.
 *
 * <p><b>The verdict</b> is the first that applies. "Varies" is about the outcome within one order
 * and one worker, and is no matter of chance: both outcomes were seen.
 *
 * <pre>
 *   a polluter or setter is confirmed          NDOD if it varies, else OD_VICTIM or OD_BRITTLE
 *   p(order)  at most fdr                      NDOD if it varies, else OD
 *   p(factor) at most fdr                      FACTOR
 *   it never ran / never failed / never passed NOT_RUN / STABLE_WITHIN / ALWAYS_FAILS, in any run
 *   p(worker) at most fdr                      INFRASTRUCTURE
 *   it varies                                  NOD
 *   else                                       UNDECIDED
 * </pre>
 *
 * <p>A pure function of the runs, in any order. Thread-safe.
 *
 * <p>FlaPy's rule, for comparison, has no error control: NOD when the outcome varies on one worker
 * in same-order; else OD when it does so in other orders; else INFRASTRUCTURE when it varies in one
 * of the two arms; it names nothing, UNDECIDED, when it is constant in each arm. Source: M. Gruber,
 * S. Lukasczyk, F. Kroiss and G. Fraser, "An empirical study of flaky tests in Python", ICST 2021,
 * doi:10.1109/ICST49551.2021.00026.
 */
public final class Verdicts {

  /**
   * How to conclude.
   *
   * @param level of intervals and bounds, such as 0.95
   * @param fdr the share of false causes among all causes named that is accepted, such as 0.05
   * @param stopping whether the number of runs depended on outcomes
   * @param massFailure the share of tests above which a run is a mass failure
   * @param planned by kind of order, how many rounds of each were run whatever the outcomes; of
   *     kinds that are not named all were. Further ones of same-order count for rates, and not for
   *     p-values; of other kinds it is the other way round
   */
  public record Settings(
      double level, double fdr, Stopping stopping, double massFailure, Map<String, Integer> planned)
      implements Serializable {
    /** 95 %, 5 %, fixed, 80 %. */
    public static final Settings DEFAULT =
        new Settings(0.95, 0.05, Stopping.FIXED, MassFailures.SHARE, Map.of());

    public Settings {
      if (!(level > 0 && level < 1 && fdr > 0 && fdr < 1)) {
        throw new IllegalArgumentException(
            "level " + level + ", fdr " + fdr + ": must be between 0 and 1");
      }
      planned = Map.copyOf(planned);
    }
  }

  private final List<Verdict> verdicts;
  private final List<FactorEffect> effects;
  private final List<Run> massFailures;

  private Verdicts(List<Verdict> verdicts, List<FactorEffect> effects, List<Run> massFailures) {
    this.verdicts = Collections.unmodifiableList(verdicts);
    this.effects = Collections.unmodifiableList(effects);
    this.massFailures = massFailures;
  }

  /** One for each test, by its number. */
  public List<Verdict> all() {
    return verdicts;
  }

  /** What each factor does to each test that failed in the experiment, by test and factor. */
  public List<FactorEffect> effects() {
    return effects;
  }

  /** The runs that were kept apart. */
  public List<Run> massFailures() {
    return massFailures;
  }

  /**
   * The verdicts.
   *
   * @param runs all runs of the suite, in any order
   * @param dependencies those that were confirmed
   */
  public static Verdicts of(
      Suite suite, Collection<Run> runs, Collection<Dependency> dependencies, Settings settings) {
    List<Run> sorted = new ArrayList<>(runs);
    sorted.sort(
        Comparator.comparing((Run run) -> run.order().id())
            .thenComparingInt(Run::round)
            .thenComparingInt(Run::attempt));
    List<Run> planned = new ArrayList<>();
    List<Run> designed = new ArrayList<>();
    Set<String> kinds = new HashSet<>(OrderKind.labels());
    for (Run run : sorted) {
      if (!run.factors().isEmpty()) {
        designed.add(run);
      } else if (kinds.contains(run.order().kind())) {
        planned.add(run);
      }
    }
    List<Run> mass = new ArrayList<>(MassFailures.of(planned, settings.massFailure()));
    mass.addAll(MassFailures.of(designed, settings.massFailure()));
    Set<Run> apart = Collections.newSetFromMap(new IdentityHashMap<>());
    apart.addAll(mass);
    designed.removeIf(apart::contains);
    List<List<Cell>> cells = cells(suite.size(), planned);
    List<List<Cell>> experiment = cells(suite.size(), designed);
    boolean withinWorkers = hasFewWorkers(planned);
    Map<Integer, Dependency.Role> roles = roles(dependencies);

    List<Evidence> all = new ArrayList<>();
    for (int t = 0; t < suite.size(); t++) {
      all.add(
          new Evidence(
              t, cells.get(t), experiment.get(t), apart, withinWorkers, roles.get(t), settings));
    }
    adjust(all);
    BetaPrior prior = BetaPrior.fit(all.stream().map(e -> e.rate).toList());
    List<Verdict> verdicts = new ArrayList<>();
    List<FactorEffect> effects = new ArrayList<>();
    for (Evidence evidence : all) {
      verdicts.add(evidence.verdict(settings, prior));
      effects.addAll(evidence.effects);
    }
    return new Verdicts(verdicts, effects, Collections.unmodifiableList(mass));
  }

  /** One outcome of one test that counts. */
  private record Cell(Run run, boolean failed) {
    boolean isDrawn() {
      String kind = run.order().kind();
      return kind.equals(OrderKind.RANDOM.label()) || kind.equals(OrderKind.PAIR_COVER.label());
    }

    boolean isSameOrder() {
      return run.order().kind().equals(OrderKind.SAME_ORDER.label());
    }

    String order() {
      return run.order().id();
    }
  }

  private static List<List<Cell>> cells(int tests, List<Run> runs) {
    List<List<Cell>> cells = new ArrayList<>();
    for (int t = 0; t < tests; t++) {
      cells.add(new ArrayList<>());
    }
    for (Run run : runs) {
      Cell failed = new Cell(run, true);
      Cell passed = new Cell(run, false);
      for (int place = 0; place < run.order().size(); place++) {
        Outcome outcome = run.outcome(place);
        if (outcome.counts()) {
          cells.get(run.test(place)).add(outcome.failed() ? failed : passed);
        }
      }
    }
    return cells;
  }

  private static boolean hasFewWorkers(List<Run> runs) {
    long workers = runs.stream().map(Run::worker).distinct().count();
    return 4 * workers <= runs.size();
  }

  private static Map<Integer, Dependency.Role> roles(Collection<Dependency> dependencies) {
    Map<Integer, Dependency.Role> roles = new HashMap<>();
    for (Dependency dependency : dependencies) {
      switch (dependency.role()) {
        case POLLUTER -> roles.put(dependency.others()[0], Dependency.Role.POLLUTER);
        case VICTIM -> roles.put(dependency.test(), Dependency.Role.POLLUTER);
        case SETTER -> {
          int[] others = dependency.others();
          roles.putIfAbsent(others[others.length - 1], Dependency.Role.SETTER);
        }
        case CLEANER -> {}
      }
    }
    return roles;
  }

  /** All p-values of all tests are one family. */
  private static void adjust(List<Evidence> all) {
    List<Double> family = new ArrayList<>();
    for (Evidence evidence : all) {
      family.add(evidence.orderP);
      family.add(evidence.workerP);
      evidence.effects.forEach(effect -> family.add(effect.pValue()));
    }
    double[] adjusted =
        Adjustment.BH.adjust(family.stream().mapToDouble(Double::doubleValue).toArray());
    int next = 0;
    for (Evidence evidence : all) {
      evidence.orderAdjusted = adjusted[next++];
      evidence.workerAdjusted = adjusted[next++];
      for (int i = 0; i < evidence.effects.size(); i++) {
        evidence.effects.set(i, evidence.effects.get(i).adjusted(adjusted[next++]));
      }
    }
  }

  /** What the runs say of one test. */
  private static final class Evidence {
    private final int test;
    private final FailureRate rate;
    private final VerdictKind flapy;
    private final Dependency.Role confirmed;
    private final boolean varies;
    private final boolean failed;
    private final boolean passed;
    private final int apart;
    private final FailureRate experiment;
    private final List<FactorEffect> effects = new ArrayList<>();
    private double orderP = Double.NaN;
    private double workerP = Double.NaN;
    private String worker = "";
    private double orderAdjusted;
    private double workerAdjusted;

    Evidence(
        int test,
        List<Cell> all,
        List<Cell> designed,
        Set<Run> massFailures,
        boolean withinWorkers,
        Dependency.Role confirmed,
        Settings settings) {
      this.test = test;
      this.flapy = flapy(all);
      this.confirmed = confirmed;
      List<Cell> cells = all.stream().filter(c -> !massFailures.contains(c.run())).toList();
      this.apart = (int) all.stream().filter(c -> c.failed()).count() - (int) failures(cells);
      Set<String> seen = new HashSet<>();
      List<Cell> first = new ArrayList<>();
      List<Cell> later = new ArrayList<>();
      List<Cell> counted = new ArrayList<>();
      List<Cell> tested = new ArrayList<>();
      for (Cell cell : cells) {
        boolean isFirst = seen.add(cell.order());
        Integer rounds = settings.planned().get(cell.run().order().kind());
        boolean isPlanned = rounds == null || cell.run().round() < rounds;
        if (isPlanned || !cell.isSameOrder()) {
          tested.add(cell);
          (isFirst ? first : later).add(cell);
        }
        if (isFirst || cell.isSameOrder() || isPlanned && !cell.isDrawn()) {
          counted.add(cell);
        }
      }
      this.rate = rate(counted);
      this.experiment = rate(designed);
      this.varies = varies(cells) && variesWithin(cells);
      this.failed = failures(cells) + experiment.failures() > 0;
      this.passed = failures(cells) < cells.size() || experiment.failures() < experiment.runs();
      if (varies(cells)) {
        orderP = orderP(first, later, withinWorkers);
        workerP(tested);
      }
      if (varies(designed)) {
        factors(designed, settings.level());
      }
    }

    private static FailureRate rate(List<Cell> cells) {
      return new FailureRate(failures(cells), cells.size());
    }

    private static long failures(List<Cell> cells) {
      return cells.stream().filter(Cell::failed).count();
    }

    private static boolean varies(List<Cell> cells) {
      long failures = failures(cells);
      return failures > 0 && failures < cells.size();
    }

    /** Whether both outcomes were seen within one order and one worker. */
    private static boolean variesWithin(List<Cell> cells) {
      Map<List<String>, Boolean> outcomes = new HashMap<>();
      for (Cell cell : cells) {
        Boolean other =
            outcomes.putIfAbsent(List.of(cell.order(), cell.run().worker()), cell.failed());
        if (other != null && other != cell.failed()) {
          return true;
        }
      }
      return false;
    }

    private static Map<String, Boolean> seen(List<Cell> first) {
      Map<String, Boolean> label = new HashMap<>();
      first.forEach(cell -> label.put(cell.order(), cell.failed()));
      return label;
    }

    private static double orderP(List<Cell> first, List<Cell> later, boolean withinWorkers) {
      Map<String, Boolean> failedFirst = seen(first);
      List<Double> p = new ArrayList<>();
      Tables replication = new Tables();
      for (Cell cell : later) {
        replication.add(stratum(cell, withinWorkers), failedFirst.get(cell.order()), cell.failed());
      }
      replication.greater(p);
      Tables arms = new Tables();
      for (Cell cell : first) {
        arms.add(stratum(cell, withinWorkers), cell.isSameOrder(), cell.failed());
      }
      for (Cell cell : later) {
        if (cell.isSameOrder()) {
          arms.add(stratum(cell, withinWorkers), true, cell.failed());
        }
      }
      arms.twoSided(p);
      smallest(later, Cell::order, cell -> stratum(cell, withinWorkers), p);
      return bonferroni(p);
    }

    private static String stratum(Cell cell, boolean withinWorkers) {
      return withinWorkers ? cell.run().worker() : "";
    }

    private void workerP(List<Cell> cells) {
      List<Double> p = new ArrayList<>();
      String byWorker = smallest(cells, cell -> cell.run().worker(), Evidence::orderStratum, p);
      worker = "worker " + byWorker;
      if (!samePartition(cells)) {
        List<Double> hostP = new ArrayList<>();
        String byHost = smallest(cells, cell -> cell.run().host(), Evidence::orderStratum, hostP);
        if (!hostP.isEmpty() && (p.isEmpty() || hostP.get(0) < p.get(0))) {
          worker = "host " + byHost;
        }
        p.addAll(hostP);
      }
      workerP = bonferroni(p);
    }

    private static String orderStratum(Cell cell) {
      return cell.isDrawn() && cell.run().round() == 0 ? cell.run().order().kind() : cell.order();
    }

    private static boolean samePartition(List<Cell> cells) {
      Map<String, String> hostOf = new HashMap<>();
      Map<String, String> workerOf = new HashMap<>();
      for (Cell cell : cells) {
        String host = cell.run().host();
        String worker = cell.run().worker();
        if (!hostOf.computeIfAbsent(worker, w -> host).equals(host)
            || !workerOf.computeIfAbsent(host, h -> worker).equals(worker)) {
          return false;
        }
      }
      return true;
    }

    /**
     * Fisher's test of each group against all others; adds the smallest p times the number of
     * groups that could have had one, and names its group.
     */
    private static String smallest(
        List<Cell> cells,
        Function<Cell, String> group,
        Function<Cell, String> stratum,
        List<Double> p) {
      Set<String> groups = new TreeSet<>();
      cells.forEach(cell -> groups.add(group.apply(cell)));
      String best = "";
      double least = Double.POSITIVE_INFINITY;
      int made = 0;
      for (String one : groups) {
        Tables tables = new Tables();
        for (Cell cell : cells) {
          tables.add(stratum.apply(cell), group.apply(cell).equals(one), cell.failed());
        }
        FisherExact test = tables.test();
        if (test.isInformative()) {
          made++;
          double value = test.twoSided();
          if (value < least) {
            least = value;
            best = one;
          }
        }
      }
      if (made > 0) {
        // Of two groups, one against the other is the other against the one.
        p.add(Math.min(1, least * (groups.size() == 2 ? 1 : made)));
      }
      return best;
    }

    private static double bonferroni(List<Double> p) {
      return p.isEmpty() ? Double.NaN : Math.min(1, Collections.min(p) * p.size());
    }

    private void factors(List<Cell> designed, double level) {
      SortedMap<String, Set<String>> levels = new TreeMap<>();
      for (Cell cell : designed) {
        cell.run()
            .factors()
            .forEach((f, own) -> levels.computeIfAbsent(f, x -> new TreeSet<>()).add(own));
      }
      levels.forEach(
          (factor, names) -> {
            if (names.size() > 1) {
              factor(factor, names, designed, level);
            }
          });
    }

    private void factor(String factor, Set<String> levels, List<Cell> designed, double ciLevel) {
      FactorEffect best = null;
      for (String level : levels) {
        List<Cell> at = new ArrayList<>();
        List<Cell> elsewhere = new ArrayList<>();
        for (Cell cell : designed) {
          String own = cell.run().factors().get(factor);
          if (own != null) {
            (own.equals(level) ? at : elsewhere).add(cell);
          }
        }
        FailureRate a = rate(at);
        FailureRate b = rate(elsewhere);
        double p = FisherExact.twoSided(a.failures(), a.runs(), b.failures(), b.runs());
        p = levels.size() == 2 ? p : Math.min(1, p * levels.size());
        boolean worse = best != null && p == best.pValue() && a.value() > best.at().value();
        if (best == null || p < best.pValue() || worse) {
          best =
              new FactorEffect(
                  test,
                  factor,
                  level,
                  a,
                  b,
                  Newcombe.of(a.failures(), a.runs(), b.failures(), b.runs(), ciLevel),
                  p,
                  Double.NaN);
        }
      }
      effects.add(best);
    }

    private static VerdictKind flapy(List<Cell> cells) {
      if (cells.isEmpty()) {
        return VerdictKind.NOT_RUN;
      }
      if (!varies(cells)) {
        return failures(cells) == 0 ? VerdictKind.STABLE_WITHIN : VerdictKind.ALWAYS_FAILS;
      }
      List<Cell> same = cells.stream().filter(Cell::isSameOrder).toList();
      List<Cell> others = cells.stream().filter(cell -> !cell.isSameOrder()).toList();
      if (variesOnAWorker(same)) {
        return VerdictKind.NOD;
      }
      if (variesOnAWorker(others)) {
        return VerdictKind.OD;
      }
      return varies(same) || varies(others) ? VerdictKind.INFRASTRUCTURE : VerdictKind.UNDECIDED;
    }

    private static boolean variesOnAWorker(List<Cell> cells) {
      Map<String, List<Cell>> workers = new TreeMap<>();
      cells.forEach(
          cell -> workers.computeIfAbsent(cell.run().worker(), w -> new ArrayList<>()).add(cell));
      return workers.values().stream().anyMatch(Evidence::varies);
    }

    Verdict verdict(Settings settings, BetaPrior prior) {
      FactorEffect factor =
          effects.stream()
              .min(Comparator.comparingDouble(FactorEffect::pAdjusted))
              .filter(effect -> effect.pAdjusted() <= settings.fdr())
              .orElse(null);
      boolean byOrder = orderAdjusted <= settings.fdr();
      boolean byWorker = workerAdjusted <= settings.fdr();
      if (confirmed != null) {
        VerdictKind kind =
            confirmed == Dependency.Role.POLLUTER ? VerdictKind.OD_VICTIM : VerdictKind.OD_BRITTLE;
        return made(
            varies ? VerdictKind.NDOD : kind,
            orderP,
            orderAdjusted,
            "a "
                + (confirmed == Dependency.Role.POLLUTER ? "polluter" : "setter")
                + " is confirmed"
                + (varies ? "; under one order and on one worker it passed and failed" : ""),
            settings,
            prior);
      }
      if (byOrder) {
        return made(
            varies ? VerdictKind.NDOD : VerdictKind.OD,
            orderP,
            orderAdjusted,
            "the order changes its rate"
                + (varies
                    ? ", and under one order and on one worker it passed and failed"
                    : ", and under each order and on each worker its outcome was always the same"),
            settings,
            prior);
      }
      if (factor != null) {
        return made(
            VerdictKind.FACTOR,
            factor.pValue(),
            factor.pAdjusted(),
            String.format(
                Locale.ROOT,
                "%s = %s: failed in %d of %d runs, else in %d of %d",
                factor.factor(),
                factor.level(),
                factor.at().failures(),
                factor.at().runs(),
                factor.elsewhere().failures(),
                factor.elsewhere().runs()),
            settings,
            prior);
      }
      if (rate.runs() + experiment.runs() == 0) {
        return made(
            VerdictKind.NOT_RUN,
            Double.NaN,
            Double.NaN,
            apart > 0 ? "it ran in mass failures only" : "it neither passed nor failed in any run",
            settings,
            prior);
      }
      if (!failed) {
        return made(
            VerdictKind.STABLE_WITHIN,
            Double.NaN,
            Double.NaN,
            String.format(
                Locale.ROOT,
                "no failure in %d runs: the rate is below %.4g at level %s",
                rate.runs(),
                rate.interval(settings.stopping(), settings.level()).high(),
                settings.level()),
            settings,
            prior);
      }
      if (!passed) {
        return made(
            VerdictKind.ALWAYS_FAILS,
            Double.NaN,
            Double.NaN,
            "it failed in each of " + rate.runs() + " runs",
            settings,
            prior);
      }
      if (byWorker) {
        return made(
            VerdictKind.INFRASTRUCTURE,
            workerP,
            workerAdjusted,
            "its rate differs most on " + worker + " from that elsewhere",
            settings,
            prior);
      }
      if (varies) {
        return made(
            VerdictKind.NOD,
            Double.NaN,
            Double.NaN,
            "under one order and on one worker it passed and failed; nothing shows that the order, the"
                + " worker or a factor matters",
            settings,
            prior);
      }
      return made(
          VerdictKind.UNDECIDED,
          orderP,
          orderAdjusted,
          "it passed and failed, but never under one order on one worker: run the orders in which it"
              + " failed again",
          settings,
          prior);
    }

    private Verdict made(
        VerdictKind kind,
        double p,
        double adjusted,
        String evidence,
        Settings settings,
        BetaPrior prior) {
      return new Verdict(
          test,
          kind,
          flapy,
          rate.runs(),
          rate.failures(),
          rate.value(),
          rate.interval(settings.stopping(), settings.level()),
          rate.runs() == 0 ? Double.NaN : prior.mean(rate),
          p,
          adjusted,
          rate.rerunsFor95(),
          apart > 0 && kind != VerdictKind.NOT_RUN
              ? evidence + "; failed in " + apart + " runs that are mass failures, not counted"
              : evidence);
    }
  }

  /** A table of group and outcome for each stratum. */
  private static final class Tables {
    private final SortedMap<String, long[]> strata = new TreeMap<>();

    void add(String stratum, boolean inGroup, boolean failed) {
      long[] table = strata.computeIfAbsent(stratum, s -> new long[4]);
      table[inGroup ? 1 : 3]++;
      if (failed) {
        table[inGroup ? 0 : 2]++;
      }
    }

    FisherExact test() {
      FisherExact test = new FisherExact();
      for (long[] table : strata.values()) {
        test.add(table[0], table[1], table[2], table[3]);
      }
      return test;
    }

    void greater(List<Double> p) {
      FisherExact test = test();
      if (test.isInformative()) {
        p.add(test.greater());
      }
    }

    void twoSided(List<Double> p) {
      FisherExact test = test();
      if (test.isInformative()) {
        p.add(test.twoSided());
      }
    }
  }
}
