package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.design.Plan;
import org.assay.design.Population;
import org.assay.design.Resubstitution;
import org.assay.importance.Influence;
import org.assay.importance.Repeats;
import org.assay.importance.RowGroups;
import org.assay.importance.RowSums;
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
    return new Prepared(frame, lines, sets(schema), metrics);
  }

  private List<InputSet> sets(Schema schema) {
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
    settings
        .groups()
        .forEach(
            (group, members) -> {
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
    return sets;
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
        lines.add("  engine      " + model.name() + ": " + engines.describe(model, placement));
      }
    }
    lines.add("  fits        " + fits);
    long singles = all.sets().stream().filter(s -> s.kind() == InputSet.Kind.SINGLE).count();
    lines.add(
        "  inputs      " + singles + " columns, " + (all.sets().size() - singles) + " groups");
    for (Importance.Method method : settings.methods()) {
      lines.add(
          "  method      "
              + method.label()
              + ", "
              + settings.repeats()
              + (settings.repeats() == 1 ? " repeat, " : " repeats, ")
              + Explainer.describe(frame.schema(), settings.exchange(method)));
      lines.add(
          "  evaluations "
              + rows * all.sets().size() * settings.repeats()
              + " rows, and "
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
        Explainer.Result measured =
            explainer.measure(
                name + ": " + method.label(), members, 0, settings.repeats(), context.progress());
        RowGroups groups = explainer.groups(members);
        report(context, all, method, members, measured, groups.count(), constant);
      }
    }
    context.context().setJobDescription(null);
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

  private void report(
      RunContext context,
      Prepared all,
      Importance.Method method,
      List<Explainer.Member> members,
      Explainer.Result result,
      int groups,
      boolean[] constant) {
    record Place(int member, int set, int repeat, int slice) {}
    Map<Place, Explainer.Measured> at = new HashMap<>();
    for (Explainer.Measured m : result.measured()) {
      at.put(new Place(m.member(), m.set(), m.repeat(), m.slice()), m);
    }
    record Part(int member, int set) {}
    Map<Part, double[]> summed = new HashMap<>();
    for (Explainer.Summed s : result.summed()) {
      summed.merge(
          new Part(s.member(), s.set()),
          s.sums(),
          (a, b) -> {
            Arrays.setAll(a, k -> a[k] + b[k]);
            return a;
          });
    }
    for (int l = 0; l < all.lines().size(); l++) {
      Line line = all.lines().get(l);
      int number = l;
      List<Integer> own =
          IntStream.range(0, members.size())
              .filter(m -> members.get(m).line() == number)
              .boxed()
              .toList();
      if (own.size() < line.replicates()) {
        continue; // a fit failed, and is in failures
      }
      FoldTally tally = FoldTally.of(all.frame(), line.placement(), 0);
      double train = 0;
      for (int r = 0; r < line.replicates(); r++) {
        train += (double) tally.rows(r, 0) / line.replicates();
      }
      for (int slice = 0; slice < all.frame().slicing().size(); slice++) {
        int s = slice;
        List<Explainer.Measured> base =
            own.stream().map(m -> at.get(new Place(m, -1, 0, s))).filter(m -> m != null).toList();
        if (base.isEmpty()) {
          continue;
        }
        double test = base.stream().mapToLong(Explainer.Measured::n).average().orElse(0);
        long n = all.frame().slicing().count(slice);
        RowSums sums = new RowSums(line.series().target(), all.metrics());
        for (int metric = 0; metric < all.metrics().size(); metric++) {
          List<Found> found = new ArrayList<>();
          for (int set = 0; set < all.sets().size(); set++) {
            int k = metric;
            int i = set;
            found.add(
                found(
                    all.sets().get(set),
                    all.metrics().get(metric),
                    own.size(),
                    (split, repeat) -> {
                      Explainer.Measured m =
                          at.get(
                              new Place(
                                  own.get(split), repeat < 0 ? -1 : i, Math.max(0, repeat), s));
                      return m == null
                          ? Value.undefined("a split has no rows of the slice")
                          : m.values().get(k);
                    },
                    line.isPlanned() ? train : Double.NaN,
                    test,
                    n,
                    constant,
                    sums.has(metric)
                        ? influence(
                            all.metrics().get(metric),
                            sums,
                            metric,
                            own.stream().map(m -> summed.get(new Part(m, -1))).toList(),
                            own.stream().map(m -> summed.get(new Part(m, i))).toList(),
                            slice,
                            groups)
                        : Influence.NONE));
          }
          add(context, all, line, method, all.frame().slicing().name(slice), metric, found);
        }
      }
    }
  }

  /** The measured value of a split in a repeat; of the rows as they are for repeat -1. */
  private interface Measure {
    Value of(int split, int repeat);
  }

  private Found found(
      InputSet set,
      Metric<?> metric,
      int splits,
      Measure measure,
      double train,
      double test,
      long n,
      boolean[] constant,
      Influence influence) {
    double[][] values = new double[splits][settings.repeats()];
    double baseline = 0;
    String reason = "";
    for (int split = 0; split < splits; split++) {
      Value base = measure.of(split, -1);
      baseline += base.value() / splits;
      reason = base.isDefined() ? reason : base.reason();
      for (int r = 0; r < values[split].length; r++) {
        Value changed = measure.of(split, r);
        reason = changed.isDefined() ? reason : changed.reason();
        values[split][r] = settings.scale().of(metric.direction(), base.value(), changed.value());
        if (Double.isNaN(values[split][r]) && reason.isEmpty()) {
          reason = "a ratio to 0";
        }
      }
    }
    Repeats repeats = new Repeats(values);
    boolean isConstant = Arrays.stream(set.features()).allMatch(f -> constant[f]);
    if (isConstant) {
      reason =
          set.features().length == 1
              ? "constant: all rows have the same value"
              : "constant: all rows have the same values";
    }
    CorrectedT t =
        splits > 1 && !Double.isNaN(train)
            ? CorrectedT.of(repeats.bySplit(), train, test, settings.level())
            : null;
    return new Found(set, repeats, baseline, t, influence, n, reason);
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
      int groups) {
    double[] without = new double[groups];
    boolean[] has = new boolean[groups];
    double all = 0;
    for (int split = 0; split < base.size(); split++) {
      if (base.get(split) == null) {
        return Influence.NONE;
      }
      double[][] own = bySum(base.get(split), slice, sums.size(), groups);
      double[][] other = bySum(changed.get(split), slice, sums.size(), groups);
      double[] total = totals(own, 1);
      double[] otherTotal = totals(other, 0.5); // each row is in it as a row and as a donor
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
      List<Found> found) {
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
