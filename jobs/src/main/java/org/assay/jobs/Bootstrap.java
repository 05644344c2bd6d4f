package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.bootstrap.Distribution;
import org.assay.bootstrap.Draws;
import org.assay.bootstrap.IntervalMethod;
import org.assay.bootstrap.Jackknife;
import org.assay.bootstrap.PoissonDraws;
import org.assay.bootstrap.Replicates;
import org.assay.bootstrap.Replication;
import org.assay.bootstrap.Resampling;
import org.assay.bootstrap.Units;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.jobs.engine.Items;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.engine.Resampler;
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

  /** How often a replicate draws a row. */
  enum Weights {
    /** Exactly multinomial: as many draws as rows. */
    MULTINOMIAL,
    /** Independent Poisson counts that follow the row's key from one data set to another. */
    POISSON
  }

  @Override
  public String kind() {
    return "bootstrap";
  }

  @Override
  public Step read(RunConfig.JobConfig job, RunConfig config) {
    Section section = job.section();
    DataConfig data = config.dataOf(section);
    List<ModelConfig> models = config.modelsOf(section);
    for (ModelConfig model : models) {
      if (model.isLearned()) {
        throw section.wrong(
            "models",
            "'"
                + model.name()
                + "' has yet to be fitted; bootstrap measures models that answer already");
      }
    }
    List<IntervalMethod> intervals = new ArrayList<>();
    for (String name : section.has("interval") ? section.strings("interval") : List.of("bca")) {
      try {
        intervals.add(IntervalMethod.named(name));
      } catch (UserException e) {
        throw section.wrong("interval", e.getMessage());
      }
    }
    if (intervals.stream().distinct().count() < intervals.size() || intervals.isEmpty()) {
      throw section.wrong("interval", "must name at least one method, and each once");
    }
    Settings settings =
        new Settings(
            JobMetrics.read(job),
            (int) section.integer("replicates", 2000, 2, 1_000_000),
            List.copyOf(intervals),
            section.number("level", 0.95, 0.5, 0.999999),
            section.choice("weights", Weights.class, Weights.MULTINOMIAL),
            section.flag("stratify", false),
            (int) section.integer("bins", 10, 2, 1000),
            section.flag("keep-replicates", false));
    section.done();
    return new Bootstrapping(job.name(), data, models, settings);
  }

  /** The job's own keys. */
  private record Settings(
      JobMetrics metrics,
      int replicates,
      List<IntervalMethod> intervals,
      double level,
      Weights weights,
      boolean stratify,
      int bins,
      boolean keepReplicates) {}

  private record Bootstrapping(
      String name, DataConfig data, List<ModelConfig> models, Settings settings) implements Step {

    /** Numbers that the driver holds of one pass at most: 512 MiB. */
    private static final long NUMBERS = 64L << 20;

    private List<Metric<?>> metrics(Frame frame, List<ModelConfig> of) {
      return settings
          .metrics()
          .of(
              of.stream().map(ModelConfig::name).toList(),
              of.stream().map(m -> ScoredModels.target(frame, m)).toList());
    }

    /** Slices of a pass, so that the driver holds a bounded number of replicates' values. */
    private int slicesOfAPass(Frame frame, int metricCount) {
      long each = (long) settings.replicates() * models.size() * metricCount;
      return (int) Math.max(1, Math.min(frame.slicing().size(), NUMBERS / each));
    }

    private int passes(Frame frame, int metricCount) {
      int slices = slicesOfAPass(frame, metricCount);
      return (frame.slicing().size() + slices - 1) / slices;
    }

    @Override
    public List<String> explain(RunContext context) {
      Frame frame = context.frame(data);
      List<Metric<?>> measured = metrics(frame, models);
      int passes = passes(frame, measured.size());
      return List.of(
          "bootstrap '"
              + name
              + "' on data."
              + data.name()
              + ": "
              + frame.rows()
              + " rows, "
              + frame.blockCount()
              + (frame.blockCount() == 1 ? " block" : " blocks"),
          "  slices      " + frame.slicing().describe(),
          "  models      " + String.join(", ", models.stream().map(ModelConfig::name).toList()),
          "  design      "
              + settings.replicates()
              + " replicates, "
              + settings.weights().name().toLowerCase(java.util.Locale.ROOT)
              + " counts"
              + data.group().map(g -> " of whole groups of equal " + g).orElse(" of rows")
              + (settings.stratify() ? ", within strata of the label" : ""),
          "  engine      score, cut by replicates: items are broadcast, each task measures some replicates over all of them, "
              + passes
              + (passes == 1 ? " pass" : " passes")
              + " for all models, metrics and slices",
          "  metrics     " + String.join(", ", measured.stream().map(Metric::spec).toList()),
          "  intervals   "
              + String.join(
                  ", ", settings.intervals().stream().map(IntervalMethod::label).toList()));
    }

    @Override
    public void run(RunContext context) {
      Frame frame = context.frame(data);
      metrics(frame, models);
      Map<String, Measurement.Member> answers =
          ScoredModels.answers(context, frame, name, data, models);
      List<ModelConfig> answered =
          models.stream().filter(m -> answers.containsKey(m.name())).toList();
      if (answered.isEmpty()) {
        return;
      }
      List<Metric<?>> measured = metrics(frame, answered);
      Slicing slicing = frame.slicing();
      context.context().setJobDescription(name + ": gather the items");
      Items items =
          Items.of(
              context.context(),
              frame,
              context.cells(),
              answered.stream()
                  .map(
                      m ->
                          new Items.Answers(
                              List.of(answers.get(m.name())), ScoredModels.width(frame, m)))
                  .toList(),
              slicing,
              settings.stratify() ? frame.strata(settings.bins()) : null);
      long[] counts = items.counts(slicing.size());
      Units units = items.units();
      Resampling draws =
          settings.weights() == Weights.MULTINOMIAL
              ? new Draws(context.config().seed(), settings.replicates(), units)
              : new PoissonDraws(context.config().seed(), settings.replicates(), units);
      Jackknife jackknife = new Jackknife(units);
      int each = slicesOfAPass(frame, measured.size());
      for (int from = 0; from < slicing.size(); from += each) {
        int to = Math.min(slicing.size(), from + each);
        String part = each < slicing.size() ? " (slices " + from + " to " + (to - 1) + ")" : "";
        Replication replication =
            new Replication(
                items.label(), items.weight(), items.scored(), measured, items.cuts(from, to));
        Replicates values =
            Resampler.run(
                context.context(),
                name + ": replicates" + part,
                replication,
                draws,
                context.progress());
        Replicates without =
            settings.intervals().contains(IntervalMethod.BCA)
                ? Resampler.run(
                    context.context(),
                    name + ": " + jackknife.label() + part,
                    replication,
                    jackknife,
                    context.progress())
                : null;
        Replicates point = replication.point();
        for (int m = 0; m < answered.size(); m++) {
          for (int s = from; s < to; s++) {
            for (int j = 0; j < measured.size() && counts[s] > 0; j++) {
              Series series =
                  new Series(
                      answered.get(m).name(), slicing.name(s), measured.get(j).spec(), counts[s]);
              report(context, series, m, j, s - from, point, values, without, jackknife);
            }
          }
        }
      }
    }

    /** One metric of one model in one slice. */
    private record Series(String model, String slice, String metric, long n) {}

    private void report(
        RunContext context,
        Series series,
        int m,
        int j,
        int s,
        Replicates point,
        Replicates values,
        Replicates without,
        Jackknife jackknife) {
      double value = point.get(m, j, s, 0);
      double[] replicates = values.of(m, j, s);
      Distribution boot = Distribution.of(value, series.n(), replicates, values.reason(m, j, s));
      for (IntervalMethod method : settings.intervals()) {
        Distribution.Result found =
            boot.interval(
                method, settings.level(), () -> Jackknife.acceleration(without.of(m, j, s)));
        String note = Double.isNaN(value) ? point.reason(m, j, s) : found.note();
        if (note.isEmpty() && method == IntervalMethod.BCA && !jackknife.isExact()) {
          note = "acceleration by the " + jackknife.label();
        }
        context.add(
            Tables.ESTIMATES,
            new Estimate(
                name,
                data.name(),
                series.model(),
                series.slice(),
                series.metric(),
                "",
                "plug-in",
                value,
                boot.standardError(),
                method.label(),
                settings.level(),
                found.interval().low(),
                found.interval().high(),
                series.n(),
                boot.defined(),
                note,
                nullable(found.lowError()),
                nullable(found.highError())));
      }
      context.add(
          Tables.ESTIMATES,
          new Estimate(
              name,
              data.name(),
              series.model(),
              series.slice(),
              series.metric(),
              "",
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
                            series.model(),
                            series.slice(),
                            series.metric(),
                            "",
                            r,
                            replicates[r])));
      }
    }

    private static Double nullable(double value) {
      return Double.isNaN(value) ? null : (Double) value;
    }
  }
}
