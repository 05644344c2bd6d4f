package org.assay.jobs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.Section;
import org.assay.design.LearningCurve;
import org.assay.design.Plan;
import org.assay.design.Population;
import org.assay.design.Resubstitution;
import org.assay.design.TrainSize;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.CellFiles;
import org.assay.jobs.engine.Engine;
import org.assay.jobs.engine.Engines;
import org.assay.jobs.engine.FoldTally;
import org.assay.jobs.engine.LeftOut;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Strata;
import org.assay.metric.Metric;
import org.assay.report.Failure;
import org.assay.report.Tables;

/** The steps of a {@link CrossValidate} job: bind the plan, choose, fit, measure, report. */
record CrossValidation(
    String name, DataConfig data, List<ModelConfig> models, CrossValidate.Settings settings)
    implements Job.Step {
  /** Rows of a fold, from which on sums over it cost less than predictions. */
  private static final long LARGE = 64;

  /**
   * A fit that did not fail: a series in one replicate.
   *
   * @param member its predictions, to be measured
   */
  record Fit(
      Series series, int replicate, Cell cell, CellFiles.Done done, Measurement.Member member) {

    /** Its setting, and its training size if there are several, as reports write them. */
    String params() {
      return series.params(cell.params());
    }
  }

  /**
   * What is settled before anything is fitted.
   *
   * @param placement the plan's design
   * @param curve the same with training rows cut to each size; itself alone without sizes
   */
  private record Prepared(
      Frame frame,
      Population population,
      Placement placement,
      List<Placement> curve,
      List<Series> series,
      List<Metric<?>> metrics) {
    int replicates() {
      return placement.design().replicates();
    }

    int repeat(int replicate) {
      return placement.design().split(replicate).repeat();
    }

    int repeats() {
      int repeats = 1;
      for (int r = 0; r < replicates(); r++) {
        repeats = Math.max(repeats, repeat(r) + 1);
      }
      return repeats;
    }

    boolean isNested() {
      return series.stream().anyMatch(Series::isChosen);
    }

    /** The design of fits to all rows, which are tested on all rows. */
    Placement apparent() {
      return new Placement(Resubstitution.of(population), Plan.Needs.NOTHING, placement.strata());
    }
  }

  /** Reads the data and refuses what they do not allow. */
  private Prepared prepare(RunContext context) {
    Frame frame = context.frame(data);
    Strata strata = frame.strata(settings.bins());
    context.context().setJobDescription(name + ": count rows for " + settings.plan().label());
    Population population = frame.population(settings.plan().needs(), strata).named(strata.names());
    Placement placement = bind(context, population, strata);
    List<Series> series = Series.of(models, frame.schema(), data, settings.plan());
    List<Metric<?>> metrics =
        settings
            .metrics()
            .of(
                series.stream().map(s -> s.model().name()).toList(),
                series.stream().map(Series::target).toList());
    NestedChoice.check(name, by(metrics), series);
    List<Placement> curve = curve(context, frame, population, placement);
    return new Prepared(frame, population, placement, curve, series, metrics);
  }

  /**
   * What a later job may take.
   *
   * @param series all lines
   * @param folds of the first repeat
   */
  record Offered(List<Series> series, int folds) {}

  /**
   * What a later job may take of this one's predictions.
   *
   * @param taker the later job's section
   * @throws UserException if the plan does not hold out every row once in its first repeat
   */
  Offered offered(RunContext context, Section taker) {
    Prepared all = prepare(context);
    FoldTally tally = FoldTally.of(all.frame(), all.placement(), 0);
    int folds = 0;
    long tested = 0;
    for (int r = 0; r < all.replicates(); r++) {
      if (all.repeat(r) == 0) {
        folds++;
        tested += tally.rows(r, 1);
      }
    }
    if (tested != all.frame().rows()) {
      throw taker.wrong(
          "from",
          "the plan of job '"
              + name
              + "' ("
              + settings.plan().label()
              + ") holds out "
              + tested
              + " of the "
              + all.frame().rows()
              + " rows in its first repeat, and each must be predicted once; take one that holds out all of them, such as k-fold");
    }
    return new Offered(all.series(), folds);
  }

  private Placement bind(RunContext context, Population population, Strata strata) {
    Plan plan = settings.plan();
    try {
      return new Placement(plan.bind(population, context.config().seed()), plan.needs(), strata);
    } catch (UserException e) {
      throw e.at("job '" + name + "', plan, data." + data.name());
    }
  }

  private List<Placement> curve(
      RunContext context, Frame frame, Population population, Placement placement) {
    if (settings.plan().trainSizes().isEmpty()) {
      return List.of(placement);
    }
    context.context().setJobDescription(name + ": count the training rows of each split");
    List<Population> training = frame.training(placement);
    try {
      return LearningCurve.of(
              settings.plan(), placement.design(), population, training, context.config().seed())
          .stream()
          .map(design -> new Placement(design, placement.needs(), placement.strata()))
          .toList();
    } catch (UserException e) {
      throw e.at("job '" + name + "', plan, data." + data.name());
    }
  }

  private Metric<?> by(List<Metric<?>> metrics) {
    return settings.by() == null ? metrics.get(0) : settings.by();
  }

  private Engines engines(RunContext context, Frame frame) {
    Engines engines = new Engines(context.spark(), frame, context::cells, settings.engines());
    engines.check(models);
    if (settings.plan().isByJackknife()) {
      engines.checkJackknife(models);
    }
    return engines;
  }

  /**
   * Whether a model is measured by sums of squares over each fold, without a prediction. Not where
   * folds are so small that rows are as few as the sums.
   */
  private boolean isBySquares(Prepared all, Engines engines, ModelConfig model) {
    return settings.measuresOnly()
        && all.placement().design().isPartition()
        && !all.isNested()
        && BySquares.of(all.metrics()).isPresent()
        && all.frame().slicing().size() == 1
        && all.frame().rows() / (all.replicates() / all.repeats()) >= LARGE
        && engines.knowsSquares(model);
  }

  @Override
  public List<String> explain(RunContext context) {
    Prepared all = prepare(context);
    Frame frame = all.frame();
    long inner = innerFits(context, all);
    long apparent =
        settings.plan().isBootstrap()
            ? all.series().stream().filter(s -> !s.isChosen()).count()
            : 0;
    long each = settings.plan().isByJackknife() ? 1 : all.replicates();
    long fits = all.series().size() * each + inner + apparent;
    FoldTally tally = FoldTally.of(frame, all.placement(), 0);
    long tested = 0;
    long kept = 0;
    for (int r = 0; r < all.replicates(); r++) {
      tested += tally.rows(r, 1);
      kept += settings.keeps(all.repeat(r)) ? tally.rows(r, 1) : 0;
    }
    Engines engines = engines(context, frame);
    List<String> lines = new ArrayList<>();
    lines.add(
        "cross-validate '"
            + name
            + "' on data."
            + data.name()
            + ": "
            + frame.rows()
            + " rows, "
            + frame.schema().features().size()
            + " features, label "
            + Series.describe(frame.schema())
            + ", "
            + frame.blockCount()
            + (frame.blockCount() == 1 ? " block" : " blocks"));
    lines.add(
        "  plan        "
            + settings.plan().label()
            + ": "
            + all.replicates()
            + " replicates, design "
            + all.placement().design().fingerprint());
    if (!settings.plan().trainSizes().isEmpty()) {
      lines.add(
          "  curve       "
              + String.join(
                  ", ", settings.plan().trainSizes().stream().map(TrainSize::text).toList()));
    }
    lines.add("  slices      " + frame.slicing().describe());
    lines.add(
        "  models      " + String.join(", ", all.series().stream().map(Series::label).toList()));
    for (ModelConfig model : models) {
      lines.add("  engine      " + model.name() + ": " + engines.describe(model, all.curve()));
    }
    for (ModelConfig model : models) {
      if (isBySquares(all, engines, model)) {
        lines.add(
            "  measured    "
                + model.name()
                + ": by sums of squares over each fold, without predictions; by these if the sums lose digits, as when fits are almost perfect");
      }
    }
    lines.add(
        "  fits        "
            + fits
            + (inner > 0 ? " (" + inner + " of them inner)" : "")
            + (apparent > 0 ? " (" + apparent + " of them to all rows)" : ""));
    lines.add(
        "  passes      "
            + (settings.plan().isBootstrap() ? "up to 6" : "1")
            + " over the blocks for all predictions ("
            + all.series().size() * tested
            + " rows"
            + (settings.predicts() == Cell.Predicts.TRAINED_TOO ? ", and the training rows" : "")
            + "), besides those of the fits");
    lines.add(
        "  metrics     " + String.join(", ", all.metrics().stream().map(Metric::spec).toList()));
    lines.add("  predictions " + all.series().size() * kept + " rows kept");
    return lines;
  }

  private long innerFits(RunContext context, Prepared all) {
    if (settings.plan().inner().isEmpty()) {
      return 0;
    }
    Plan plan = settings.plan().inner().get();
    List<Placement> inner = NestedChoice.bind(context, name, all.frame(), plan, all.placement());
    long replicates = inner.get(0).design().replicates();
    return all.series().stream()
        .filter(Series::isChosen)
        .mapToLong(s -> s.model().settings().size() * replicates * all.replicates())
        .sum();
  }

  @Override
  public void run(RunContext context) {
    Prepared all = prepare(context);
    Engines engine = engines(context, all.frame());
    Map<NestedChoice.Place, Map<String, Object>> chosen = choose(context, all, engine);
    List<Fit> apparent = new ArrayList<>();
    List<Fit> fits = new ArrayList<>();
    for (Fit fit : fit(context, all, chosen, engine)) {
      (fit.cell().placement().design().testsOnTraining() ? apparent : fits).add(fit);
    }
    context.keep(name, fits);
    List<FoldTally> tallies = tallies(context, all);
    Measurement.Results results = measure(context, all, fits);
    keep(context, all, fits);
    CrossValidationTables tables =
        new CrossValidationTables(
            context, name, data.name(), settings, points(all, tallies), all.metrics());
    tables.folds(all.frame().schema(), fits);
    tables.scores(fits, results);
    if (settings.plan().isBootstrap()) {
      refits(context, all).report(all.series(), fits, results, apparent);
    } else {
      tables.estimates(all.series(), all.repeats(), fits, results);
    }
    context.context().setJobDescription(null);
  }

  private Refits refits(RunContext context, Prepared all) {
    Plan.Options options = settings.plan().options();
    Population population = all.population();
    long[] sizes =
        options.stratify()
            ? IntStream.range(0, population.stratumCount())
                .mapToLong(population::stratumSize)
                .toArray()
            : new long[] {population.size()};
    LeftOut.Units units = options.grouped() ? LeftOut.Units.GROUPS : LeftOut.Units.ROWS;
    return new Refits(
        context,
        name,
        data.name(),
        all.frame(),
        settings.level(),
        new LeftOut.Drawn(all.placement(), sizes, units),
        all.replicates(),
        all.metrics());
  }

  /** The settings that a nested plan's inner plan chooses; empty when nothing is to be chosen. */
  private Map<NestedChoice.Place, Map<String, Object>> choose(
      RunContext context, Prepared all, Engine engine) {
    if (!all.isNested()) {
      return Map.of();
    }
    Plan plan = settings.plan().inner().orElseThrow();
    NestedChoice choice =
        new NestedChoice(
            name,
            data.name(),
            all.frame(),
            NestedChoice.bind(context, name, all.frame(), plan, all.placement()),
            all.placement(),
            by(all.metrics()),
            settings.select());
    return choice.of(context, all.series(), engine);
  }

  /**
   * Fits every series in every replicate, and for a bootstrap to all rows; a fit that fails is a
   * row in {@code failures}.
   */
  private List<Fit> fit(
      RunContext context,
      Prepared all,
      Map<NestedChoice.Place, Map<String, Object>> chosen,
      Engines engine) {
    List<ModelConfig> bySquares =
        models.stream().filter(model -> isBySquares(all, engine, model)).toList();
    List<Fit> fits = fit(context, all, chosen, engine, models, bySquares);
    if (bySquares.isEmpty()) {
      return fits;
    }
    List<ModelConfig> again = new ArrayList<>();
    for (ModelConfig model : bySquares) {
      Map<Integer, Fit> own = new LinkedHashMap<>();
      fits.stream()
          .filter(fit -> fit.cell().model().equals(model))
          .forEach(fit -> own.put(own.size(), fit));
      long asked =
          (long) all.replicates()
              * all.series().stream().filter(one -> one.model().equals(model)).count();
      if (own.size() < asked || BySquares.of(all.metrics()).orElseThrow().of(own).isEmpty()) {
        again.add(model);
      }
    }
    if (!again.isEmpty()) {
      fits.removeIf(fit -> again.contains(fit.cell().model()));
      fits.addAll(fit(context, all, chosen, engine, again, List.of()));
      fits.sort(
          Comparator.comparingInt((Fit fit) -> fit.series().number())
              .thenComparingInt(Fit::replicate));
    }
    return fits;
  }

  private List<Fit> fit(
      RunContext context,
      Prepared all,
      Map<NestedChoice.Place, Map<String, Object>> chosen,
      Engine engine,
      List<ModelConfig> some,
      List<ModelConfig> bySquares) {
    List<Series> of = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    Placement apparent = all.apparent();
    for (Series series : all.series()) {
      if (!some.contains(series.model())) {
        continue;
      }
      Cell.Predicts predicts =
          bySquares.contains(series.model()) ? Cell.Predicts.SQUARES : settings.predicts();
      for (int r = 0; r < all.replicates(); r++) {
        NestedChoice.Place place = new NestedChoice.Place(series, r);
        Map<String, Object> setting = series.isChosen() ? chosen.get(place) : series.setting();
        if (setting != null) {
          of.add(series);
          cells.add(
              cell(context, all, series, setting, all.curve().get(series.point()), r, predicts));
        }
      }
      if (settings.plan().isBootstrap() && !series.isChosen()) {
        of.add(series);
        cells.add(cell(context, all, series, series.setting(), apparent, 0, predicts));
      }
    }
    List<Engine.Outcome> outcomes = engine.run(name, cells, context.progress());
    List<Fit> fits = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      Cell cell = cells.get(c);
      Engine.Outcome outcome = outcomes.get(c);
      if (outcome.done().isEmpty() && cell.predicts() == Cell.Predicts.SQUARES) {
        continue; // done again with predictions, which says why
      }
      if (outcome.done().isEmpty()) {
        context.add(
            Tables.FAILURES,
            new Failure(
                name, data.name(), cell.model().name(), cell.label(), "fit", outcome.reason()));
        continue;
      }
      Series series = of.get(c);
      // Each replicate of a bootstrap is a repeat, so that a repeat's rows are its replicate's.
      int pool =
          settings.plan().isBootstrap()
              ? -1
              : series.number() * all.repeats() + cell.split().repeat();
      fits.add(
          new Fit(
              series,
              cell.replicate(),
              cell,
              outcome.done().get(),
              new Measurement.Member(
                  series.target(), outcome.place().orElseThrow(), pool, series.number())));
    }
    return fits;
  }

  private Cell cell(
      RunContext context,
      Prepared all,
      Series series,
      Map<String, Object> setting,
      Placement placement,
      int replicate,
      Cell.Predicts predicts) {
    return new Cell(
        all.frame().identity(),
        series.model(),
        setting,
        placement,
        replicate,
        predicts,
        context.config().seed());
  }

  /** The tallies of the points of the curve, followed by that of the plan as it is. */
  private List<FoldTally> tallies(RunContext context, Prepared all) {
    context.context().setJobDescription(name + ": tally the folds");
    Plan.Needs groups = new Plan.Needs(false, true, false, false);
    long count =
        data.group().isPresent()
            ? all.frame().population(groups, all.placement().strata()).groupCount()
            : 0;
    List<FoldTally> tallies = new ArrayList<>();
    for (Placement point : all.curve()) {
      tallies.add(FoldTally.of(all.frame(), point, count));
    }
    tallies.add(
        all.curve().size() == 1 && settings.plan().trainSizes().isEmpty()
            ? tallies.get(0)
            : FoldTally.of(all.frame(), all.placement(), 0));
    return tallies;
  }

  private static CrossValidationTables.Points points(Prepared all, List<FoldTally> tallies) {
    return new CrossValidationTables.Points(
        all.curve().stream().map(Placement::design).toList(),
        tallies.subList(0, all.curve().size()),
        tallies.get(all.curve().size()));
  }

  private Measurement.Results measure(RunContext context, Prepared all, List<Fit> fits) {
    if (fits.isEmpty()) {
      return Measurement.Results.none();
    }
    Map<Integer, Fit> bySquares = new LinkedHashMap<>();
    List<Integer> byRows = new ArrayList<>(); // their places
    for (int f = 0; f < fits.size(); f++) {
      if (fits.get(f).cell().predicts() == Cell.Predicts.SQUARES) {
        bySquares.put(f, fits.get(f));
      } else {
        byRows.add(f);
      }
    }
    if (bySquares.isEmpty()) {
      return measured(context, all, fits);
    }
    Measurement.Results known =
        BySquares.of(all.metrics()).orElseThrow().of(bySquares).orElseThrow();
    if (byRows.isEmpty()) {
      return known;
    }
    Measurement.Results found = measured(context, all, byRows.stream().map(fits::get).toList());
    List<Measurement.Result> members =
        found.members().stream()
            .map(
                one ->
                    new Measurement.Result(
                        byRows.get(one.member()), one.slice(), one.n(), one.values()))
            .toList();
    return known.and(new Measurement.Results(members, found.pools(), found.series()));
  }

  private Measurement.Results measured(RunContext context, Prepared all, List<Fit> fits) {
    context.context().setJobDescription(name + ": measure " + fits.size() + " sets of predictions");
    return Measurement.of(
        context.context(),
        all.frame(),
        context.cells(),
        members(all, fits),
        settings.plan().isBootstrap() ? Refits.measured(all.metrics()) : all.metrics(),
        all.frame().slicing());
  }

  /** What the fits say of the rows held out, followed by what they say of their training rows. */
  private List<Measurement.Member> members(Prepared all, List<Fit> fits) {
    List<Measurement.Member> members = new ArrayList<>(fits.stream().map(Fit::member).toList());
    if (settings.predicts() == Cell.Predicts.TRAINED_TOO) {
      for (Fit fit : fits) {
        Measurement.Member own = fit.member();
        members.add(
            new Measurement.Member(
                own.target(), own.cell().trained(), -1, all.series().size() + own.series()));
      }
    }
    return members;
  }

  private void keep(RunContext context, Prepared all, List<Fit> fits) {
    List<PredictionsTable.Source> kept =
        fits.stream()
            .filter(fit -> settings.keeps(all.repeat(fit.replicate())))
            .map(
                fit ->
                    new PredictionsTable.Source(
                        name,
                        data.name(),
                        fit.cell().model().name(),
                        fit.params(),
                        fit.cell().split().repeat(),
                        fit.cell().split().fold(),
                        fit.member()))
            .toList();
    if (!kept.isEmpty() && context.isWritten()) {
      PredictionsTable.write(context, all.frame(), name, kept);
    }
  }
}
