package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.inference.Interval;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.CellFiles;
import org.assay.jobs.engine.Engine;
import org.assay.jobs.engine.Engines;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.engine.FoldTally;
import org.assay.jobs.engine.InputSet;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Feature;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Schema;
import org.assay.metric.Metric;
import org.assay.report.Failure;
import org.assay.report.ImportanceRow;
import org.assay.report.Tables;

/**
 * What the methods of an importance job work with: the rows, the models and their fits, the inputs,
 * and the lines of the report that they add to. Not thread-safe.
 */
public final class Explained {

  /**
   * A line of results: a model with one setting, or a saved model.
   *
   * @param placement where it is fitted and measured
   * @param fittedElsewhere whether it is fitted to other rows, and measured here alone
   */
  record Line(Series series, Placement placement, boolean fittedElsewhere) {
    int replicates() {
      return placement.design().replicates();
    }

    boolean isLearned() {
      return series.model().isLearned();
    }

    boolean isPlanned() {
      return !placement.design().testsOnTraining();
    }

    /** Whether it is measured on the rows that it learned from. */
    boolean isInSample() {
      return series.model().isLearned() && !isPlanned() && !fittedElsewhere;
    }
  }

  /** What a method or a slice or metric has none of. */
  static final String NONE = "";

  /**
   * One importance before its p-value is adjusted and its rank known.
   *
   * @param repeats how often rows were changed; 1 for what takes none
   * @param baseline NaN where there is none
   * @param stdError NaN where it is not known
   * @param test empty without a p-value
   * @param bySplit values of the splits of a plan; empty where there are none
   * @param reason what to heed; empty when there is nothing to say
   */
  record Found(
      InputSet set,
      int repeats,
      double baseline,
      double value,
      double stdError,
      Interval interval,
      String test,
      double pValue,
      double spreadShuffle,
      double spreadRows,
      double spreadSplit,
      double[] bySplit,
      long n,
      long evaluations,
      String reason) {

    /** One that is not known. */
    static Found none(InputSet set, String reason) {
      return of(set, Double.NaN, Double.NaN, new double[0], 0, reason);
    }

    /** One that has no test. */
    static Found of(
        InputSet set, double value, double spreadSplit, double[] bySplit, long n, String reason) {
      return new Found(
          set,
          1,
          Double.NaN,
          value,
          Double.NaN,
          Interval.none(0.95),
          "",
          Double.NaN,
          Double.NaN,
          Double.NaN,
          spreadSplit,
          bySplit,
          n,
          0,
          reason);
    }
  }

  private final RunContext context;
  private final InputImportance job;
  private final DataConfig data;
  private final Frame frame;
  private final Placement everything;
  private final Explained fitted;
  private final List<Line> lines;
  private final List<InputSet> sets;
  private final List<Metric<?>> metrics;
  private final List<ImportanceRow> rows = new ArrayList<>();
  private final List<Ordering> orders = new ArrayList<>();
  private final IdentityHashMap<Line, Double> training = new IdentityHashMap<>();
  private List<Explainer.Member> members;
  private List<Explainer.Member> all;
  private boolean[] constant;

  /**
   * Inputs of models.
   *
   * @param everything all rows, to fit and to measure on
   */
  Explained(
      RunContext context,
      InputImportance job,
      Frame frame,
      Placement everything,
      List<Line> lines,
      List<InputSet> sets,
      List<Metric<?>> metrics) {
    this(context, job, job.data(), frame, everything, null, lines, sets, metrics);
  }

  /**
   * Inputs of models.
   *
   * @param fitted where the models are fitted; null for here
   */
  private Explained(
      RunContext context,
      InputImportance job,
      DataConfig data,
      Frame frame,
      Placement everything,
      Explained fitted,
      List<Line> lines,
      List<InputSet> sets,
      List<Metric<?>> metrics) {
    this.context = context;
    this.job = job;
    this.data = data;
    this.frame = frame;
    this.everything = everything;
    this.fitted = fitted;
    this.lines = List.copyOf(lines);
    this.sets = List.copyOf(sets);
    this.metrics = List.copyOf(metrics);
  }

  /**
   * The same inputs of the same models, fitted to all rows here and measured on those of another
   * frame.
   *
   * @param measured the other frame's configuration
   * @param on the other frame, with the features of this one
   * @param all its rows
   */
  Explained on(DataConfig measured, Frame on, Placement all) {
    List<Line> same =
        lines.stream().map(line -> new Line(line.series(), all, line.isLearned())).toList();
    return new Explained(context, job, measured, on, all, this, same, sets, metrics);
  }

  RunContext context() {
    return context;
  }

  /** The job's name. */
  String name() {
    return job.name();
  }

  /** The data set whose rows are measured. */
  DataConfig data() {
    return data;
  }

  Importance.Settings settings() {
    return job.settings();
  }

  Frame frame() {
    return frame;
  }

  List<Line> lines() {
    return lines;
  }

  /** The inputs to look at. */
  List<InputSet> sets() {
    return sets;
  }

  List<Metric<?>> metrics() {
    return metrics;
  }

  /** The seed of all that is random. */
  long seed() {
    return context.config().seed();
  }

  CellFiles files() {
    return context.cells().in("models");
  }

  /** What fits models to a frame. */
  Engines engines(Frame to) {
    return engines(to, this::files);
  }

  /** What fits models to a frame, and leaves its files there. */
  Engines engines(Frame to, Supplier<CellFiles> in) {
    Engines engines = new Engines(context.spark(), to, in, settings().engines());
    engines.check(job.models().stream().filter(ModelConfig::isLearned).toList());
    return engines;
  }

  /** What measures models whose inputs are changed; to be closed. */
  Explainer explainer(List<InputSet> changed, Explainer.Draw draw) {
    return new Explainer(
        context.spark(), frame, files(), changed, metrics, settings().exchange(draw), seed());
  }

  /** Rows that a line is fitted to, on average over its replicates. */
  double trainingRows(Line line) {
    return training.computeIfAbsent(
        line,
        one -> {
          FoldTally tally = FoldTally.of(frame, one.placement(), 0);
          double rows = 0;
          for (int r = 0; r < one.replicates(); r++) {
            rows += (double) tally.rows(r, 0) / one.replicates();
          }
          return rows;
        });
  }

  /** The fits of each line, so many replicates each, and those to all rows for further data. */
  long fits() {
    boolean toAll = !settings().evaluate().isEmpty();
    return lines.stream()
        .filter(Line::isLearned)
        .mapToLong(line -> line.replicates() + (toAll && line.isPlanned() ? 1 : 0))
        .sum();
  }

  /** A disjoint view of the inputs: the groups, and the columns that are in none. */
  List<InputSet> disjoint(String method) {
    List<InputSet> groups = sets.stream().filter(set -> set.kind() == InputSet.Kind.GROUP).toList();
    Set<Integer> taken = new HashSet<>();
    for (InputSet group : groups) {
      for (int f = 0; f < group.features().length; f++) {
        if (!taken.add(group.features()[f])) {
          throw settings()
              .section()
              .wrong(
                  "method",
                  method
                      + " divides a whole among inputs, and '"
                      + group.members().get(f)
                      + "' is in two groups; let it be in one, or use another method");
        }
      }
    }
    List<InputSet> all = new ArrayList<>();
    for (InputSet set : sets) {
      if (set.kind() == InputSet.Kind.GROUP || !taken.contains(set.features()[0])) {
        all.add(set);
      }
    }
    return all;
  }

  /** Fits what is to be fitted, once; a fit that fails is a row in {@code failures}. */
  List<Explainer.Member> members() {
    if (members == null && fitted != null) {
      members = fitted.toAll().stream().map(member -> member.on(everything)).toList();
    }
    if (members == null) {
      List<Fitting> fittings = new ArrayList<>();
      for (int l = 0; l < lines.size(); l++) {
        fittings.add(new Fitting(l, lines.get(l).placement()));
      }
      members = fitted(fittings, frame, name(), "").stream().flatMap(List::stream).toList();
    }
    return members;
  }

  /** What is fitted to all rows, once, whatever the plan. */
  private List<Explainer.Member> toAll() {
    if (all == null) {
      List<Fitting> planned =
          IntStream.range(0, lines.size())
              .filter(l -> lines.get(l).isPlanned())
              .mapToObj(l -> new Fitting(l, everything))
              .toList();
      all =
          new ArrayList<>(
              members().stream().filter(m -> !lines.get(m.line()).isPlanned()).toList());
      fitted(planned, frame, name() + ": fit to all rows", ", all rows").forEach(all::addAll);
    }
    return all;
  }

  /** A line in all replicates of a design. */
  record Fitting(int line, Placement placement) {}

  /**
   * Fits lines anew, all together; a fit that fails is a row in {@code failures}.
   *
   * @param to the rows to fit to
   * @param what the work, as a person reads it
   * @param special what is special about these fits, in failures; empty for nothing
   * @return the fits of each, without those that failed
   */
  List<List<Explainer.Member>> fitted(
      List<Fitting> fittings, Frame to, String what, String special) {
    List<Cell> cells = new ArrayList<>();
    for (Fitting fitting : fittings) {
      Line line = lines.get(fitting.line());
      int replicates = fitting.placement().design().replicates();
      for (int r = 0; line.isLearned() && r < replicates; r++) {
        cells.add(
            new Cell(
                to.identity(),
                line.series().model(),
                line.series().setting(),
                fitting.placement(),
                r,
                Cell.Predicts.TESTED,
                seed()));
      }
    }
    List<Engine.Outcome> outcomes =
        cells.isEmpty() ? List.of() : engines(to).run(what, cells, context.progress());
    Iterator<Engine.Outcome> next = outcomes.iterator();
    List<List<Explainer.Member>> all = new ArrayList<>();
    for (Fitting fitting : fittings) {
      int l = fitting.line();
      Series series = lines.get(l).series();
      List<Explainer.Member> own = new ArrayList<>();
      if (!series.model().isLearned()) {
        own.add(
            new Explainer.Member(l, series.target(), series.model(), null, fitting.placement(), 0));
      }
      int replicates = fitting.placement().design().replicates();
      for (int r = 0; series.model().isLearned() && r < replicates; r++) {
        Engine.Outcome outcome = next.next();
        if (outcome.place().isEmpty()) {
          failure(series.model().name(), outcome.cell().label() + special, outcome.reason());
          continue;
        }
        own.add(
            new Explainer.Member(
                l, series.target(), series.model(), outcome.place().get(), fitting.placement(), r));
      }
      all.add(own);
    }
    return all;
  }

  /** Notes a fit that failed. */
  void failure(String model, String cell, String reason) {
    context.add(Tables.FAILURES, new Failure(name(), data().name(), model, cell, "fit", reason));
  }

  /** The places of a line's members among these; empty when a fit of it failed. */
  List<Integer> of(int line, List<Explainer.Member> all) {
    List<Integer> own =
        IntStream.range(0, all.size()).filter(m -> all.get(m).line() == line).boxed().toList();
    return own.size() == lines.get(line).replicates() ? own : List.of();
  }

  /** Of each feature, whether all rows have the same value. */
  boolean[] constant() {
    if (constant == null) {
      constant = constants();
    }
    return constant;
  }

  /** Whether all rows are alike in a set's inputs. */
  boolean isConstant(InputSet set) {
    boolean[] all = constant();
    return Arrays.stream(set.features()).allMatch(f -> all[f]);
  }

  /** Why the importance of a set is nothing; empty when rows differ in it. */
  String constancy(InputSet set) {
    return !isConstant(set)
        ? ""
        : set.features().length == 1
            ? "constant: all rows have the same value"
            : "constant: all rows have the same values";
  }

  private boolean[] constants() {
    Schema schema = frame.schema();
    frame.blocks().context().setJobDescription(name() + ": look for constant columns");
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
    frame.blocks().context().setJobDescription(null);
    boolean[] all = new boolean[ends.length];
    for (int f = 0; f < all.length; f++) {
      all[f] = true;
      for (int k = 0; k < ends[f].length; k += 2) {
        all[f] &= ends[f][k] == ends[f][k + 1];
      }
    }
    return all;
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

  /**
   * Adds lines of one model, slice and metric, in the order of their ranks.
   *
   * @param slice name of the slice; empty for all rows
   * @param metric the metric's; empty where none was measured
   * @param scale what the values are in
   */
  void add(Line line, String method, String slice, String metric, String scale, List<Found> found) {
    orders.add(Ordering.of(line, method, slice, metric, scale, found));
    double[] adjusted = adjusted(found);
    int[] rank = ranks(found);
    int[] order =
        IntStream.range(0, rank.length)
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> found.get(i).set().kind())
                    .thenComparing(i -> rank[i] == 0)
                    .thenComparing(i -> rank[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i : order) {
      Found f = found.get(i);
      boolean none = !f.interval().isDefined();
      boolean tested = !Double.isNaN(f.pValue());
      rows.add(
          new ImportanceRow(
              name(),
              data().name(),
              line.series().model().name(),
              slice,
              metric,
              line.series().params(),
              f.set().name(),
              f.set().kind() == InputSet.Kind.SINGLE ? "" : String.join(",", f.set().members()),
              method,
              scale,
              f.repeats(),
              f.baseline(),
              f.value(),
              f.stdError(),
              none ? "" : f.interval().method(),
              none ? Double.NaN : f.interval().level(),
              f.interval().low(),
              f.interval().high(),
              tested ? f.test() : "",
              f.pValue(),
              tested ? settings().adjust().label() : "",
              adjusted[i],
              rank[i],
              f.spreadShuffle(),
              f.spreadRows(),
              f.spreadSplit(),
              f.n(),
              f.evaluations(),
              f.reason(),
              Double.NaN));
    }
  }

  /** What is to be heeded in reading a value, of the parts that say something. */
  static String reasons(String... parts) {
    return String.join("; ", Arrays.stream(parts).filter(part -> !part.isEmpty()).toList());
  }

  /** Said of values that are measured where the model was fitted. */
  static String inSample(Line line) {
    return line.isInSample() ? "measured on the rows that the model was fitted to" : "";
  }

  /** The lines added so far. */
  List<ImportanceRow> rows() {
    return rows;
  }

  /** The orders of inputs that were added. */
  List<Ordering> orders() {
    return orders;
  }

  /** Places by value among the single columns, and among the groups; 0 for undefined values. */
  private static int[] ranks(List<Found> found) {
    int[] ranks = new int[found.size()];
    for (int i = 0; i < ranks.length; i++) {
      double value = found.get(i).value();
      if (!Double.isNaN(value)) {
        ranks[i] = 1;
        for (Found other : found) {
          boolean isAhead =
              other.set().kind() == found.get(i).set().kind() && other.value() > value;
          ranks[i] += isAhead ? 1 : 0;
        }
      }
    }
    return ranks;
  }

  /** P-values adjusted over the inputs, single columns and groups apart. */
  private double[] adjusted(List<Found> found) {
    double[] all = new double[found.size()];
    for (InputSet.Kind kind : InputSet.Kind.values()) {
      int[] own =
          IntStream.range(0, all.length).filter(i -> found.get(i).set().kind() == kind).toArray();
      double[] adjusted =
          settings()
              .adjust()
              .adjust(Arrays.stream(own).mapToDouble(i -> found.get(i).pValue()).toArray());
      for (int k = 0; k < own.length; k++) {
        all[own[k]] = adjusted[k];
      }
    }
    return all;
  }

  /** The mean, and the standard deviation; NaN for one number. */
  static double[] meanAndSpread(double[] each) {
    double mean = Arrays.stream(each).sum() / each.length;
    double squares = Arrays.stream(each).map(x -> (x - mean) * (x - mean)).sum();
    return new double[] {
      mean, each.length < 2 ? Double.NaN : Math.sqrt(squares / (each.length - 1))
    };
  }
}
