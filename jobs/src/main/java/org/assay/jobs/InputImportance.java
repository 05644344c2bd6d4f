package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.design.Plan;
import org.assay.design.Population;
import org.assay.design.Resubstitution;
import org.assay.importance.Clusters;
import org.assay.importance.Conditioning;
import org.assay.importance.Influence;
import org.assay.importance.Repeats;
import org.assay.importance.RowSums;
import org.assay.importance.Similarity;
import org.assay.importance.Variable;
import org.assay.inference.CorrectedT;
import org.assay.inference.Interval;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.CellFiles;
import org.assay.jobs.engine.Engine;
import org.assay.jobs.engine.Engines;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.engine.FoldTally;
import org.assay.jobs.engine.InputSet;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Columns;
import org.assay.jobs.frame.Feature;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.frame.Strata;
import org.assay.metric.Metric;
import org.assay.metric.Value;
import org.assay.random.Keyed;
import org.assay.report.Failure;
import org.assay.report.ImportanceRow;
import org.assay.report.Tables;

/** The steps of an {@link Importance} job: fit, exchange and measure, infer, report. */
record InputImportance(
    String name, DataConfig data, List<ModelConfig> models, Importance.Settings settings)
    implements Job.Step {

  /** Signs that are drawn for a p-value. */
  private static final int FLIPS = 9999;

  @Override
  public Columns columns() {
    return settings.columns();
  }

  /**
   * A line of results: a model with one setting, or a saved model.
   *
   * @param placement where it is fitted and measured
   */
  private record Line(Series series, Placement placement) {
    int replicates() {
      return placement.design().replicates();
    }

    boolean isPlanned() {
      return !placement.design().testsOnTraining();
    }
  }

  /** What is settled before anything is fitted. */
  private record Prepared(
      Frame frame, List<Line> lines, List<InputSet> sets, List<Metric<?>> metrics) {}

  private Prepared prepare(RunContext context) {
    Frame frame = context.frame(data);
    Schema schema = frame.schema();
    if (schema.features().isEmpty()) {
      throw UserException.input("data." + data.name() + ".features: there are none to look at");
    }
    Strata strata = frame.strata(settings.bins());
    context.context().setJobDescription(name + ": count rows");
    Plan.Needs needs = settings.plan().map(Plan::needs).orElse(Plan.Needs.NOTHING);
    Population population = frame.population(needs, strata).named(strata.names());
    context.context().setJobDescription(null);
    Placement everything = new Placement(Resubstitution.of(population), Plan.Needs.NOTHING, strata);
    Placement planned = everything;
    if (settings.plan().isPresent()) {
      Plan plan = settings.plan().get();
      try {
        planned =
            new Placement(plan.bind(population, context.config().seed()), plan.needs(), strata);
      } catch (UserException e) {
        throw e.at("job '" + name + "', plan, data." + data.name());
      }
    }
    List<Line> lines = new ArrayList<>();
    for (Series series : Series.of(models, schema, data)) {
      lines.add(new Line(series, series.model().isLearned() ? planned : everything));
    }
    List<Metric<?>> metrics =
        settings
            .metrics()
            .of(
                lines.stream().map(l -> l.series().model().name()).toList(),
                lines.stream().map(l -> l.series().target()).toList());
    return new Prepared(frame, lines, sets(frame), metrics);
  }

  /** Rows that clusters and conditions are found from, at most. */
  private static final int SAMPLE = 20_000;

  private List<InputSet> sets(Frame frame) {
    Schema schema = frame.schema();
    List<String> names = schema.features().stream().map(Feature::name).toList();
    for (String feature : settings.inputs()) {
      if (!names.contains(feature)) {
        throw Importance.noFeature(settings.section(), "inputs", feature, names);
      }
    }
    List<InputSet> sets = new ArrayList<>();
    for (String feature : settings.inputs().isEmpty() ? names : settings.inputs()) {
      sets.add(
          new InputSet(
              feature, InputSet.Kind.SINGLE, List.of(feature), new int[] {names.indexOf(feature)}));
    }
    if (settings.clusters() != Importance.Clusters.NONE) {
      sets.addAll(clusters(frame, sets));
    }
    settings
        .groups()
        .forEach(
            (group, members) -> {
              if (sets.stream().anyMatch(set -> set.name().equals(group))) {
                throw settings
                    .section()
                    .section("groups")
                    .wrong(group, "the name is taken by an input; write another");
              }
              for (String member : members) {
                if (!names.contains(member)) {
                  throw Importance.noFeature(
                      settings.section().section("groups"), group, member, names);
                }
              }
              sets.add(
                  new InputSet(
                      group,
                      InputSet.Kind.GROUP,
                      members,
                      members.stream().mapToInt(names::indexOf).toArray()));
            });
    for (InputSet set : sets) {
      if (settings.methods().contains(Importance.Method.DROP_COLUMN)
          && set.features().length == names.size()) {
        throw settings
            .section()
            .wrong(
                "method",
                "drop-column without '"
                    + set.name()
                    + "' leaves no feature to learn from; use another method");
      }
    }
    return sets;
  }

  /** Groups of columns that are alike. */
  private List<InputSet> clusters(Frame frame, List<InputSet> singles) {
    frame.blocks().context().setJobDescription(name + ": find alike columns");
    List<double[]> sample = frame.sample(SAMPLE);
    frame.blocks().context().setJobDescription(null);
    List<InputSet> members = new ArrayList<>();
    List<Variable> variables = new ArrayList<>();
    for (InputSet single : singles) {
      Feature feature = frame.schema().features().get(single.features()[0]);
      double[] values = sample.get(single.features()[0]);
      if (values != null) {
        members.add(single);
        variables.add(new Variable(feature.name(), values, feature.kind() == Feature.Kind.TEXT));
      }
    }
    double[][] alike =
        settings.clusters() == Importance.Clusters.SPEARMAN
            ? Similarity.of(variables)
            : Similarity.information(variables);
    List<InputSet> groups = new ArrayList<>();
    for (int[] cluster : Clusters.of(alike, Clusters.Linkage.AVERAGE).cut(settings.clusterAt())) {
      if (cluster.length > 1) {
        groups.add(
            new InputSet(
                "cluster-" + (groups.size() + 1),
                InputSet.Kind.GROUP,
                Arrays.stream(cluster).mapToObj(c -> members.get(c).name()).toList(),
                Arrays.stream(cluster).map(c -> members.get(c).features()[0]).toArray()));
      }
    }
    return groups;
  }

  /** Columns that the strata of a set are made of, at most. */
  private static final int GIVEN = 10;

  /** For each set, rows that are alike in the columns that are most like its own. */
  private List<Explainer.Condition> conditions(Frame frame, List<InputSet> sets) {
    frame.blocks().context().setJobDescription(name + ": find conditions");
    List<double[]> sample = frame.sample(SAMPLE);
    frame.blocks().context().setJobDescription(null);
    List<Feature> features = frame.schema().features();
    int[] known = IntStream.range(0, features.size()).filter(f -> sample.get(f) != null).toArray();
    List<Variable> variables =
        Arrays.stream(known)
            .mapToObj(
                f ->
                    new Variable(
                        features.get(f).name(),
                        sample.get(f),
                        features.get(f).kind() == Feature.Kind.TEXT))
            .toList();
    double[][] alike = Similarity.of(variables);
    List<Explainer.Condition> conditions = new ArrayList<>();
    for (InputSet set : sets) {
      int[] own =
          IntStream.range(0, known.length)
              .filter(k -> Arrays.stream(set.features()).anyMatch(f -> f == known[k]))
              .toArray();
      if (own.length < set.features().length) {
        throw UserException.usage(
            settings.section().path("method")
                + ": '"
                + set.name()
                + "' is a vector, and conditions are made of single numbers and texts; leave it out by "
                + settings.section().path("inputs"));
      }
      int[] given =
          IntStream.range(0, known.length)
              .filter(k -> Arrays.stream(own).noneMatch(o -> o == k))
              .boxed()
              .sorted(
                  Comparator.comparingDouble(
                      k -> -Arrays.stream(own).mapToDouble(o -> alike[o][k]).max().orElse(0)))
              .limit(GIVEN)
              .mapToInt(Integer::intValue)
              .sorted()
              .toArray();
      Conditioning conditioning =
          Conditioning.tree(
              Arrays.stream(given).mapToObj(variables::get).toList(),
              Arrays.stream(own).mapToObj(variables::get).toList(),
              Conditioning.Limits.DEFAULT);
      conditions.add(
          new Explainer.Condition(conditioning, Arrays.stream(given).map(k -> known[k]).toArray()));
    }
    return conditions;
  }

  /** Among which rows a set's inputs were exchanged. */
  private static String describe(Frame frame, Explainer.Condition condition) {
    Conditioning conditioning = condition.conditioning();
    if (conditioning.strata() == 1) {
      return "no other column tells anything of it, so it was exchanged among all rows";
    }
    List<String> by =
        Arrays.stream(conditioning.used())
            .mapToObj(u -> frame.schema().features().get(condition.given()[u]).name())
            .toList();
    return "exchanged within "
        + conditioning.strata()
        + " strata by "
        + String.join(", ", by)
        + ", which explain "
        + Math.round(100 * conditioning.explained())
        + " % of it";
  }

  private Engines engines(RunContext context, Frame frame) {
    Engines engines = new Engines(context.spark(), frame, () -> files(context), settings.engines());
    engines.check(models.stream().filter(ModelConfig::isLearned).toList());
    return engines;
  }

  private CellFiles files(RunContext context) {
    return context.cells().in("models");
  }

  @Override
  public List<String> explain(RunContext context) {
    Prepared all = prepare(context);
    Frame frame = all.frame();
    Engines engines = engines(context, frame);
    List<String> lines = new ArrayList<>();
    lines.add(
        "importance '"
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
    long fits = 0;
    long rows = 0;
    for (Line line : all.lines()) {
      if (line.series().model().isLearned()) {
        fits += line.replicates();
      }
      FoldTally tally = FoldTally.of(frame, line.placement(), 0);
      for (int r = 0; r < line.replicates(); r++) {
        rows += tally.rows(r, line.isPlanned() ? 1 : 0);
      }
    }
    lines.add(
        "  plan        "
            + settings.plan().map(Plan::label).orElse("none: fitted and measured on all rows"));
    lines.add("  slices      " + frame.slicing().describe());
    lines.add(
        "  models      "
            + String.join(", ", all.lines().stream().map(l -> l.series().label()).toList()));
    for (ModelConfig model : models) {
      if (model.isLearned()) {
        Placement placement =
            all.lines().stream()
                .filter(l -> l.series().model().equals(model))
                .findFirst()
                .orElseThrow()
                .placement();
        lines.add(
            "  engine      " + model.name() + ": " + engines.describe(model, List.of(placement)));
      }
    }
    lines.add("  fits        " + fits);
    long singles = all.sets().stream().filter(s -> s.kind() == InputSet.Kind.SINGLE).count();
    lines.add(
        "  inputs      " + singles + " columns, " + (all.sets().size() - singles) + " groups");
    for (Importance.Method method : settings.methods()) {
      if (method == Importance.Method.DROP_COLUMN) {
        lines.add("  method      drop-column, " + fits * all.sets().size() + " fits more");
        continue;
      }
      lines.add(
          "  method      "
              + method.label()
              + ", "
              + settings.repeats().describe()
              + "; "
              + Explainer.describe(frame.schema(), settings.exchange(method)));
      lines.add(
          "  evaluations "
              + rows * all.sets().size()
              + " rows per repeat, and "
              + rows
              + " as they are");
    }
    lines.add(
        "  metrics     " + String.join(", ", all.metrics().stream().map(Metric::spec).toList()));
    return lines;
  }

  @Override
  public void run(RunContext context) {
    Prepared all = prepare(context);
    Frame frame = all.frame();
    List<Explainer.Member> members = members(context, all);
    boolean[] constant = constant(frame);
    for (Importance.Method method : settings.methods()) {
      try (Explainer explainer =
          new Explainer(
              context.spark(),
              frame,
              files(context),
              all.sets(),
              all.metrics(),
              settings.exchange(method),
              context.config().seed())) {
        List<Explainer.Condition> conditions =
            method == Importance.Method.CONDITIONAL ? conditions(frame, all.sets()) : null;
        Evidence evidence = new Evidence(all, method, members, explainer.groups(members).count());
        if (method == Importance.Method.DROP_COLUMN) {
          evidence.add(refitted(context, all, members, explainer), 1);
          report(context, all, method, evidence, null, constant);
          continue;
        }
        for (int more = settings.repeats().more(0); more > 0; ) {
          evidence.add(
              explainer.measure(
                  name + ": " + method.label(),
                  members,
                  conditions,
                  evidence.repeats,
                  more,
                  context.progress()),
              more);
          more = evidence.isPrecise() ? 0 : settings.repeats().more(evidence.repeats);
        }
        report(context, all, method, evidence, conditions, constant);
      }
    }
    context.context().setJobDescription(null);
  }

  /** Fits every model without each set of inputs; a fit that fails is a row in {@code failures}. */
  private Explainer.Result refitted(
      RunContext context, Prepared all, List<Explainer.Member> members, Explainer explainer) {
    List<List<CellFiles.Place>> places = new ArrayList<>();
    for (InputSet set : all.sets()) {
      Frame frame = all.frame().without(set.members());
      List<Cell> cells =
          members.stream()
              .map(
                  m ->
                      new Cell(
                          frame.identity(),
                          m.model(),
                          all.lines().get(m.line()).series().setting(),
                          m.placement(),
                          m.replicate(),
                          Cell.Predicts.TESTED,
                          context.config().seed()))
              .toList();
      List<CellFiles.Place> own = new ArrayList<>();
      String what = name + " without " + set.name();
      for (Engine.Outcome outcome : engines(context, frame).run(what, cells, context.progress())) {
        own.add(outcome.place().orElse(null));
        if (outcome.place().isEmpty()) {
          context.add(
              Tables.FAILURES,
              new Failure(
                  name,
                  data.name(),
                  outcome.cell().model().name(),
                  outcome.cell().label() + ", without " + set.name(),
                  "fit",
                  outcome.reason()));
        }
      }
      places.add(own);
    }
    return explainer.refitted(name + ": drop-column", members, places, context.progress());
  }

  /** Fits what is to be fitted; a fit that fails is a row in {@code failures}. */
  private List<Explainer.Member> members(RunContext context, Prepared all) {
    List<Integer> of = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    for (int l = 0; l < all.lines().size(); l++) {
      Line line = all.lines().get(l);
      for (int r = 0; line.series().model().isLearned() && r < line.replicates(); r++) {
        of.add(l);
        cells.add(
            new Cell(
                all.frame().identity(),
                line.series().model(),
                line.series().setting(),
                line.placement(),
                r,
                Cell.Predicts.TESTED,
                context.config().seed()));
      }
    }
    List<Engine.Outcome> outcomes =
        cells.isEmpty()
            ? List.of()
            : engines(context, all.frame()).run(name, cells, context.progress());
    List<Explainer.Member> members = new ArrayList<>();
    for (int l = 0; l < all.lines().size(); l++) {
      Line line = all.lines().get(l);
      ModelConfig model = line.series().model();
      if (!model.isLearned()) {
        members.add(
            new Explainer.Member(l, line.series().target(), model, null, line.placement(), 0));
      }
      for (int c = 0; c < cells.size(); c++) {
        Engine.Outcome outcome = outcomes.get(c);
        if (of.get(c) != l) {
          continue;
        }
        if (outcome.place().isEmpty()) {
          context.add(
              Tables.FAILURES,
              new Failure(
                  name,
                  data.name(),
                  model.name(),
                  outcome.cell().label(),
                  "fit",
                  outcome.reason()));
          continue;
        }
        members.add(
            new Explainer.Member(
                l,
                line.series().target(),
                model,
                outcome.place().get(),
                line.placement(),
                outcome.cell().replicate()));
      }
    }
    return members;
  }

  /** Of each feature, whether all rows have the same value. */
  private boolean[] constant(Frame frame) {
    Schema schema = frame.schema();
    frame.blocks().context().setJobDescription(name + ": look for constant columns");
    double[][] ends = // least and greatest of each column
        frame
            .blocks()
            .map(
                block -> {
                  double[][] own = new double[schema.features().size()][];
                  for (int f = 0; f < own.length; f++) {
                    own[f] = ends(block, schema.features().get(f));
                  }
                  return own;
                })
            .treeReduce(
                (a, b) -> {
                  for (int f = 0; f < a.length; f++) {
                    for (int k = 0; k < a[f].length; k += 2) {
                      a[f][k] = Math.min(a[f][k], b[f][k]);
                      a[f][k + 1] = Math.max(a[f][k + 1], b[f][k + 1]);
                    }
                  }
                  return a;
                });
    boolean[] constant = new boolean[ends.length];
    for (int f = 0; f < constant.length; f++) {
      constant[f] = true;
      for (int k = 0; k < ends[f].length; k += 2) {
        constant[f] &= ends[f][k] == ends[f][k + 1];
      }
    }
    return constant;
  }

  /** Least and greatest of each slot of a feature; what is missing is the least of all numbers. */
  private static double[] ends(Block block, Feature feature) {
    boolean text = feature.kind() == Feature.Kind.TEXT;
    double[] ends = new double[2 * Math.max(1, feature.width())];
    for (int k = 0; k < ends.length; k += 2) {
      ends[k] = Double.POSITIVE_INFINITY;
      ends[k + 1] = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < block.size(); i++) {
        double x = text ? block.text(feature.at(), i) : block.numeric(feature.at() + k / 2, i);
        x = Double.isNaN(x) ? Double.NEGATIVE_INFINITY : x;
        ends[k] = Math.min(ends[k], x);
        ends[k + 1] = Math.max(ends[k + 1], x);
      }
    }
    return ends;
  }

  /** One line of the report before its p-value is adjusted and its rank known. */
  private record Found(
      InputSet set,
      Repeats repeats,
      double baseline,
      CorrectedT splits,
      Influence influence,
      long n,
      String reason) {}

  /** All that was measured by one method. */
  private final class Evidence {
    private final Prepared all;
    private final Importance.Method method;
    private final List<Explainer.Member> members;
    private final int groups;
    private final Map<Place, Explainer.Measured> measured = new HashMap<>();
    private final Map<Part, double[]> summed = new HashMap<>();
    private final Map<Place, double[]> sums = new HashMap<>();
    private final Map<Left, Explainer.Deleted> deleted = new HashMap<>();
    private int repeats;

    private record Place(int member, int set, int repeat, int slice) {}

    private record Part(int member, int set) {}

    private record Left(int member, int set, int slice, int metric) {}

    Evidence(Prepared all, Importance.Method method, List<Explainer.Member> members, int groups) {
      this.all = all;
      this.method = method;
      this.members = members;
      this.groups = groups;
    }

    void add(Explainer.Result result, int more) {
      for (Explainer.Measured m : result.measured()) {
        measured.put(new Place(m.member(), m.set(), m.repeat(), m.slice()), m);
      }
      for (Explainer.Summed s : result.summed()) {
        int size = s.byGroup().length / groups; // of a repeat
        for (int r = 0; r < s.byRepeat().length / Math.max(1, size); r++) {
          sums.put(
              new Place(s.member(), s.set(), s.repeat() + r, -1),
              Arrays.copyOfRange(s.byRepeat(), r * size, (r + 1) * size));
        }
        summed.merge(
            new Part(s.member(), s.set()),
            s.byGroup(),
            (a, b) -> {
              double[] sum = new double[a.length];
              Arrays.setAll(sum, k -> a[k] + b[k]);
              return sum;
            });
      }
      for (Explainer.Deleted d : result.deleted()) {
        deleted.merge(
            new Left(d.member(), d.set(), d.slice(), d.metric()), d, Explainer.Deleted::plus);
      }
      repeats += more;
    }

    /** The members of a line; empty when a fit failed. */
    List<Integer> of(int line) {
      List<Integer> own =
          IntStream.range(0, members.size())
              .filter(m -> members.get(m).line() == line)
              .boxed()
              .toList();
      return own.size() == all.lines().get(line).replicates() ? own : List.of();
    }

    /** Rows as they are, of each member that has some in a slice. */
    List<Explainer.Measured> baseline(List<Integer> own, int slice) {
      return own.stream()
          .map(m -> measured.get(new Place(m, -1, 0, slice)))
          .filter(m -> m != null)
          .toList();
    }

    Value value(int member, int set, int repeat, int slice, int metric) {
      RowSums rowSums = new RowSums(members.get(member).target(), all.metrics());
      Explainer.Measured base = measured.get(new Place(member, -1, 0, slice));
      if (base == null) {
        return Value.undefined("a split has no rows of the slice");
      }
      if (!rowSums.has(metric)) {
        int at =
            set < 0
                ? metric
                : (int) IntStream.range(0, metric).filter(m -> !rowSums.has(m)).count();
        Explainer.Measured m = measured.get(new Place(member, set, repeat, slice));
        return m == null ? Value.undefined("a fit failed") : m.values().get(at);
      }
      double[] own = sums.get(new Place(member, set, repeat, -1));
      if (own == null) {
        return Value.undefined("a fit failed");
      }
      int from = slice * rowSums.size();
      double value = rowSums.value(metric, Arrays.copyOfRange(own, from, from + rowSums.size()));
      return Double.isNaN(value)
          ? Value.undefined(
              base.values().get(metric).isDefined()
                  ? "undefined once inputs are exchanged"
                  : base.values().get(metric).reason())
          : Value.of(value);
    }

    Influence influence(int line, List<Integer> own, int set, int metric, int slice) {
      RowSums sums = new RowSums(all.lines().get(line).series().target(), all.metrics());
      return sums.has(metric)
          ? InputImportance.this.influence(
              all.metrics().get(metric),
              sums,
              metric,
              own.stream().map(m -> summed.get(new Part(m, -1))).toList(),
              own.stream().map(m -> summed.get(new Part(m, set))).toList(),
              slice,
              groups,
              method != Importance.Method.DROP_COLUMN)
          : ranked(own, set, metric, slice);
    }

    /** The same of a metric without sums, where it is known without each group of rows. */
    private Influence ranked(List<Integer> own, int set, int metric, int slice) {
      double[] without = new double[groups];
      boolean[] has = new boolean[groups];
      double all = 0;
      for (int member : own) {
        Explainer.Deleted base = deleted.get(new Left(member, -1, slice, metric));
        Explainer.Deleted changed = deleted.get(new Left(member, set, slice, metric));
        if (base == null || changed == null) {
          return Influence.NONE;
        }
        double value = 0;
        for (int r = 0; r < repeats; r++) {
          value += value(member, set, r, slice, metric).value();
        }
        Metric.Direction direction = this.all.metrics().get(metric).direction();
        double unchanged = value(member, -1, 0, slice, metric).value();
        all += settings.scale().of(direction, unchanged, value / repeats) / own.size();
        for (int g = 0; g < groups; g++) {
          has[g] |= base.has()[g];
          without[g] +=
              settings.scale().of(direction, base.without()[g], changed.without()[g] / repeats)
                  / own.size();
        }
      }
      return Influence.of(
          all,
          IntStream.range(0, groups).filter(g -> has[g]).mapToDouble(g -> without[g]).toArray(),
          settings.scale().none());
    }

    /** Whether the error of the draw is small beside that of the rows, wherever this is known. */
    boolean isPrecise() {
      for (int line = 0; line < all.lines().size(); line++) {
        List<Integer> own = of(line);
        for (int metric = 0; metric < all.metrics().size() && !own.isEmpty(); metric++) {
          for (int set = 0; set < all.sets().size(); set++) {
            Influence rows = influence(line, own, set, metric, 0);
            double[][] values = values(own, set, 0, metric);
            double error = new Repeats(values).shuffleError();
            if (rows.isKnown() && error > Importance.RepeatRule.SHARE * rows.error()) {
              return false;
            }
          }
        }
      }
      return true;
    }

    /** Importances by split and repeat. */
    double[][] values(List<Integer> own, int set, int slice, int metric) {
      double[][] values = new double[own.size()][repeats];
      for (int split = 0; split < own.size(); split++) {
        double base = value(own.get(split), -1, 0, slice, metric).value();
        for (int r = 0; r < repeats; r++) {
          values[split][r] =
              settings
                  .scale()
                  .of(
                      all.metrics().get(metric).direction(),
                      base,
                      value(own.get(split), set, r, slice, metric).value());
        }
      }
      return values;
    }
  }

  private void report(
      RunContext context,
      Prepared all,
      Importance.Method method,
      Evidence evidence,
      List<Explainer.Condition> conditions,
      boolean[] constant) {
    for (int l = 0; l < all.lines().size(); l++) {
      Line line = all.lines().get(l);
      List<Integer> own = evidence.of(l);
      FoldTally tally = FoldTally.of(all.frame(), line.placement(), 0);
      double train = 0;
      for (int r = 0; r < line.replicates(); r++) {
        train += (double) tally.rows(r, 0) / line.replicates();
      }
      for (int slice = 0; slice < all.frame().slicing().size(); slice++) {
        List<Explainer.Measured> base = evidence.baseline(own, slice);
        if (base.isEmpty()) {
          continue;
        }
        double test = base.stream().mapToLong(Explainer.Measured::n).average().orElse(0);
        for (int metric = 0; metric < all.metrics().size(); metric++) {
          List<Found> found = new ArrayList<>();
          for (int set = 0; set < all.sets().size(); set++) {
            found.add(
                found(
                    evidence,
                    own,
                    set,
                    slice,
                    metric,
                    line.isPlanned() ? train : Double.NaN,
                    test,
                    constant,
                    evidence.influence(l, own, set, metric, slice)));
          }
          add(
              context,
              all,
              line,
              method,
              all.frame().slicing().name(slice),
              metric,
              found,
              set -> conditions == null ? "" : describe(all.frame(), conditions.get(set)));
        }
      }
    }
  }

  private Found found(
      Evidence evidence,
      List<Integer> own,
      int set,
      int slice,
      int metric,
      double train,
      double test,
      boolean[] constant,
      Influence influence) {
    InputSet inputs = evidence.all.sets().get(set);
    double baseline = 0;
    String reason = "";
    for (int member : own) {
      Value base = evidence.value(member, -1, 0, slice, metric);
      baseline += base.value() / own.size();
      reason = base.isDefined() ? reason : base.reason();
      for (int r = 0; r < evidence.repeats; r++) {
        Value changed = evidence.value(member, set, r, slice, metric);
        reason = changed.isDefined() ? reason : changed.reason();
      }
    }
    Repeats repeats = new Repeats(evidence.values(own, set, slice, metric));
    if (Double.isNaN(repeats.value()) && reason.isEmpty()) {
      reason = "a ratio to 0";
    }
    if (Arrays.stream(inputs.features()).allMatch(f -> constant[f])) {
      reason =
          inputs.features().length == 1
              ? "constant: all rows have the same value"
              : "constant: all rows have the same values";
    }
    CorrectedT t =
        own.size() > 1 && !Double.isNaN(train)
            ? CorrectedT.of(repeats.bySplit(), train, test, settings.level())
            : null;
    long n = evidence.all.frame().slicing().count(slice);
    return new Found(inputs, repeats, baseline, t, influence, n, reason);
  }

  /**
   * What the rows say of the error.
   *
   * @param base of each split the sums of rows as they are
   * @param changed of each split the sums with the set's inputs exchanged
   */
  private Influence influence(
      Metric<?> metric,
      RowSums sums,
      int number,
      List<double[]> base,
      List<double[]> changed,
      int slice,
      int groups,
      boolean donated) {
    double[] without = new double[groups];
    boolean[] has = new boolean[groups];
    double all = 0;
    for (int split = 0; split < base.size(); split++) {
      if (base.get(split) == null || changed.get(split) == null) {
        return Influence.NONE;
      }
      double[][] own = bySum(base.get(split), slice, sums.size(), groups);
      double[][] other = bySum(changed.get(split), slice, sums.size(), groups);
      double[] total = totals(own, 1);
      // Where rows have donors each is in the sums as a row and as a donor.
      double[] otherTotal = totals(other, donated ? 0.5 : 1);
      double importance =
          settings
              .scale()
              .of(metric.direction(), sums.value(number, total), sums.value(number, otherTotal));
      all += importance / base.size();
      for (int g = 0; g < groups; g++) {
        double[] rest = total.clone();
        double[] otherRest = otherTotal.clone();
        boolean any = false;
        for (int k = 0; k < rest.length; k++) {
          any |= own[k][g] != 0 || other[k][g] != 0;
          rest[k] -= own[k][g];
          otherRest[k] -= other[k][g];
        }
        has[g] |= any;
        without[g] +=
            (any
                    ? settings
                        .scale()
                        .of(
                            metric.direction(),
                            sums.value(number, rest),
                            sums.value(number, otherRest))
                    : importance)
                / base.size();
      }
    }
    return Influence.of(
        all,
        IntStream.range(0, groups).filter(g -> has[g]).mapToDouble(g -> without[g]).toArray(),
        settings.scale().none());
  }

  /** Sums of a slice, by number and group. */
  private static double[][] bySum(double[] sums, int slice, int size, int groups) {
    double[][] all = new double[size][];
    for (int k = 0; k < size; k++) {
      int at = (slice * size + k) * groups;
      all[k] = Arrays.copyOfRange(sums, at, at + groups);
    }
    return all;
  }

  private static double[] totals(double[][] sums, double factor) {
    return Arrays.stream(sums)
        .mapToDouble(
            groups -> {
              double total = 0;
              for (double group : groups) {
                total += group;
              }
              return factor * total;
            })
        .toArray();
  }

  private void add(
      RunContext context,
      Prepared all,
      Line line,
      Importance.Method method,
      String slice,
      int metric,
      List<Found> found,
      IntFunction<String> conditioned) {
    double[] p =
        Influence.signFlips(
            found.stream().map(Found::influence).toList(),
            Keyed.of(context.config().seed(), "importance signs"),
            FLIPS);
    double[] adjusted = adjusted(found, p);
    int[] rank = ranks(found);
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> found.get(i).set().kind())
                    .thenComparing(i -> rank[i] == 0)
                    .thenComparing(i -> rank[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i : order) {
      Found f = found.get(i);
      double value = f.repeats().value();
      Interval interval =
          f.splits() != null
              ? f.splits().interval()
              : f.influence().isKnown()
                  ? f.influence().interval(value, settings.level())
                  : Interval.none(settings.level());
      boolean none = !interval.isDefined();
      List<String> reasons = new ArrayList<>();
      if (!f.reason().isEmpty()) {
        reasons.add(f.reason());
      }
      if (!conditioned.apply(i).isEmpty()) {
        reasons.add(conditioned.apply(i));
      }
      if (line.series().model().isLearned() && !line.isPlanned()) {
        reasons.add("measured on the rows that the model was fitted to");
      }
      context.add(
          Tables.IMPORTANCES,
          new ImportanceRow(
              name,
              data.name(),
              line.series().model().name(),
              slice,
              all.metrics().get(metric).spec(),
              line.series().params(),
              f.set().name(),
              f.set().kind() == InputSet.Kind.SINGLE ? "" : String.join(",", f.set().members()),
              method.label(),
              settings.scale().label(),
              f.repeats().repeats(),
              f.baseline(),
              value,
              f.splits() == null ? f.influence().error() : f.splits().standardError(),
              none ? "" : interval.method(),
              none ? Double.NaN : interval.level(),
              interval.low(),
              interval.high(),
              Double.isNaN(p[i]) ? "" : "sign-flip",
              p[i],
              Double.isNaN(p[i]) ? "" : settings.adjust().label(),
              adjusted[i],
              rank[i],
              f.repeats().spreadShuffle(),
              f.influence().error(),
              f.repeats().spreadSplit(),
              f.n(),
              f.n() * f.repeats().repeats(),
              String.join("; ", reasons)));
    }
  }

  /** Places by value among the single columns, and among the groups; 0 for undefined values. */
  private static int[] ranks(List<Found> found) {
    int[] ranks = new int[found.size()];
    for (int i = 0; i < ranks.length; i++) {
      double value = found.get(i).repeats().value();
      if (!Double.isNaN(value)) {
        ranks[i] = 1;
        for (Found other : found) {
          boolean isAhead =
              other.set().kind() == found.get(i).set().kind() && other.repeats().value() > value;
          ranks[i] += isAhead ? 1 : 0;
        }
      }
    }
    return ranks;
  }

  /** P-values adjusted over the inputs, single columns and groups apart. */
  private double[] adjusted(List<Found> found, double[] p) {
    double[] all = new double[p.length];
    for (InputSet.Kind kind : InputSet.Kind.values()) {
      int[] own =
          IntStream.range(0, p.length).filter(i -> found.get(i).set().kind() == kind).toArray();
      double[] adjusted =
          settings.adjust().adjust(Arrays.stream(own).mapToDouble(i -> p[i]).toArray());
      for (int k = 0; k < own.length; k++) {
        all[own[k]] = adjusted[k];
      }
    }
    return all;
  }
}
