package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.bootstrap.Companions;
import org.assay.bootstrap.Distribution;
import org.assay.bootstrap.Draws;
import org.assay.bootstrap.IntervalMethod;
import org.assay.bootstrap.Jackknife;
import org.assay.bootstrap.KeyedJackknife;
import org.assay.bootstrap.KeyedResampling;
import org.assay.bootstrap.Poisson;
import org.assay.bootstrap.PoissonDraws;
import org.assay.bootstrap.Replicates;
import org.assay.bootstrap.Replication;
import org.assay.bootstrap.Resampling;
import org.assay.bootstrap.Units;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.inference.DeLong;
import org.assay.inference.RocPlacements;
import org.assay.jobs.engine.BootstrapPlan;
import org.assay.jobs.engine.Items;
import org.assay.jobs.engine.Resampler;
import org.assay.jobs.engine.RowResampler;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Slicing;
import org.assay.metric.Metric;
import org.assay.report.Estimate;
import org.assay.report.Replicate;
import org.assay.report.Tables;

/**
 * {@code bootstrap}: how good models that answer already are, and how sure that is: every metric by
 * slice, with intervals from reweighted copies of the same rows.
 */
@AutoService(Job.class)
public final class Bootstrap implements Job {

  @Override
  public String kind() {
    return "bootstrap";
  }

  @Override
  public Step read(RunConfig.JobConfig job, RunConfig config) {
    Section section = job.section();
    Answering answering = answering(job, config);
    DataConfig data = answering.data();
    List<IntervalRule> intervals = intervals(section, data);
    Settings settings =
        new Settings(
            section,
            JobMetrics.read(job),
            (int) section.integer("replicates", 2000, 2, 1_000_000),
            List.copyOf(intervals),
            section.number("level", 0.95, 0.5, 0.999999),
            section.choice("weights", BootstrapPlan.Weights.class, BootstrapPlan.Weights.AUTO),
            section.choice("cut", BootstrapPlan.Cutting.class, BootstrapPlan.Cutting.AUTO),
            Memory.read(section),
            section.flag("stratify", false),
            (int) section.integer("bins", 10, 2, 1000),
            section.flag("keep-replicates", false));
    section.done();
    return new Bootstrapping(job.name(), data, answering, settings);
  }

  private static Answering answering(RunConfig.JobConfig job, RunConfig config) {
    Section section = job.section();
    if (section.has("from")) {
      List<RunConfig.JobConfig> sources = EarlierJobs.crossValidations(job, config);
      if (sources.size() > 1) {
        throw section.wrong("from", "must be one job; write a bootstrap for each");
      }
      return new Answering.OfFolds(section, new CrossValidate().read(sources.get(0), config));
    }
    List<ModelConfig> models = config.modelsOf(section);
    for (ModelConfig model : models) {
      if (model.isLearned()) {
        throw section.wrong(
            "models",
            "'"
                + model.name()
                + "' has yet to be fitted; bootstrap measures models that answer already, or with from = a cross-validate job's name what that predicted");
      }
    }
    return new Answering.OfModels(config.dataOf(section), models);
  }

  private static List<IntervalRule> intervals(Section section, DataConfig data) {
    List<IntervalRule> rules = new ArrayList<>();
    for (String name : section.has("interval") ? section.strings("interval") : List.of("bca")) {
      try {
        rules.add(IntervalRule.named(name));
      } catch (UserException e) {
        throw section.wrong("interval", e.getMessage());
      }
    }
    if (rules.stream().distinct().count() < rules.size() || rules.isEmpty()) {
      throw section.wrong("interval", "must name at least one method, and each once");
    }
    String unequal =
        data.weight().isPresent()
            ? "data." + data.name() + ".weight gives them weights"
            : data.group().isPresent()
                ? "data." + data.name() + ".group draws whole groups of them"
                : section.flag("stratify", false) ? "stratify draws them within strata" : "";
    for (IntervalRule rule : rules) {
      if (rule.needsPlainRows() && !unequal.isEmpty()) {
        throw section.wrong(
            "interval",
            "the formula of "
                + rule.label()
                + " is for independent rows that all count the same, and "
                + unequal
                + "; take bca");
      }
    }
    return List.copyOf(rules);
  }

  /** The job's own keys. */
  private record Settings(
      Section section,
      JobMetrics metrics,
      int replicates,
      List<IntervalRule> intervals,
      double level,
      BootstrapPlan.Weights weights,
      BootstrapPlan.Cutting cut,
      Memory memory,
      boolean stratify,
      int bins,
      boolean keepReplicates) {}

  private record Bootstrapping(String name, DataConfig data, Answering answering, Settings settings)
      implements Step {

    @Override
    public List<ModelConfig> models() {
      return answering.models();
    }

    private Measurable measurable(List<Answering.Answerer> of) {
      List<Metric<?>> metrics =
          settings
              .metrics()
              .of(
                  of.stream().map(Answering.Answerer::label).toList(),
                  of.stream().map(Answering.Answerer::target).toList());
      for (IntervalRule rule : settings.intervals()) {
        if (metrics.stream().noneMatch(rule::fits)) {
          throw settings
              .section()
              .wrong("interval", rule.label() + " is for " + rule.scope() + "; take bca");
        }
      }
      for (Metric<?> metric : metrics) {
        if (settings.intervals().stream().noneMatch(rule -> rule.fits(metric))) {
          throw settings
              .section()
              .wrong(
                  "interval",
                  "none of these is for "
                      + metric.spec()
                      + "; add one that is, such as bca, or leave the metric to another job");
        }
      }
      return new Measurable(metrics, settings.intervals());
    }

    /** Metrics, and after them what their intervals need to know besides. */
    private static final class Measurable {
      private final List<Metric<?>> metrics;
      private final List<Metric<?>> all;
      private final Integer[] trials;
      private final Integer[] error;

      Measurable(List<Metric<?>> metrics, List<IntervalRule> rules) {
        this.metrics = metrics;
        this.all = new ArrayList<>(metrics);
        boolean counts = rules.stream().anyMatch(IntervalRule.OfProportion.class::isInstance);
        boolean studentizes = rules.stream().anyMatch(IntervalRule.Studentized.class::isInstance);
        this.trials = new Integer[metrics.size()];
        this.error = new Integer[metrics.size()];
        for (int j = 0; j < metrics.size(); j++) {
          trials[j] = counts || studentizes ? added(Companions.trials(metrics.get(j))) : null;
          error[j] = studentizes ? added(Companions.standardError(metrics.get(j))) : null;
        }
      }

      private Integer added(Optional<Metric<?>> companion) {
        companion.ifPresent(all::add);
        return companion.isPresent() ? all.size() - 1 : null;
      }
    }

    private BootstrapPlan.Request request(
        Frame frame, List<Answering.Answerer> of, List<Metric<?>> measured) {
      return new BootstrapPlan.Request(
          frame.rows(),
          of.stream().map(Answering.Answerer::planned).toList(),
          measured,
          frame.slicing().cuts(),
          frame.slicing().size(),
          settings.replicates(),
          data.weight().isPresent(),
          data.group().isPresent(),
          settings.stratify(),
          settings.cut(),
          settings.weights(),
          settings.memory().bytes());
    }

    private BootstrapPlan plan(Frame frame, List<Answering.Answerer> of, List<Metric<?>> measured) {
      BootstrapPlan plan =
          BootstrapPlan.of(request(frame, of, measured), settings.section()::wrong);
      if (plan.cut() == BootstrapPlan.Cutting.ROWS && has(IntervalRule.OfArea.class)) {
        throw settings
            .section()
            .wrong(
                "interval",
                DeLong.NAME
                    + " needs all rows in one place, and they are cut by rows; raise memory, set cut"
                    + " = replicates, or leave it out");
      }
      return plan;
    }

    private boolean has(Class<? extends IntervalRule> kind) {
      return settings.intervals().stream().anyMatch(kind::isInstance);
    }

    @Override
    public List<String> explain(RunContext context) {
      Frame frame = context.frame(data);
      List<Answering.Answerer> all = answering.all(context);
      Measurable measured = measurable(all);
      BootstrapPlan plan = plan(frame, all, measured.all);
      List<String> lines = new ArrayList<>();
      lines.add(
          "bootstrap '"
              + name
              + "' on data."
              + data.name()
              + ": "
              + frame.rows()
              + " rows, "
              + frame.blockCount()
              + (frame.blockCount() == 1 ? " block" : " blocks"));
      lines.add("  slices      " + frame.slicing().describe());
      lines.add(
          "  models      "
              + String.join(", ", all.stream().map(Answering.Answerer::label).toList()));
      lines.add(
          "  design      "
              + settings.replicates()
              + " replicates, "
              + plan.weights().name().toLowerCase(Locale.ROOT)
              + " counts"
              + data.group().map(g -> " of whole groups of equal " + g).orElse(" of rows")
              + (settings.stratify() ? ", within strata of the label" : ""));
      List<String> engine = plan.describe();
      for (int i = 0; i < engine.size(); i++) {
        lines.add((i == 0 ? "  engine      " : "              ") + engine.get(i));
      }
      lines.add(
          "  memory      "
              + settings
                  .memory()
                  .describe(
                      plan.cut() == BootstrapPlan.Cutting.REPLICATES
                          ? request(frame, all, measured.all).gathered()
                          : plan.driverBytes()));
      lines.add(
          "  metrics     "
              + String.join(", ", measured.metrics.stream().map(Metric::spec).toList()));
      lines.add(
          "  intervals   "
              + String.join(
                  ", ",
                  settings.intervals().stream()
                      .map(
                          rule ->
                              measured.metrics.stream().allMatch(rule::fits)
                                  ? rule.label()
                                  : rule.label()
                                      + " (of "
                                      + String.join(
                                          ", ",
                                          measured.metrics.stream()
                                              .filter(rule::fits)
                                              .map(Metric::spec)
                                              .toList())
                                      + ")")
                      .toList()));
      return lines;
    }

    @Override
    public void run(RunContext context) {
      Frame frame = context.frame(data);
      List<Answering.Answerer> all = answering.all(context);
      plan(frame, all, measurable(all).all);
      Map<Answering.Answerer, Items.Answers> answers = answering.answers(context, name);
      List<Answering.Answerer> answered = List.copyOf(answers.keySet());
      if (answered.isEmpty()) {
        return;
      }
      Measurable measured = measurable(answered);
      BootstrapPlan plan = plan(frame, answered, measured.all);
      List<Items.Answers> given = List.copyOf(answers.values());
      Slicing slicing = frame.slicing();
      try (Engine engine =
          plan.cut() == BootstrapPlan.Cutting.ROWS
              ? new ByRows(context, frame, given, measured.all, plan)
              : new ByReplicates(context, frame, given, measured.all, plan)) {
        long[] counts = engine.counts();
        int each = plan.slices();
        for (int from = 0; from < slicing.size(); from += each) {
          int to = Math.min(slicing.size(), from + each);
          String part = each < slicing.size() ? " (slices " + from + " to " + (to - 1) + ")" : "";
          Measured found = engine.measure(part, from, to);
          for (int m = 0; m < answered.size(); m++) {
            for (int s = from; s < to; s++) {
              for (int j = 0; j < measured.metrics.size() && counts[s] > 0; j++) {
                Series series =
                    new Series(
                        answered.get(m),
                        slicing.name(s),
                        measured.metrics.get(j).spec(),
                        counts[s]);
                report(context, series, measured, m, j, s - from, found);
              }
            }
          }
        }
      }
    }

    private boolean needsAcceleration() {
      return settings.intervals().contains(new IntervalRule.OfValues(IntervalMethod.BCA));
    }

    /**
     * What replicates gave.
     *
     * @param point the values of the rows as they are
     * @param values of the replicates
     * @param without the values without each group of the jackknife; null when not asked for
     * @param note what to say of the acceleration; empty when it is exact
     * @param placements of the scores, by slice; null when not asked for
     */
    private record Measured(
        Replicates point,
        Replicates values,
        Replicates without,
        String note,
        RocPlacements[] placements) {}

    /** A cut of the work. */
    private interface Engine extends AutoCloseable {
      /** Number of rows in each slice. */
      long[] counts();

      /** Measures the slices [from, to), renumbered from 0. */
      Measured measure(String part, int from, int to);

      @Override
      void close();
    }

    private final class ByReplicates implements Engine {
      private final RunContext context;
      private final Slicing slicing;
      private final List<Metric<?>> metrics;
      private final Items items;
      private final Resampling draws;
      private final Jackknife jackknife;
      private final RocPlacements[] placements;

      ByReplicates(
          RunContext context,
          Frame frame,
          List<Items.Answers> given,
          List<Metric<?>> metrics,
          BootstrapPlan plan) {
        this.context = context;
        this.slicing = frame.slicing();
        this.metrics = metrics;
        context.context().setJobDescription(name + ": gather the items");
        this.items =
            Items.of(
                context.context(),
                frame,
                context.cells(),
                given,
                slicing,
                settings.stratify() ? frame.strata(settings.bins()) : null);
        Units units = items.units();
        long seed = context.config().seed();
        this.draws =
            plan.weights() == BootstrapPlan.Weights.MULTINOMIAL
                ? new Draws(seed, settings.replicates(), units)
                : new PoissonDraws(seed, settings.replicates(), units);
        this.jackknife = new Jackknife(units);
        this.placements =
            has(IntervalRule.OfArea.class)
                ? new RowEvidence(items, slicing.size()).placements()
                : null;
      }

      @Override
      public long[] counts() {
        return items.counts(slicing.size());
      }

      @Override
      public Measured measure(String part, int from, int to) {
        Replication replication =
            new Replication(
                items.label(),
                items.weight(),
                items.scored(),
                metrics,
                items.cuts(slicing, from, to));
        return new Measured(
            replication.point(),
            run(name + ": replicates" + part, replication, draws),
            needsAcceleration()
                ? run(name + ": " + jackknife.label() + part, replication, jackknife)
                : null,
            jackknife.isExact() ? "" : "acceleration by the " + jackknife.label(),
            placements == null ? null : Arrays.copyOfRange(placements, from, to));
      }

      private Replicates run(String what, Replication replication, Resampling resampling) {
        return Resampler.run(context.context(), what, replication, resampling, context.progress());
      }

      @Override
      public void close() {}
    }

    private final class ByRows implements Engine {
      private final RowResampler rows;
      private final Poisson draws;
      private final KeyedJackknife jackknife = new KeyedJackknife();

      ByRows(
          RunContext context,
          Frame frame,
          List<Items.Answers> given,
          List<Metric<?>> metrics,
          BootstrapPlan plan) {
        this.rows =
            new RowResampler(
                context.context(),
                frame,
                Items.Reader.of(frame, context.cells(), given, frame.slicing(), null),
                metrics,
                plan,
                context.progress());
        this.draws = new Poisson(context.config().seed(), settings.replicates());
      }

      @Override
      public long[] counts() {
        return rows.counts();
      }

      @Override
      public Measured measure(String part, int from, int to) {
        return new Measured(
            rows.run(name + ": the rows" + part, KeyedResampling.ONCE, from, to),
            rows.run(name + ": replicates" + part, draws, from, to),
            needsAcceleration()
                ? rows.run(name + ": " + jackknife.label() + part, jackknife, from, to)
                : null,
            "acceleration by the " + jackknife.label(),
            null);
      }

      @Override
      public void close() {
        rows.close();
      }
    }

    /** One metric of one model in one slice. */
    private record Series(Answering.Answerer of, String slice, String metric, long n) {}

    private void report(
        RunContext context,
        Series series,
        Measurable measured,
        int m,
        int j,
        int s,
        Measured found) {
      Replicates point = found.point();
      Replicates values = found.values();
      double value = point.get(m, j, s, 0);
      double[] replicates = values.of(m, j, s);
      Distribution boot = Distribution.of(value, series.n(), replicates, values.reason(m, j, s));
      Integer trials = measured.trials[j];
      Integer error = measured.error[j];
      IntervalRule.Known known =
          new IntervalRule.Known(
              series.n(),
              value,
              boot,
              () -> Jackknife.acceleration(found.without().of(m, j, s)),
              trials == null ? Double.NaN : point.get(m, trials, s, 0),
              error == null ? Double.NaN : point.get(m, error, s, 0),
              replicates,
              error == null ? null : values.of(m, error, s),
              found.placements() == null ? null : found.placements()[s],
              m);
      for (IntervalRule rule : settings.intervals()) {
        if (!rule.fits(measured.metrics.get(j))) {
          continue;
        }
        IntervalRule.Ends ends = rule.ends(known, settings.level());
        Distribution.Result result = ends.result();
        String note = Double.isNaN(value) ? point.reason(m, j, s) : result.note();
        if (note.isEmpty() && rule.equals(new IntervalRule.OfValues(IntervalMethod.BCA))) {
          note = found.note();
        }
        context.add(
            Tables.ESTIMATES,
            new Estimate(
                name,
                data.name(),
                series.of().model(),
                series.slice(),
                series.metric(),
                series.of().params(),
                "plug-in",
                value,
                ends.standardError(),
                rule.label(),
                settings.level(),
                result.interval().low(),
                result.interval().high(),
                series.n(),
                ends.replicates(),
                note,
                nullable(result.lowError()),
                nullable(result.highError())));
      }
      context.add(
          Tables.ESTIMATES,
          new Estimate(
              name,
              data.name(),
              series.of().model(),
              series.slice(),
              series.metric(),
              series.of().params(),
              "bootstrap-bias",
              boot.bias(),
              boot.standardError() / Math.sqrt(boot.defined()),
              "",
              Double.NaN,
              Double.NaN,
              Double.NaN,
              series.n(),
              boot.defined(),
              Double.isNaN(value) ? point.reason(m, j, s) : ""));
      if (settings.keepReplicates()) {
        IntStream.range(0, replicates.length)
            .forEach(
                r ->
                    context.add(
                        Tables.REPLICATES,
                        new Replicate(
                            name,
                            data.name(),
                            series.of().model(),
                            series.slice(),
                            series.metric(),
                            series.of().params(),
                            r,
                            replicates[r])));
      }
    }

    private static Double nullable(double value) {
      return Double.isNaN(value) ? null : (Double) value;
    }
  }
}
