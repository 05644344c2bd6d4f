package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.flaky.Sprt;
import org.assay.jobs.runner.OrderRuns;
import org.assay.jobs.runner.PastBuilds;
import org.assay.jobs.runner.Project;
import org.assay.jobs.runner.Subject;
import org.assay.jobs.runner.Subjects;
import org.assay.order.OrderKind;
import org.assay.order.OrderPlan;
import org.assay.order.Shuffle;

/**
 * {@code flaky}: which tests of a suite cannot be trusted, and why, by running them again and again
 * in one order and in others.
 */
@AutoService(Job.class)
public final class Flaky implements Job {

  /**
   * What is asked.
   *
   * @param sameOrder how often the suite's own order is run
   * @param mostSameOrder how often at most, while a test is undecided; as often as that when
   *     nothing is decided
   * @param rule which decides; null when nothing is decided
   * @param plans other orders
   * @param factors levels of what is varied of the environment, by name; none without an experiment
   * @param factorRuns runs of the experiment
   * @param confirm how often each suspicion is tried
   * @param suspects most tests tried one by one for each test that depends on the order
   * @param cleaners most tests tried for cleaning up after a polluter
   * @param level of intervals
   * @param fdr the share of false causes among all causes named that is accepted
   * @param minutes after which nothing new is begun
   * @param runs most runs of orders, of all phases together
   */
  record Settings(
      int sameOrder,
      int mostSameOrder,
      Sprt rule,
      List<OrderPlan> plans,
      SortedMap<String, List<String>> factors,
      int factorRuns,
      int confirm,
      int suspects,
      int cleaners,
      double level,
      double fdr,
      double minutes,
      int runs) {}

  @Override
  public String kind() {
    return "flaky";
  }

  @Override
  public Step read(RunConfig.JobConfig job, RunConfig config) {
    Section section = job.section();
    for (String key : List.of("data", "models", "metrics")) {
      section.refuse(key, "means nothing to a test suite; name a subject");
    }
    Subject subject = Subjects.read(Subjects.of(section, config));
    double level = section.number("level", 0.95, 0.5, 0.999999);
    double fdr = section.number("fdr", 0.05, 1e-6, 0.5);
    if (subject instanceof PastBuilds builds) {
      for (String key :
          List.of(
              "same-order",
              "sequential",
              "orders",
              "factors",
              "factor-runs",
              "confirm",
              "suspects",
              "cleaners",
              "minutes",
              "runs")) {
        section.refuse(key, "is for suites that are run; past builds are read");
      }
      section.done();
      return new FlakyHistory(job.name(), builds, level, fdr);
    }
    Project project = (Project) subject;
    List<OrderPlan> plans = new ArrayList<>();
    List<Section> given =
        section.has("orders") && !section.isSection("orders")
            ? section.sections("orders")
            : List.of(section.sectionOrEmpty("orders"));
    for (Section orders : given) {
      OrderPlan plan = plan(orders, config.seed());
      if (plans.stream().anyMatch(p -> p.kind() == plan.kind() && p.shuffle() == plan.shuffle())) {
        throw section.wrong(
            "orders",
            "names " + plan.kind().label() + " twice; name it once, with more budget-runs");
      }
      plans.add(plan);
    }
    int sameOrder = (int) section.integer("same-order", 10, 1, 100_000);
    Section sequential = section.sectionOrEmpty("sequential");
    boolean isSequential = section.has("sequential");
    int most =
        isSequential ? (int) sequential.integer("most", 1_000, sameOrder, 100_000) : sameOrder;
    Sprt rule = isSequential ? rule(sequential) : null;
    Settings settings =
        new Settings(
            sameOrder,
            most,
            rule,
            plans,
            factors(section.sectionOrEmpty("factors")),
            (int) section.integer("factor-runs", 24, 4, 100_000),
            (int) section.integer("confirm", 5, 2, 1_000),
            (int) section.integer("suspects", 10, 1, 100_000),
            (int) section.integer("cleaners", 10, 0, 100_000),
            level,
            fdr,
            section.number("minutes", 60, 0.1, 100_000),
            (int) section.integer("runs", 10_000, 1, 1_000_000));
    section.done();
    return new FlakySearch(job.name(), config.seed(), project, settings);
  }

  private static Sprt rule(Section section) {
    double low = section.number("low", 0.001, 1e-6, 0.5);
    double high = section.number("high", 0.01, 1e-6, 0.999);
    if (high <= low) {
      throw section.wrong("high", "must be above low, which is " + low);
    }
    Sprt rule =
        new Sprt(
            low,
            high,
            section.number("alpha", 0.05, 1e-6, 0.499),
            section.number("beta", 0.05, 1e-6, 0.499));
    section.done();
    return rule;
  }

  /** Each key is a factor; each value a list of its levels. */
  private static SortedMap<String, List<String>> factors(Section section) {
    SortedMap<String, List<String>> factors = new TreeMap<>();
    for (String name : section.values().keySet()) {
      List<String> levels = section.strings(name);
      if (levels.size() < 2 || levels.stream().distinct().count() < levels.size()) {
        throw section.wrong(name, "must be a list of two or more levels, all different");
      }
      Optional<String> rule = OrderRuns.wrongLevels(name, levels);
      if (rule.isPresent()) {
        throw section.wrong(name, rule.get());
      }
      factors.put(name, levels);
    }
    section.done();
    return factors;
  }

  private static OrderPlan plan(Section orders, long seed) {
    OrderKind kind =
        named(orders, "kind", OrderKind.labels(), OrderKind::named, OrderKind.PAIR_COVER);
    if (kind == OrderKind.SAME_ORDER) {
      throw orders.wrong("kind", "is what the key same-order of the job counts; set that");
    }
    boolean isShuffled = kind == OrderKind.RANDOM || kind == OrderKind.PAIR_COVER;
    if (!isShuffled) {
      orders.refuse("shuffle", "is for random and pair-cover orders; leave it out");
    }
    Shuffle shuffle =
        named(orders, "shuffle", Shuffle.labels(), Shuffle::named, Shuffle.CLASS_AND_METHOD);
    int runs = (int) orders.integer("budget-runs", isShuffled ? 100 : 10, 1, 100_000);
    orders.done();
    return new OrderPlan(kind, shuffle, runs, isShuffled ? seed : 0);
  }

  private static <T> T named(
      Section section, String key, List<String> known, Function<String, T> reader, T otherwise) {
    if (!section.has(key)) {
      return otherwise;
    }
    try {
      return reader.apply(section.string(key));
    } catch (UserException e) {
      throw section.wrong(key, "must be one of " + String.join(", ", known));
    }
  }
}
