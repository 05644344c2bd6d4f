package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.assay.Task;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.design.Design;
import org.assay.design.Nested;
import org.assay.design.Plan;
import org.assay.design.Population;
import org.assay.inference.CorrectedT;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.CellFiles;
import org.assay.jobs.engine.ClusterEngine;
import org.assay.jobs.engine.FoldTally;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.frame.Slicing;
import org.assay.jobs.frame.Strata;
import org.assay.jobs.model.Learner;
import org.assay.jobs.model.Learners;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;
import org.assay.metric.Target;
import org.assay.metric.Value;
import org.assay.report.Estimate;
import org.assay.report.Failure;
import org.assay.report.Fold;
import org.assay.report.Score;
import org.assay.report.Selection;
import org.assay.report.Tables;

/**
 * {@code cross-validate}: fits every model in every replicate of a plan and measures it on the rows
 * held out.
 *
 * <p>With a nested plan each outer replicate first chooses a setting from the model's grid by the
 * inner plan, on the outer training rows alone; otherwise every setting of a grid is reported on
 * its own.
 */
@AutoService(Job.class)
public final class CrossValidate implements Job {

  /** Which predictions are kept in the report. */
  enum Keep {
    ALL,
    FIRST_REPEAT,
    NONE
  }

  /** How a nested plan chooses among settings. */
  enum Select {
    /** The best inner mean; of several, the first listed. */
    BEST,
    /**
     * The first listed, which the user lists as the simplest, whose inner mean is within one
     * standard error of the best. Source: Breiman, Friedman, Olshen and Stone, "Classification and
     * Regression Trees", 1984, section 3.4.3.
     */
    ONE_STANDARD_ERROR
  }

  @Override
  public String kind() {
    return "cross-validate";
  }

  @Override
  public Step read(RunConfig.JobConfig job, RunConfig config) {
    Section section = job.section();
    DataConfig data = config.dataOf(section);
    List<ModelConfig> models = config.modelsOf(section);
    for (ModelConfig model : models) {
      if (!model.isLearned()) {
        throw section.wrong(
            "models",
            "'"
                + model.name()
                + "' is fitted already and cannot be cross-validated; use job = evaluate for it");
      }
      if (model.kind() == ModelConfig.Kind.ESTIMATOR) {
        Learner learner = Learners.named("models." + model.name() + ".estimator", model.target());
        model.settings().forEach(s -> learner.check("models." + model.name() + ".params", s));
      }
    }
    Plan plan = Plan.read(section.section("plan"), data.group().isPresent());
    if (plan.needs().folds() && data.fold().isEmpty()) {
      throw section.wrong("plan", "predefined folds need data." + data.name() + ".fold = COLUMN");
    }
    if (plan.needs().times() && data.time().isEmpty()) {
      throw section.wrong("plan", "a time series needs data." + data.name() + ".time = COLUMN");
    }
    JobMetrics metrics = JobMetrics.read(job);
    Keep keep = section.choice("keep", Keep.class, Keep.ALL);
    Select select = section.choice("select", Select.class, Select.BEST);
    String by = section.string("select-by", "");
    if (plan.inner().isEmpty() && (section.has("select") || section.has("select-by"))) {
      throw section.wrong(
          section.has("select") ? "select" : "select-by",
          "chooses among settings in a nested plan, and this plan is not nested; remove this key, or use plan { kind = nested, outer {...}, inner {...} }");
    }
    Settings settings =
        new Settings(
            plan,
            metrics,
            keep,
            select,
            by.isEmpty() ? null : Metrics.named(by),
            (int) section.integer("bins", 10L, 2, 1000),
            section.number("level", 0.95, 0.5, 0.999999),
            (int) section.integer("fits-at-once", 0L, 1, 1024));
    section.done();
    return new CrossValidation(job.name(), data, models, settings);
  }

  /** The job's own keys. {@code fitsAtOnce} 0 means by the cluster's size. */
  private record Settings(
      Plan plan,
      JobMetrics metrics,
      Keep keep,
      Select select,
      Metric<?> by,
      int bins,
      double level,
      int fitsAtOnce) {}

  /**
   * One line of the results: a model with one setting, or a model whose setting is chosen in each
   * replicate.
   */
  private record Series(
      ModelConfig model, String params, Target target, Map<String, Object> setting) {}

  private record CrossValidation(
      String name, DataConfig data, List<ModelConfig> models, Settings settings) implements Step {

    private Placement bind(RunContext context, Frame frame) {
      Strata strata = frame.strata(settings.bins());
      Plan plan = settings.plan();
      context.context().setJobDescription(name + ": count rows for " + plan.label());
      Population population = frame.population(plan.needs(), strata).named(strata.names());
      try {
        return new Placement(plan.bind(population, context.config().seed()), plan.needs(), strata);
      } catch (UserException e) {
        throw e.at("job '" + name + "', plan, data." + data.name());
      }
    }

    private List<Series> series(Frame frame) {
      Schema schema = frame.schema();
      List<Series> series = new ArrayList<>();
      for (ModelConfig model : models) {
        Target.Scores scores =
            schema.task().isClassification() ? Target.Scores.PROBABILITY : Target.Scores.NONE;
        if (model.kind() == ModelConfig.Kind.ESTIMATOR) {
          Learner learner = Learners.named("models." + model.name() + ".estimator", model.target());
          String refusal = learner.refusal(schema.task());
          if (refusal != null) {
            throw UserException.usage(
                "models."
                    + model.name()
                    + ".estimator = "
                    + model.target()
                    + ": "
                    + refusal
                    + ", and the label '"
                    + schema.data().label().orElse("")
                    + "' of data."
                    + data.name()
                    + " is "
                    + describe(schema)
                    + "; use another estimator, or check data."
                    + data.name()
                    + ".task");
          }
          Preparation.check(schema, Preparation.Options.of(data, model));
          scores = learner.scores(schema.task(), model.params());
        }
        Target target = new Target(schema.task(), schema.classCount(), scores);
        if (settings.plan().inner().isPresent() && model.settings().size() > 1) {
          series.add(new Series(model, "", target, null));
        } else {
          model.settings().forEach(s -> series.add(new Series(model, Cell.text(s), target, s)));
        }
      }
      return series;
    }

    private static String describe(Schema schema) {
      return schema.task() == Task.REGRESSION
          ? "a number"
          : "one of " + schema.classCount() + " classes";
    }

    private List<Metric<?>> metrics(List<Series> series) {
      return settings
          .metrics()
          .of(
              series.stream().map(s -> s.model().name()).toList(),
              series.stream().map(Series::target).toList());
    }

    @Override
    public List<String> explain(RunContext context) {
      Frame frame = context.frame(data);
      Placement placement = bind(context, frame);
      List<Series> series = series(frame);
      List<Metric<?>> metrics = metrics(series);
      int replicates = placement.design().replicates();
      long inner = 0;
      if (settings.plan().inner().isPresent()) {
        Design first = inner(context, frame, placement).get(0).design();
        for (Series s : series) {
          inner +=
              s.setting() == null
                  ? (long) s.model().settings().size() * first.replicates() * replicates
                  : 0;
        }
      }
      long fits = (long) series.size() * replicates + inner;
      FoldTally tally = FoldTally.of(frame, placement, 0);
      long tested = 0;
      long kept = 0;
      for (int r = 0; r < replicates; r++) {
        tested += tally.rows(r, 1);
        if (settings.keep() == Keep.ALL
            || settings.keep() == Keep.FIRST_REPEAT && placement.design().split(r).repeat() == 0) {
          kept += tally.rows(r, 1);
        }
      }
      return List.of(
          "cross-validate '"
              + name
              + "' on data."
              + data.name()
              + ": "
              + frame.rows()
              + " rows, "
              + frame.schema().features().size()
              + " features, label "
              + describe(frame.schema())
              + ", "
              + frame.blockCount()
              + (frame.blockCount() == 1 ? " block" : " blocks"),
          "  plan        "
              + settings.plan().label()
              + ": "
              + replicates
              + " replicates, design "
              + placement.design().fingerprint(),
          "  slices      " + frame.slicing().describe(),
          "  models      "
              + String.join(
                  ", ",
                  series.stream()
                      .map(
                          s ->
                              s.model().name()
                                  + (s.params().isEmpty() ? "" : " (" + s.params() + ")"))
                      .toList()),
          "  engine      cluster: each fit is its own Spark jobs over the blocks; "
              + fitsAtOnce(context, frame)
              + " at once",
          "  fits        " + fits + (inner > 0 ? " (" + inner + " of them inner)" : ""),
          "  passes      1 over the blocks for all predictions ("
              + series.size() * tested
              + " rows), besides those of the fits",
          "  metrics     " + String.join(", ", metrics.stream().map(Metric::spec).toList()),
          "  predictions " + series.size() * kept + " rows kept");
    }

    private int fitsAtOnce(RunContext context, Frame frame) {
      return settings.fitsAtOnce() > 0
          ? settings.fitsAtOnce()
          : ClusterEngine.fitsAtOnce(context.spark(), frame);
    }

    /** The inner designs over the frame, one per outer replicate. */
    private List<Placement> inner(RunContext context, Frame frame, Placement outer) {
      Plan plan = settings.plan().inner().orElseThrow();
      int replicates = outer.design().replicates();
      context
          .context()
          .setJobDescription(name + ": count the training rows of each outer replicate");
      List<Population.Census[]> census = // a small summary per block and outer replicate
          frame
              .blocks()
              .map(
                  block -> {
                    Population.Census[] each = new Population.Census[replicates];
                    for (int r = 0; r < replicates; r++) {
                      each[r] =
                          Population.census(
                              Nested.training(
                                  outer.design(), r, block.rows(outer.needs(), outer.strata())));
                    }
                    return each;
                  })
              .collect();
      return IntStream.range(0, replicates)
          .mapToObj(
              r -> {
                Population population =
                    Population.of(census.stream().map(c -> c[r]).toList())
                        .named(outer.strata().names());
                return new Placement(
                    Nested.bind(plan, outer.design(), r, population, context.config().seed()),
                    outer.needs(),
                    outer.strata());
              })
          .toList();
    }

    @Override
    public void run(RunContext context) {
      JavaSparkContext spark = context.context();
      Frame frame = context.frame(data);
      Placement placement = bind(context, frame);
      Design design = placement.design();
      int replicates = design.replicates();
      List<Series> series = series(frame);
      List<Metric<?>> metrics = metrics(series);
      CellFiles files = context.cells();
      ClusterEngine engine =
          new ClusterEngine(context.spark(), frame, files, fitsAtOnce(context, frame));
      Map<String, Map<String, Object>> chosen =
          choose(context, frame, placement, series, metrics, engine);

      List<Cell> cells = new ArrayList<>();
      List<int[]> places = new ArrayList<>();
      for (int s = 0; s < series.size(); s++) {
        for (int r = 0; r < replicates; r++) {
          Map<String, Object> setting =
              series.get(s).setting() != null ? series.get(s).setting() : chosen.get(s + "/" + r);
          if (setting != null) {
            cells.add(
                new Cell(
                    frame.identity(),
                    series.get(s).model(),
                    setting,
                    placement,
                    r,
                    context.config().seed()));
            places.add(new int[] {s, r});
          }
        }
      }
      List<ClusterEngine.Outcome> outcomes = engine.run(name, cells, context.progress());
      List<Measurement.Member> members = new ArrayList<>();
      List<int[]> memberPlaces = new ArrayList<>();
      List<CellFiles.Done> done = new ArrayList<>();
      List<PredictionsTable.Source> kept = new ArrayList<>();
      int repeats = 1;
      for (int r = 0; r < replicates; r++) {
        repeats = Math.max(repeats, design.split(r).repeat() + 1);
      }
      long[] unseen = new long[replicates];
      for (int c = 0; c < cells.size(); c++) {
        ClusterEngine.Outcome outcome = outcomes.get(c);
        Cell cell = cells.get(c);
        int s = places.get(c)[0];
        int r = places.get(c)[1];
        if (outcome.done().isEmpty()) {
          context.add(
              Tables.FAILURES,
              new Failure(
                  name, data.name(), cell.model().name(), cell.label(), "fit", outcome.reason()));
          continue;
        }
        Design.Split split = design.split(r);
        Measurement.Member member =
            new Measurement.Member(
                series.get(s).target(), cell.id(), null, s * repeats + split.repeat());
        unseen[r] = Math.max(unseen[r], outcome.done().get().unseen());
        members.add(member);
        memberPlaces.add(new int[] {s, r});
        done.add(outcome.done().get());
        if (settings.keep() == Keep.ALL
            || settings.keep() == Keep.FIRST_REPEAT && split.repeat() == 0) {
          kept.add(
              new PredictionsTable.Source(
                  name,
                  data.name(),
                  cell.model().name(),
                  Cell.text(cell.params()),
                  split.repeat(),
                  split.fold(),
                  member));
        }
      }
      spark.setJobDescription(name + ": tally the folds");
      FoldTally tally =
          FoldTally.of(
              frame,
              placement,
              data.group().isPresent()
                  ? frame
                      .population(new Plan.Needs(false, true, false, false), placement.strata())
                      .groupCount()
                  : 0);
      folds(context, frame, design, tally, unseen);
      spark.setJobDescription(name + ": measure " + members.size() + " sets of predictions");
      Measurement.Results results =
          members.isEmpty()
              ? new Measurement.Results(List.of(), List.of())
              : Measurement.of(spark, frame, files, members, metrics, frame.slicing());
      if (!kept.isEmpty() && context.isWritten()) {
        PredictionsTable.write(context, frame, name, kept);
      }
      scores(context, design, tally, series, metrics, results, memberPlaces, cells, places, done);
      estimates(context, design, tally, series, metrics, results, memberPlaces, repeats);
      spark.setJobDescription(null);
    }

    private void folds(
        RunContext context, Frame frame, Design design, FoldTally tally, long[] unseen) {
      List<String> classes =
          frame.schema().task().isClassification() ? frame.schema().classes() : List.of("");
      for (int r = 0; r < design.replicates(); r++) {
        for (int part = 0; part < FoldTally.PARTS.size(); part++) {
          if (part == 2 && tally.rows(r, part) == 0) {
            continue;
          }
          for (int c = 0; c < classes.size(); c++) {
            context.add(
                Tables.FOLDS,
                new Fold(
                    name,
                    data.name(),
                    settings.plan().label(),
                    design.fingerprint(),
                    design.split(r).repeat(),
                    design.split(r).fold(),
                    FoldTally.PARTS.get(part),
                    classes.get(c),
                    tally.rows(r, part, c),
                    tally.weight(r, part, c),
                    tally.groups(r, part, c),
                    part == 1 && c == 0 ? (Long) unseen[r] : null));
          }
        }
      }
    }

    private void scores(
        RunContext context,
        Design design,
        FoldTally tally,
        List<Series> series,
        List<Metric<?>> metrics,
        Measurement.Results results,
        List<int[]> memberPlaces,
        List<Cell> cells,
        List<int[]> places,
        List<CellFiles.Done> done) {
      Map<String, String> params = new LinkedHashMap<>();
      for (int c = 0; c < cells.size(); c++) {
        params.put(places.get(c)[0] + "/" + places.get(c)[1], Cell.text(cells.get(c).params()));
      }
      for (Measurement.Result result : results.members()) {
        int[] place = memberPlaces.get(result.member());
        Design.Split split = design.split(place[1]);
        for (int m = 0; m < metrics.size(); m++) {
          Value value = result.values().get(m);
          context.add(
              Tables.SCORES,
              new Score(
                  name,
                  data.name(),
                  series.get(place[0]).model().name(),
                  result.slice(),
                  metrics.get(m).spec(),
                  params.get(place[0] + "/" + place[1]),
                  settings.plan().label(),
                  design.fingerprint(),
                  split.repeat(),
                  split.fold(),
                  "test",
                  tally.rows(place[1], 0),
                  result.n(),
                  value.value(),
                  value.reason(),
                  result.slice().isEmpty()
                      ? (Double) done.get(result.member()).fitSeconds()
                      : null));
        }
      }
    }

    private void estimates(
        RunContext context,
        Design design,
        FoldTally tally,
        List<Series> series,
        List<Metric<?>> metrics,
        Measurement.Results results,
        List<int[]> memberPlaces,
        int repeats) {
      int replicates = design.replicates();
      Map<String, Map<Integer, Measurement.Result>> bySlice = new LinkedHashMap<>();
      for (Measurement.Result result : results.members()) {
        int[] place = memberPlaces.get(result.member());
        bySlice
            .computeIfAbsent(place[0] + "\n" + result.slice(), k -> new LinkedHashMap<>())
            .put(place[1], result);
      }
      Map<String, List<Measurement.Result>> pools = new LinkedHashMap<>();
      for (Measurement.Result result : results.pools()) {
        pools
            .computeIfAbsent(
                result.member() / repeats + "\n" + result.slice(), k -> new ArrayList<>())
            .add(result);
      }
      double trainSize = 0;
      double testSize = 0;
      for (int r = 0; r < replicates; r++) {
        trainSize += tally.rows(r, 0) / (double) replicates;
        testSize += tally.rows(r, 1) / (double) replicates;
      }
      for (int s = 0; s < series.size(); s++) {
        Series line = series.get(s);
        String prefix = s + "\n";
        List<String> slices =
            new ArrayList<>(bySlice.keySet().stream().filter(k -> k.startsWith(prefix)).toList());
        if (slices.isEmpty()) {
          slices.add(prefix);
        }
        for (String key : slices) {
          String slice = key.substring(prefix.length());
          Map<Integer, Measurement.Result> byReplicate = bySlice.getOrDefault(key, Map.of());
          long n = byReplicate.values().stream().mapToLong(Measurement.Result::n).sum();
          for (int m = 0; m < metrics.size(); m++) {
            String spec = metrics.get(m).spec();
            double[] values = new double[replicates];
            List<String> reasons = new ArrayList<>();
            for (int r = 0; r < replicates; r++) {
              Measurement.Result result = byReplicate.get(r);
              values[r] = result == null ? Double.NaN : result.values().get(m).value();
              if (result == null) {
                reasons.add(
                    slice.isEmpty() ? "the fit failed" : "no row of this slice, or the fit failed");
              } else if (!result.values().get(m).isDefined()) {
                reasons.add(result.values().get(m).reason());
              }
            }
            String reason =
                reasons.isEmpty()
                    ? ""
                    : reasons.size()
                        + " of "
                        + replicates
                        + " folds have no value: "
                        + reasons.get(0);
            CorrectedT t = CorrectedT.of(values, trainSize, testSize, settings.level());
            reason = reason.isEmpty() ? t.note() : reason;
            Estimate mean =
                estimate(
                    line,
                    slice,
                    spec,
                    "mean-of-folds",
                    t.mean(),
                    t.standardError(),
                    t.interval().method(),
                    t.interval().level(),
                    t.interval().low(),
                    t.interval().high(),
                    n,
                    replicates,
                    reason);
            context.add(Tables.ESTIMATES, mean);
            context.add(
                Tables.ESTIMATES,
                estimate(
                    line,
                    slice,
                    spec,
                    "sd-of-folds",
                    t.sd(),
                    Double.NaN,
                    "",
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    n,
                    replicates,
                    reason));
            context.add(
                Tables.ESTIMATES,
                estimate(
                    line,
                    slice,
                    spec,
                    "naive-se-of-folds",
                    t.naiveError(),
                    Double.NaN,
                    "",
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    n,
                    replicates,
                    reason));
            pooled(
                context,
                line,
                slice,
                spec,
                m,
                pools.getOrDefault(key, List.of()),
                byReplicate.size() == replicates || !slice.isEmpty(),
                repeats);
          }
        }
      }
    }

    /** The metric of all held-out rows of a repeat together, averaged over repeats. */
    private void pooled(
        RunContext context,
        Series line,
        String slice,
        String spec,
        int metric,
        List<Measurement.Result> pools,
        boolean whole,
        int repeats) {
      String reason = whole ? "" : "some fits failed, so the held-out rows are not all there";
      double sum = 0;
      long n = 0;
      for (Measurement.Result pool : pools) {
        Value value = pool.values().get(metric);
        sum += value.value();
        n += pool.n();
        reason = reason.isEmpty() ? value.reason() : reason;
      }
      double value = reason.isEmpty() && pools.size() == repeats ? sum / repeats : Double.NaN;
      if (Double.isNaN(value) && reason.isEmpty()) {
        reason = "some repeats have no row of this slice";
      }
      context.add(
          Tables.ESTIMATES,
          estimate(
              line,
              slice,
              spec,
              "pooled-out-of-fold",
              value,
              Double.NaN,
              "",
              Double.NaN,
              Double.NaN,
              Double.NaN,
              n,
              repeats,
              reason));
    }

    private Estimate estimate(
        Series line,
        String slice,
        String metric,
        String estimator,
        double value,
        double error,
        String method,
        double level,
        double low,
        double high,
        long n,
        int replicates,
        String reason) {
      return new Estimate(
          name,
          data.name(),
          line.model().name(),
          slice,
          metric,
          line.params(),
          estimator,
          value,
          error,
          method,
          level,
          low,
          high,
          n,
          replicates,
          reason);
    }

    /** The setting that each outer replicate's inner plan chooses, by series and replicate. */
    private Map<String, Map<String, Object>> choose(
        RunContext context,
        Frame frame,
        Placement outer,
        List<Series> series,
        List<Metric<?>> metrics,
        ClusterEngine engine) {
      Map<String, Map<String, Object>> chosen = new LinkedHashMap<>();
      if (settings.plan().inner().isEmpty()
          || series.stream().noneMatch(s -> s.setting() == null)) {
        return chosen;
      }
      Metric<?> by = settings.by() == null ? metrics.get(0) : settings.by();
      List<Placement> inner = inner(context, frame, outer);
      List<Cell> cells = new ArrayList<>();
      List<int[]> places = new ArrayList<>();
      for (int s = 0; s < series.size(); s++) {
        if (series.get(s).setting() != null) {
          continue;
        }
        String refusal = by.refusal(series.get(s).target());
        if (refusal != null) {
          throw UserException.usage(
              "jobs."
                  + name
                  + ".select-by = "
                  + by.spec()
                  + ": "
                  + refusal
                  + ", which model '"
                  + series.get(s).model().name()
                  + "' does not give");
        }
        List<Map<String, Object>> grid = series.get(s).model().settings();
        for (int r = 0; r < outer.design().replicates(); r++) {
          for (int g = 0; g < grid.size(); g++) {
            for (int q = 0; q < inner.get(r).design().replicates(); q++) {
              cells.add(
                  new Cell(
                      frame.identity(),
                      series.get(s).model(),
                      grid.get(g),
                      inner.get(r),
                      q,
                      context.config().seed()));
              places.add(new int[] {s, r, g, q});
            }
          }
        }
      }
      List<ClusterEngine.Outcome> outcomes =
          engine.run(name + " (inner)", cells, context.progress());
      List<Measurement.Member> members = new ArrayList<>();
      List<int[]> memberPlaces = new ArrayList<>();
      for (int c = 0; c < cells.size(); c++) {
        int[] at = places.get(c);
        if (outcomes.get(c).done().isPresent()) {
          members.add(
              new Measurement.Member(series.get(at[0]).target(), cells.get(c).id(), null, -1));
          memberPlaces.add(at);
        } else {
          Design.Split split = outer.design().split(at[1]);
          context.add(
              Tables.FAILURES,
              new Failure(
                  name,
                  data.name(),
                  cells.get(c).model().name(),
                  "outer repeat "
                      + split.repeat()
                      + ", fold "
                      + split.fold()
                      + "; inner "
                      + cells.get(c).label(),
                  "fit",
                  outcomes.get(c).reason()));
        }
      }
      Map<String, double[]> values = new LinkedHashMap<>();
      if (!members.isEmpty()) {
        context.context().setJobDescription(name + ": measure the inner fits");
        for (Measurement.Result result :
            Measurement.of(
                    context.context(),
                    frame,
                    context.cells(),
                    members,
                    List.of(by),
                    Slicing.all(frame.rows()))
                .members()) {
          int[] at = memberPlaces.get(result.member());
          double[] row =
              values.computeIfAbsent(
                  at[0] + "/" + at[1] + "/" + at[2],
                  k -> nan(inner.get(at[1]).design().replicates()));
          row[at[3]] = result.values().get(0).value();
        }
      }
      boolean higher = by.direction() == Metric.Direction.HIGHER_IS_BETTER;
      for (int s = 0; s < series.size(); s++) {
        if (series.get(s).setting() != null) {
          continue;
        }
        List<Map<String, Object>> grid = series.get(s).model().settings();
        for (int r = 0; r < outer.design().replicates(); r++) {
          select(
              context,
              series.get(s),
              grid,
              outer.design().split(r),
              by,
              higher,
              s,
              r,
              values,
              chosen,
              inner.get(r).design().replicates());
        }
      }
      return chosen;
    }

    private void select(
        RunContext context,
        Series line,
        List<Map<String, Object>> grid,
        Design.Split split,
        Metric<?> by,
        boolean higher,
        int s,
        int r,
        Map<String, double[]> values,
        Map<String, Map<String, Object>> chosen,
        int innerReplicates) {
      double[] mean = new double[grid.size()];
      double[] error = new double[grid.size()];
      for (int g = 0; g < grid.size(); g++) {
        double[] v = values.getOrDefault(s + "/" + r + "/" + g, nan(innerReplicates));
        CorrectedT t = CorrectedT.of(v, 1, 1, 0.95);
        mean[g] = t.mean();
        error[g] = t.naiveError();
      }
      Comparator<Integer> better =
          Comparator.comparingDouble(
              g -> Double.isNaN(mean[g]) ? Double.POSITIVE_INFINITY : higher ? -mean[g] : mean[g]);
      List<Integer> order =
          IntStream.range(0, grid.size()).boxed().sorted(better.thenComparing(g -> g)).toList();
      int best = order.get(0);
      int pick = best;
      if (Double.isNaN(mean[best])) {
        pick = -1;
        context.add(
            Tables.FAILURES,
            new Failure(
                name,
                data.name(),
                line.model().name(),
                line.model().name() + ", repeat " + split.repeat() + ", fold " + split.fold(),
                "selection",
                "no setting has a defined inner " + by.spec()));
      } else if (settings.select() == Select.ONE_STANDARD_ERROR) {
        double bound = higher ? mean[best] - error[best] : mean[best] + error[best];
        for (int g = 0; g < grid.size(); g++) {
          if (higher ? mean[g] >= bound : mean[g] <= bound) {
            pick = g;
            break;
          }
        }
      }
      if (pick >= 0) {
        chosen.put(s + "/" + r, grid.get(pick));
      }
      for (int rank = 0; rank < order.size(); rank++) {
        int g = order.get(rank);
        context.add(
            Tables.SELECTIONS,
            new Selection(
                name,
                data.name(),
                line.model().name(),
                by.spec(),
                split.repeat(),
                split.fold(),
                Cell.text(grid.get(g)),
                mean[g],
                error[g],
                rank + 1,
                g == pick,
                settings.select() == Select.BEST ? "best" : "one-standard-error"));
      }
    }

    private static double[] nan(int n) {
      double[] values = new double[n];
      java.util.Arrays.fill(values, Double.NaN);
      return values;
    }
  }
}
