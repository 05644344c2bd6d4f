package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.Section;
import org.assay.design.Plan;
import org.assay.design.Population;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.Engine;
import org.assay.jobs.engine.Engines;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.frame.Columns;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Relabelling;
import org.assay.jobs.frame.Slicing;
import org.assay.jobs.frame.Strata;
import org.assay.metric.Metric;
import org.assay.metric.Value;
import org.assay.permutation.GivenStatistics;
import org.assay.report.Failure;
import org.assay.report.Replicate;
import org.assay.report.Tables;

/**
 * Whether learners find anything in the features: the mean of every metric over the splits of a
 * plan, against the same with the labels of all rows exchanged among them and the models fitted
 * anew. Everything that looks at labels is done anew for each permutation, stratified splits
 * included, so that the observed mean is one of exchangeable ones if features and labels are
 * independent, and p is exact whatever the learner does. Weights, groups and times stay with the
 * features.
 *
 * <p>Fits of all permutations, splits and settings share passes where the engine allows. They are
 * carried out in rounds of as many permutations as make {@value #PREDICTIONS} predictions; results
 * do not depend on the rounds.
 *
 * <p>Source: M. Ojala and G. C. Garriga, "Permutation tests for studying classifier performance",
 * Journal of Machine Learning Research 11 (2010), test 1.
 */
record LearnerTest(
    String name,
    DataConfig data,
    List<ModelConfig> models,
    JobMetrics metrics,
    Fitting fitting,
    PermutationTest.Settings settings)
    implements Job.Step {

  /** Predictions of a round. */
  private static final long PREDICTIONS = 20_000_000;

  /** Bytes of a row on the driver and in tasks: its label, its place, its donor, its stratum. */
  private static final long ROW = 24;

  /** Whether the values under each permutation go into the report. */
  enum Keep {
    NONE,
    REPLICATES
  }

  /**
   * How models are fitted.
   *
   * @param bins strata of a regression
   */
  record Fitting(Plan plan, int bins, Engines.Options engines, Keep keep) {

    /** Reads the keys that a plan brings with it. */
    static Fitting read(Section section, DataConfig data, Memory memory) {
      Plan plan = CrossValidate.plan(section, data);
      String instead = "; use k-fold, shuffle-split or another flat plan";
      if (plan.inner().isPresent()) {
        throw section.section("plan").wrong("kind", "is not for permutation tests" + instead);
      }
      if (plan.isByJackknife()) {
        throw section.section("plan").wrong("by", "is not for permutation tests" + instead);
      }
      if (plan.isBootstrap()) {
        throw section.section("plan").wrong("kind", "is not for permutation tests" + instead);
      }
      if (!plan.trainSizes().isEmpty()) {
        throw section.section("plan").wrong("train-sizes", "is for cross-validate; remove it");
      }
      return new Fitting(
          plan,
          CrossValidate.bins(section),
          CrossValidate.engines(section, memory),
          section.flag("keep-replicates", false) ? Keep.REPLICATES : Keep.NONE);
    }
  }

  @Override
  public Columns columns() {
    return new Columns(Map.of(), Map.of(), settings.keys());
  }

  /**
   * What is settled before anything is fitted.
   *
   * @param observed the plan's design over the rows as they are
   */
  private record Prepared(
      Frame frame,
      Strata strata,
      Placement observed,
      List<Series> series,
      List<Metric<?>> metrics,
      Engines engines) {
    int replicates() {
      return observed.design().replicates();
    }

    int hypotheses() {
      return series.size() * metrics.size();
    }
  }

  private Prepared prepare(RunContext context) {
    Frame frame = context.frame(data);
    settings.memory().check(data, frame.rows(), 1, ROW * frame.rows());
    Strata strata = frame.strata(fitting.bins());
    Plan plan = fitting.plan();
    context.context().setJobDescription(name + ": count rows for " + plan.label());
    Placement observed =
        bind(context, frame.population(plan.needs(), strata).named(strata.names()), strata, null);
    List<Series> series = Series.of(models, frame.schema(), data, plan);
    List<Metric<?>> measured =
        metrics.of(
            series.stream().map(s -> s.model().name()).toList(),
            series.stream().map(Series::target).toList());
    Engines engines = new Engines(context.spark(), frame, context::cells, fitting.engines());
    engines.check(models);
    return new Prepared(frame, strata, observed, series, measured, engines);
  }

  private Placement bind(
      RunContext context, Population population, Strata strata, Relabelling relabelling) {
    try {
      return new Placement(
          fitting.plan().bind(population, context.config().seed()),
          fitting.plan().needs(),
          strata,
          relabelling);
    } catch (UserException e) {
      throw e.at("job '" + name + "', plan, data." + data.name());
    }
  }

  @Override
  public List<String> explain(RunContext context) {
    Prepared all = prepare(context);
    long replicates = settings.question().replicates();
    List<String> lines = new ArrayList<>();
    lines.add(
        "permutation-test '"
            + name
            + "' on data."
            + data.name()
            + ": "
            + all.frame().rows()
            + " rows");
    lines.add(
        "  models      " + String.join(", ", all.series().stream().map(Series::label).toList()));
    lines.add(
        "  plan        "
            + fitting.plan().label()
            + ": "
            + all.replicates()
            + " replicates, of the labels as they are and of each permutation");
    lines.add(
        "  test        label-permutation, "
            + (settings.side().isEmpty() ? "two-sided" : settings.side())
            + "; smallest p "
            + 1.0 / (replicates + 1));
    lines.add("  design      " + settings.describe(2));
    for (ModelConfig model : models) {
      lines.add(
          "  engine      "
              + model.name()
              + ": "
              + all.engines().describe(model, List.of(all.observed())));
    }
    lines.add("  fits        " + (replicates + 1) * all.replicates() * all.series().size());
    lines.add("  rounds      " + (replicates + each(all)) / each(all));
    lines.add(
        "  metrics     " + String.join(", ", all.metrics().stream().map(Metric::spec).toList()));
    lines.add("  p-values    " + all.hypotheses() + ", adjusted by " + settings.adjustment());
    return lines;
  }

  /** Permutations of a round. */
  private static long each(Prepared all) {
    long cells = (long) all.replicates() * all.series().size();
    return Math.max(1, PREDICTIONS / Math.max(1, all.frame().rows()) / cells);
  }

  @Override
  public void run(RunContext context) {
    Prepared all = prepare(context);
    int replicates = Math.toIntExact(settings.question().replicates());
    Found found = new Found(all, replicates);
    Relabelling first = relabelling(context, all.frame());
    long each = each(all);
    for (long from = 0; from <= replicates; from += each) {
      long to = Math.min(replicates + 1L, from + each);
      round(context, all, placements(context, all, first, from, to), (int) from, found);
    }
    context.context().setJobDescription(null);
    found.failures(context, this);
    if (fitting.keep() == Keep.REPLICATES) {
      keep(context, all, found);
    }
    Hypotheses hypotheses = new Hypotheses(name, settings);
    double[] observed = new double[all.hypotheses()];
    double[][] values = new double[all.hypotheses()][];
    for (int k = 0; k < observed.length; k++) {
      int sign = sign(all, k);
      observed[k] = sign * found.mean[k][0];
      values[k] =
          Arrays.stream(found.mean[k], 1, replicates + 1).map(mean -> sign * mean).toArray();
    }
    hypotheses.add(new GivenStatistics(observed, values), observed.length, hypotheses(all, found));
    hypotheses.report(context);
  }

  private void keep(RunContext context, Prepared all, Found found) {
    for (int k = 0; k < all.hypotheses(); k++) {
      Series series = all.series().get(k / all.metrics().size());
      for (int b = 1; b < found.mean[k].length; b++) {
        context.add(
            Tables.REPLICATES,
            new Replicate(
                name,
                data.name(),
                series.model().name(),
                "",
                all.metrics().get(k % all.metrics().size()).spec(),
                series.params(),
                b - 1,
                found.mean[k][b]));
      }
    }
  }

  private static int sign(Prepared all, int k) {
    Metric<?> metric = all.metrics().get(k % all.metrics().size());
    return metric.direction() == Metric.Direction.LOWER_IS_BETTER ? -1 : 1;
  }

  /** Exchanges labels as asked; of the permutation 0. */
  private Relabelling relabelling(RunContext context, Frame frame) {
    context.context().setJobDescription(name + ": gather the labels");
    double[] labels = frame.labels();
    org.assay.permutation.Strata strata =
        settings.within().isEmpty()
            ? org.assay.permutation.Strata.one(labels.length)
            : new LabelTest.SliceRows(0, null, labels.length).strata(frame.keys(settings.within()));
    return Relabellings.first(frame, context.config().seed(), settings.within(), strata, labels);
  }

  /** The plan over the labels as they are (0) and under permutations, [from, to). */
  private List<Placement> placements(
      RunContext context, Prepared all, Relabelling first, long from, long to) {
    context.context().setJobDescription(name + ": count rows under exchanged labels");
    return new Relabellings(
            all.frame(),
            all.observed(),
            first,
            (population, relabelling) -> bind(context, population, all.strata(), relabelling))
        .placements(from, to);
  }

  /** What the fits of all permutations so far say. */
  private static final class Found {
    private final Prepared all;

    /** By hypothesis and permutation, 0 for the labels as they are; NaN where undefined. */
    private final double[][] mean;

    /** By hypothesis: why the observed one is undefined; empty where it is not. */
    private final String[] reason;

    private final long[] n;
    private final long[] failed;
    private final String[] why;

    Found(Prepared all, int replicates) {
      this.all = all;
      mean = new double[all.hypotheses()][replicates + 1];
      for (double[] each : mean) {
        Arrays.fill(each, Double.NaN);
      }
      reason = new String[mean.length];
      Arrays.fill(reason, "some fits failed");
      n = new long[all.series().size()];
      failed = new long[n.length];
      why = new String[n.length];
    }

    /** Takes a metric's values on the splits of a permutation. */
    void take(int hypothesis, int permutation, List<Value> splits) {
      double sum = 0;
      String missing = "";
      for (Value split : splits) {
        sum += split.value();
        missing = missing.isEmpty() && !split.isDefined() ? split.reason() : missing;
      }
      mean[hypothesis][permutation] = sum / splits.size();
      if (permutation == 0) {
        reason[hypothesis] = missing;
      }
    }

    void failures(RunContext context, LearnerTest test) {
      for (Series series : all.series()) {
        int s = series.number();
        if (failed[s] > 0) {
          context.add(
              Tables.FAILURES,
              new Failure(
                  test.name(),
                  test.data().name(),
                  series.model().name(),
                  series.label() + ", " + failed[s] + " fits",
                  "fit",
                  why[s]));
        }
      }
    }
  }

  private void round(
      RunContext context, Prepared all, List<Placement> placements, int from, Found found) {
    List<Cell> cells = new ArrayList<>();
    for (Series series : all.series()) {
      for (Placement placement : placements) {
        for (int r = 0; r < all.replicates(); r++) {
          cells.add(
              new Cell(
                  all.frame().identity(),
                  series.model(),
                  series.setting(),
                  placement,
                  r,
                  Cell.Predicts.TESTED,
                  context.config().seed()));
        }
      }
    }
    List<Engine.Outcome> outcomes = all.engines().run(name, cells, context.progress());
    int folds = all.replicates();
    List<Measurement.Member> members = new ArrayList<>();
    List<Integer> wholes = new ArrayList<>(); // a series under a permutation, all of whose fits are
    for (int first = 0; first < cells.size(); first += folds) {
      int whole = first / folds;
      int s = whole / placements.size();
      boolean isObserved = from == 0 && whole % placements.size() == 0;
      List<Engine.Outcome> own = outcomes.subList(first, first + folds);
      for (Engine.Outcome outcome : own) {
        if (outcome.place().isEmpty()) {
          found.failed[s]++;
          found.why[s] = found.why[s] == null ? outcome.reason() : found.why[s];
        }
      }
      if (own.stream().allMatch(outcome -> outcome.place().isPresent())) {
        wholes.add(whole);
        for (Engine.Outcome outcome : own) {
          members.add(
              new Measurement.Member(
                  all.series().get(s).target(),
                  outcome.place().orElseThrow(),
                  null,
                  -1,
                  isObserved ? s : -1,
                  outcome.cell().placement().relabelling()));
        }
      }
    }
    if (members.isEmpty()) {
      return;
    }
    context.context().setJobDescription(name + ": measure " + members.size() + " fits");
    Measurement.Results results =
        Measurement.of(
            context.context(),
            all.frame(),
            context.cells(),
            members,
            all.metrics(),
            Slicing.all(all.frame().rows()));
    results.series().forEach(result -> found.n[result.member()] = result.n());
    Value empty = Value.undefined("a split holds out no row");
    List<List<Value>> values = new ArrayList<>();
    members.forEach(member -> values.add(List.of()));
    results.members().forEach(result -> values.set(result.member(), result.values()));
    for (int w = 0; w < wholes.size(); w++) {
      int s = wholes.get(w) / placements.size();
      int permutation = from + wholes.get(w) % placements.size();
      List<List<Value>> own = values.subList(w * folds, (w + 1) * folds);
      for (int m = 0; m < all.metrics().size(); m++) {
        int metric = m;
        found.take(
            s * all.metrics().size() + m,
            permutation,
            own.stream().map(v -> v.isEmpty() ? empty : v.get(metric)).toList());
      }
    }
  }

  private List<Hypotheses.Hypothesis> hypotheses(Prepared all, Found found) {
    String note =
        String.join(
            "; ",
            Stream.of(
                    "fitted anew under each permutation, " + fitting.plan().label(),
                    settings.heed(data))
                .filter(text -> !text.isEmpty())
                .toList());
    List<Hypotheses.Hypothesis> hypotheses = new ArrayList<>();
    for (Series series : all.series()) {
      for (Metric<?> metric : all.metrics()) {
        int k = hypotheses.size();
        hypotheses.add(
            new Hypotheses.Hypothesis(
                new Findings.About(data.name(), series.label(), "", "", metric.spec()),
                found.mean[k][0],
                sign(all, k),
                found.n[series.number()],
                Double.isNaN(found.mean[k][0]) ? found.reason[k] : note));
      }
    }
    return hypotheses;
  }
}
