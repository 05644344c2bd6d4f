package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.config.ModelConfig;
import org.assay.importance.Conditioning;
import org.assay.importance.Exchange;
import org.assay.importance.FeatureGroups;
import org.assay.importance.RowGroups;
import org.assay.importance.RowSums;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.frame.RawRows;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.frame.Slicing;
import org.assay.jobs.model.SavedPipeline;
import org.assay.metric.Metric;
import org.assay.metric.Scorecard;
import org.assay.metric.Target;
import org.assay.metric.Value;
import org.assay.random.Keyed;
import scala.Tuple2;

/**
 * Measures models on rows in which columns are those of other rows.
 *
 * <p>Every task has rows with their donors, and answers them for every set of inputs and every
 * model: one pass for all. Scorecards merge exactly, so values do not depend on how tasks ran.
 */
public final class Explainer implements AutoCloseable {

  /**
   * A model in one replicate of a design.
   *
   * @param line number of the line of results that it belongs to
   * @param target what it answers
   * @param model as configured
   * @param place where its fitted model is kept; null for a saved one
   * @param placement the design, which says on which rows it is measured
   * @param replicate of the design
   */
  public record Member(
      int line,
      Target target,
      ModelConfig model,
      CellFiles.Place place,
      Placement placement,
      int replicate) {}

  /** How rows are exchanged. */
  public enum Draw {
    PERMUTATION,
    SWITCH
  }

  /** Among which rows. */
  public enum Within {
    /** All rows that are measured together. */
    ALL,
    /** Those of the same block: no row leaves its task. */
    BLOCK,
    /** Those of the same class, or quantile bin of a regression's label. */
    STRATUM,
    /** Those of equal values of a column. */
    COLUMN
  }

  /**
   * Strata of rows for the inputs of one set: rows that are alike in other columns.
   *
   * @param given those columns, by the numbers of their features
   */
  public record Condition(Conditioning conditioning, int[] given) implements Serializable {

    int[] of(Schema schema, Block block) {
      double[] rows = new double[block.size() * given.length];
      for (int g = 0; g < given.length; g++) {
        double[] values = schema.features().get(given[g]).values(block, 0, block.size());
        for (int i = 0; i < values.length; i++) {
          rows[i * given.length + g] = values[i];
        }
      }
      return conditioning.strata(rows, block.size());
    }
  }

  /**
   * What is asked.
   *
   * @param within among which rows values are exchanged
   * @param column the column of {@link Within#COLUMN}, as a slot of keys
   * @param bins strata of a regression
   * @param draw how
   * @param memory bytes that rows may take in each task
   * @param cut how rows come to their donors
   */
  public record Settings(
      Within within, String column, int bins, Draw draw, long memory, BatchPlan.Cut cut) {}

  /** Numbers of the sums by group, of all members, sets and slices together, at most. */
  private static final long MOST_SUMS = 1L << 24;

  /** Strata times blocks, at most, where rows are shuffled. */
  private static final long MOST_PLACES = 1L << 24;

  /** Those of a member and set. */
  private static final long MOST_SUMS_OF_A_SET = 1L << 13;

  /**
   * One measured value.
   *
   * @param member its place among the members
   * @param set number of the set of inputs; -1 for none
   * @param repeat number of the repeat; 0 for no set
   * @param slice number of the slice
   * @param n number of rows of positive weight
   * @param values of no set by metric; of a set by metric without sums ({@link RowSums#has})
   */
  public record Measured(int member, int set, int repeat, int slice, long n, List<Value> values)
      implements Serializable {}

  /**
   * What rows add to the sums of which metrics are functions.
   *
   * @param repeat the first of the repeats
   * @param byGroup over these repeats, by slice, then by number of the sum, then by group of rows;
   *     of a set each row is in it by its own group and by its donor's
   * @param byRepeat by repeat, then by slice, then by number of the sum
   */
  public record Summed(int member, int set, int repeat, double[] byGroup, double[] byRepeat)
      implements Serializable {}

  /** What was measured in some repeats. */
  public record Result(List<Measured> measured, List<Summed> summed) {}

  private final SparkSession spark;
  private final JavaSparkContext context;
  private final Frame frame;
  private final CellFiles files;
  private final List<InputSet> sets;
  private final List<Metric<?>> metrics;
  private final Settings settings;
  private final long seed;
  private AllRows all;
  private double[][] ends;

  /** Measures by the metrics, with the inputs of each set exchanged. */
  public Explainer(
      SparkSession spark,
      Frame frame,
      CellFiles files,
      List<InputSet> sets,
      List<Metric<?>> metrics,
      Settings settings,
      long seed) {
    this.spark = spark;
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.frame = frame;
    this.files = files;
    this.sets = sets;
    this.metrics = metrics;
    this.settings = settings;
    this.seed = seed;
  }

  /** Rows that are measured together, and their strata. */
  private record Universe(Placement placement, List<Integer> replicates, List<Numbered> members) {}

  private record Numbered(int number, Member member) {}

  /** Which replicate tests a row, and its stratum among its rows. */
  private record ByReplicate(
      Placement placement,
      int[] replicates,
      Within within,
      int slot,
      double[] keys,
      org.assay.jobs.frame.Strata labels,
      Schema schema,
      Condition condition)
      implements RowExchange.Strata {
    int inner() {
      if (condition != null) {
        return condition.conditioning().strata();
      }
      return switch (within) {
        case ALL, BLOCK -> 1;
        case STRATUM -> labels.names().size();
        case COLUMN -> keys.length;
      };
    }

    @Override
    public int[] of(Block block) {
      int[] strata = new int[block.size()];
      Arrays.fill(strata, -1);
      int[] conditioned = condition == null ? null : condition.of(schema, block);
      for (int k = 0; k < replicates.length; k++) {
        for (int row : placement.tested(replicates[k], block)) {
          int own =
              conditioned != null
                  ? conditioned[row]
                  : switch (within) {
                    case ALL, BLOCK -> 0;
                    case STRATUM -> labels.of(block.label(row));
                    case COLUMN -> Arrays.binarySearch(keys, block.numeric(slot, row));
                  };
          strata[row] = k * inner() + own;
        }
      }
      return strata;
    }
  }

  private List<Universe> universes(List<Member> members) {
    List<Universe> universes = new ArrayList<>();
    for (int number = 0; number < members.size(); number++) {
      Member member = members.get(number);
      Universe found = null;
      for (Universe universe : universes) {
        boolean together =
            universe.replicates().contains(member.replicate())
                || member.placement().design().isPartition()
                    && universe.placement().design().split(universe.replicates().get(0)).repeat()
                        == member.placement().design().split(member.replicate()).repeat();
        if (universe.placement().equals(member.placement()) && together) {
          found = universe;
        }
      }
      if (found == null) {
        found = new Universe(member.placement(), new ArrayList<>(), new ArrayList<>());
        universes.add(found);
      }
      if (!found.replicates().contains(member.replicate())) {
        found.replicates().add(member.replicate());
      }
      found.members().add(new Numbered(number, member));
    }
    return universes;
  }

  private RowExchange.Design design(Universe universe, Condition condition) {
    double[] keys = {};
    int slot = -1;
    if (settings.within() == Within.COLUMN) {
      int at = frame.keySlot(settings.column());
      slot = at;
      keys =
          frame
              .blocks()
              .map(
                  block -> {
                    double[] own = new double[block.size()];
                    Arrays.setAll(own, i -> block.numeric(at, i));
                    return Arrays.stream(own).sorted().distinct().toArray();
                  })
              .collect() // the distinct values of a block each
              .stream()
              .flatMapToDouble(Arrays::stream)
              .sorted()
              .distinct()
              .toArray();
    }
    ByReplicate strata =
        new ByReplicate(
            universe.placement(),
            universe.replicates().stream().mapToInt(Integer::intValue).toArray(),
            settings.within(),
            slot,
            keys,
            settings.within() == Within.STRATUM ? frame.strata(settings.bins()) : null,
            frame.schema(),
            condition);
    org.assay.design.Design design = universe.placement().design();
    if (cut(frame.schema(), settings) == RowExchange.Cut.ROWS
        && (long) universe.replicates().size() * strata.inner() * frame.blockCount()
            > MOST_PLACES) {
      throw UserException.usage(
          "within = "
              + settings.column()
              + ": has "
              + strata.inner()
              + " values, too many for rows that are shuffled; raise memory until every task can hold all rows ("
              + org.assay.config.Section.bytes(2 * bytes(frame.schema()))
              + "), or use another column");
    }
    int first = universe.replicates().get(0);
    long part = design.isPartition() ? design.split(first).repeat() : first;
    return new RowExchange.Design(
        strata,
        universe.replicates().size() * strata.inner(),
        Keyed.of(seed, "importance donors").derive(part),
        settings.draw() == Draw.SWITCH ? RowExchange.Draw.SWITCH : RowExchange.Draw.PERMUTATION);
  }

  /** Bytes that all rows take in a task, more or less. */
  static long bytes(Schema schema) {
    return schema.rows() * Frame.bytesPerRow(schema);
  }

  /** Of each numeric slot the least and the greatest value; infinite where all are missing. */
  public double[][] ends() {
    if (ends == null) {
      int slots = frame.schema().slots();
      context.setJobDescription("look for the ends of columns");
      ends =
          frame
              .blocks()
              .map(
                  block -> {
                    double[][] own = new double[slots][];
                    for (int s = 0; s < slots; s++) {
                      double least = Double.POSITIVE_INFINITY;
                      double most = Double.NEGATIVE_INFINITY;
                      for (int i = 0; i < block.size(); i++) {
                        double x = block.numeric(s, i);
                        least = x < least ? x : least;
                        most = x > most ? x : most;
                      }
                      own[s] = new double[] {least, most};
                    }
                    return own;
                  })
              .treeReduce(
                  (a, b) -> {
                    for (int s = 0; s < a.length; s++) {
                      a[s][0] = Math.min(a[s][0], b[s][0]);
                      a[s][1] = Math.max(a[s][1], b[s][1]);
                    }
                    return a;
                  });
    }
    return ends;
  }

  /** How rows come to their donors: from the data and the configuration alone. */
  static RowExchange.Cut cut(Schema schema, Settings settings) {
    if (settings.within() == Within.BLOCK) {
      return RowExchange.Cut.BLOCK;
    }
    return switch (settings.cut()) {
      case REPLICATES -> RowExchange.Cut.REPLICATES;
      case ROWS -> RowExchange.Cut.ROWS;
      case AUTO ->
          bytes(schema) <= settings.memory() / 2
              ? RowExchange.Cut.REPLICATES
              : RowExchange.Cut.ROWS;
    };
  }

  /** How rows come to their donors, for people. */
  public static String describe(Schema schema, Settings settings) {
    String bytes = org.assay.config.Section.bytes(bytes(schema));
    return switch (cut(schema, settings)) {
      case BLOCK -> "within blocks: no row leaves its task";
      case REPLICATES -> "by replicates: every task holds all rows, " + bytes;
      case ROWS -> "by rows: a shuffle of " + bytes + " per repeat, for all models and inputs";
    };
  }

  /**
   * Measures, some repeats after those before.
   *
   * @param what the work, as a person reads it
   * @param conditions by set, among which rows its inputs are exchanged; null for the same rows for
   *     all, which takes one pass for all sets
   * @param firstRepeat number of the first
   */
  public Result measure(
      String what,
      List<Member> members,
      List<Condition> conditions,
      int firstRepeat,
      int repeats,
      Progress progress) {
    RowExchange.Cut cut = cut(frame.schema(), settings);
    if (cut == RowExchange.Cut.REPLICATES && all == null) {
      all = new AllRows(context, frame, what + ": gather the rows");
    }
    RowExchange exchange = new RowExchange(context, frame, all);
    Result result = new Result(new ArrayList<>(), new ArrayList<>());
    RowGroups groups = groups(members);
    boolean isFirst = firstRepeat == 0;
    for (Universe universe : universes(members)) {
      if (conditions == null) {
        int[] every = IntStream.range(0, sets.size()).toArray();
        Span span = new Span(every, repeats, isFirst);
        JavaRDD<RowExchange.Rows> rows =
            exchange.rows(design(universe, null), cut, firstRepeat, repeats);
        measure(what, universe, rows, groups, span, progress, result);
        continue;
      }
      for (int set = 0; set < sets.size(); set++) {
        Span span = new Span(new int[] {set}, repeats, isFirst && set == 0);
        JavaRDD<RowExchange.Rows> rows =
            exchange.rows(design(universe, conditions.get(set)), cut, firstRepeat, repeats);
        String which = what + ", " + sets.get(set).name();
        measure(which, universe, rows, groups, span, progress, result);
      }
    }
    return result;
  }

  private void measure(
      String what,
      Universe universe,
      JavaRDD<RowExchange.Rows> rows,
      RowGroups groups,
      Span span,
      Progress progress,
      Result result) {
    List<Numbered> direct =
        universe.members().stream().filter(m -> !isPipeline(m.member().model())).toList();
    if (!direct.isEmpty()) {
      direct(what, rows, direct, groups, span, progress, result);
    }
    for (Numbered member : universe.members()) {
      if (isPipeline(member.member().model())) {
        pipeline(what, rows, member, groups, span, progress, result);
      }
    }
  }

  /**
   * Some repeats of some sets.
   *
   * @param sets their numbers
   * @param baseline whether rows are answered as they are, too
   */
  private record Span(int[] sets, int repeats, boolean baseline) implements Serializable {}

  private List<InputSet> of(Span span) {
    return new ArrayList<>(Arrays.stream(span.sets()).mapToObj(sets::get).toList());
  }

  /** The groups of rows that a jackknife leaves out: from data and configuration alone. */
  public RowGroups groups(List<Member> members) {
    long sums = 1;
    for (Member member : members) {
      sums = Math.max(sums, new RowSums(member.target(), metrics).size());
    }
    sums *= frame.slicing().size();
    long most =
        Math.min(
            MOST_SUMS_OF_A_SET / sums, MOST_SUMS / (sums * members.size() * (sets.size() + 1)));
    return RowGroups.of(frame.rows(), frame.schema().data().group().isEmpty(), most);
  }

  private static boolean isPipeline(ModelConfig model) {
    return model.kind() != ModelConfig.Kind.ESTIMATOR;
  }

  /**
   * Measures models that were fitted without the inputs of each set, beside the members themselves.
   *
   * @param places by set, of each member where what was fitted without the set is; null where that
   *     failed
   */
  public Result refitted(
      String what, List<Member> members, List<List<CellFiles.Place>> places, Progress progress) {
    Result result = new Result(new ArrayList<>(), new ArrayList<>());
    int[] every = IntStream.range(0, sets.size()).toArray();
    List<List<CellFiles.Place>> all = new ArrayList<>();
    all.add(new ArrayList<>(members.stream().map(Member::place).toList()));
    places.forEach(of -> all.add(new ArrayList<>(of)));
    Shared shared =
        new Shared(
            new ArrayList<>(
                IntStream.range(0, members.size())
                    .mapToObj(
                        m ->
                            new Work(
                                m,
                                members.get(m).target(),
                                null,
                                members.get(m).placement(),
                                members.get(m).replicate()))
                    .toList()),
            new ArrayList<>(sets),
            new ArrayList<>(metrics),
            frame.slicing(),
            groups(members),
            frame.schema().data().group().isPresent(),
            null,
            new Span(every, 1, true));
    Broadcast<Shared> sent = context.broadcast(shared);
    Broadcast<List<List<CellFiles.Place>>> where = context.broadcast(all);
    long[] starts = new long[frame.blockCount()];
    Arrays.setAll(starts, frame::start);
    CellFiles in = files;
    Steps steps = Steps.of(context, what, frame.blockCount(), progress);
    try {
      collect(
          frame
              .blocks()
              .flatMapToPair(
                  block -> {
                    List<Tuple2<Key, Partial>> parts = new ArrayList<>();
                    RowExchange.Rows rows =
                        new RowExchange.Rows(
                            block, starts[block.number()], 0, block.size(), 0, List.of());
                    try (CellFiles.Reader reader = in.reader()) {
                      for (Work work : sent.value().works()) {
                        Tally tally = new Tally(work, rows, sent.value());
                        for (int set = Tally.NONE; set < every.length; set++) {
                          CellFiles.Place place = where.value().get(set + 1).get(work.number());
                          if (place != null) {
                            tally.add(set, reader.read(place, block.number()));
                          }
                        }
                        tally.emit(parts);
                      }
                    }
                    steps.add(1);
                    return parts.iterator();
                  }),
          result);
    } finally {
      progress.end();
      sent.destroy();
      where.destroy();
    }
    return result;
  }

  /** Where a scorecard belongs to. */
  private record Key(int member, int set, int repeat, int slice) implements Serializable {}

  /** What a task needs of a member. */
  private record Work(
      int number, Target target, FittedModel fitted, Placement placement, int replicate)
      implements Serializable {

    /** The rows among [from, to) of a block that it is measured on. */
    int[] tested(RowExchange.Rows rows) {
      return Arrays.stream(placement.tested(replicate, rows.block()))
          .filter(row -> rows.from() <= row && row < rows.to())
          .toArray();
    }
  }

  /** What tasks share. */
  private record Shared(
      List<Work> works,
      List<InputSet> sets,
      List<Metric<?>> metrics,
      Slicing slicing,
      RowGroups groups,
      boolean grouped,
      double[][] ends,
      Span span)
      implements Serializable {}

  private void direct(
      String what,
      JavaRDD<RowExchange.Rows> rows,
      List<Numbered> members,
      RowGroups groups,
      Span span,
      Progress progress,
      Result result) {
    Broadcast<Shared> shared =
        context.broadcast(
            new Shared(
                new ArrayList<>(
                    members.stream()
                        .map(
                            m ->
                                new Work(
                                    m.number(),
                                    m.member().target(),
                                    files.fitted(m.member().place()),
                                    m.member().placement(),
                                    m.member().replicate()))
                        .toList()),
                of(span),
                new ArrayList<>(metrics),
                frame.slicing(),
                groups,
                frame.schema().data().group().isPresent(),
                ends(),
                span));
    Steps steps = Steps.of(context, what, rows.getNumPartitions(), progress);
    try {
      collect(
          rows.flatMapToPair(
              piece -> {
                List<Tuple2<Key, Partial>> parts = new ArrayList<>();
                for (Work work : shared.value().works()) {
                  answer(piece, work, shared.value()).emit(parts);
                }
                steps.add(1);
                return parts.iterator();
              }),
          result);
    } finally {
      progress.end();
      shared.destroy();
    }
  }

  /**
   * What some rows make of a key.
   *
   * @param card the scorecard; null for sums
   * @param sums by the canonical index of the first row that they are of; null for a scorecard
   */
  private record Partial(Scorecard card, TreeMap<Long, double[][]> sums) implements Serializable {
    Partial merge(Partial other) {
      if (card != null) {
        card.merge(other.card);
      } else {
        sums.putAll(other.sums);
      }
      return this;
    }

    /** The sums, added in the order of the rows. */
    double[][] total() {
      double[][] total = null;
      for (double[][] part : sums.values()) {
        if (total == null) {
          total = new double[][] {part[0].clone(), part[1].clone()};
          continue;
        }
        for (int of = 0; of < total.length; of++) {
          for (int k = 0; k < total[of].length; k++) {
            total[of][k] += part[of][k];
          }
        }
      }
      return total;
    }

    Serializable of(Key key) {
      if (card != null) {
        return new Measured(
            key.member(),
            key.set(),
            key.repeat(),
            key.slice(),
            card.items(),
            new ArrayList<>(card.values().values()));
      }
      double[][] total = total();
      return new Summed(key.member(), key.set(), key.repeat(), total[0], total[1]);
    }
  }

  private static void collect(JavaPairRDD<Key, Partial> parts, Result result) {
    List<Serializable> all = // one per member, set, repeat and slice, and the sums
        parts.reduceByKey(Partial::merge).map(pair -> pair._2().of(pair._1())).collect();
    for (Serializable one : all) {
      if (one instanceof Measured measured) {
        result.measured().add(measured);
      } else {
        result.summed().add((Summed) one);
      }
    }
  }

  /** What is known of one member over some rows. */
  private static final class Tally {
    /** In place of a set's number: no column is another row's. */
    static final int NONE = -1;

    private final int member;
    private final int[] numbers;
    private final boolean baseline;
    private final RowExchange.Rows rows;

    /** Of all metrics, for rows as they are; and of those without sums, null when all have some. */
    private final Scorecard whole;

    private final Scorecard rest;
    private final int[][] slices;
    private final Block block;
    private final RowSums sums;
    private final double[] terms;
    private final int count;

    /** The group of each row, and by repeat that of its donor; null without sums. */
    private final int[] group;

    private final int[][] donorGroup;

    /** By set, from the one without any on; by repeat; by slice. */
    private final Scorecard[][][] cards;

    /** By set, from the one without any on; then as in {@link Summed}. */
    private final double[][] byGroup;

    private final double[][] byRepeat;
    private boolean any;

    Tally(Work work, RowExchange.Rows rows, Shared shared) {
      this.member = work.number();
      this.numbers = shared.span().sets();
      this.baseline = shared.span().baseline();
      this.rows = rows;
      this.sums = new RowSums(work.target(), shared.metrics());
      this.whole = Scorecard.of(work.target(), shared.metrics());
      List<Metric<?>> others =
          IntStream.range(0, shared.metrics().size())
              .filter(m -> !sums.has(m))
              .<Metric<?>>mapToObj(shared.metrics()::get)
              .toList();
      this.rest = others.isEmpty() ? null : Scorecard.of(work.target(), others);
      this.block = rows.block();
      this.slices = new int[shared.slicing().cuts()][];
      Arrays.setAll(slices, cut -> shared.slicing().codes(cut, block));
      this.cards =
          new Scorecard[shared.sets().size() + 1][shared.span().repeats()][shared.slicing().size()];
      this.terms = new double[sums.size()];
      this.count = shared.groups().count();
      int all = shared.slicing().size() * sums.size();
      this.byGroup = new double[cards.length][all * count];
      this.byRepeat = new double[cards.length][all * shared.span().repeats()];
      this.group = new int[rows.to() - rows.from()];
      this.donorGroup = new int[rows.donors().size()][group.length];
      for (int i = 0; i < group.length && terms.length > 0; i++) {
        int row = rows.from() + i;
        group[i] = shared.groups().of(shared.grouped() ? block.group(row) : rows.start() + row);
        for (int r = 0; r < donorGroup.length; r++) {
          donorGroup[r][i] = shared.groups().of(rows.donors().get(r).group(i));
        }
      }
    }

    /** Adds all of some predictions. */
    void add(int set, Predictions predictions) {
      add(
          set,
          0,
          predictions.row(),
          0,
          predictions.size(),
          predictions.prediction(),
          predictions.scores(),
          predictions.width() == 0 ? null : new double[predictions.width()]);
    }

    /** Adds answers to rows {@code tested[from .. from + n)}; {@code score} is room for one's. */
    void add(
        int set,
        int repeat,
        int[] tested,
        int from,
        int n,
        double[] prediction,
        double[] scores,
        double[] score) {
      for (int i = 0; i < n; i++) {
        if (score != null) {
          System.arraycopy(scores, i * score.length, score, 0, score.length);
        }
        add(set, repeat, tested[from + i], prediction[i], score);
      }
    }

    void add(int set, int repeat, int row, double prediction, double[] scores) {
      any = true;
      Scorecard empty = set == NONE ? whole : rest;
      Scorecard[] own = cards[set + 1][repeat];
      double label = block.label(row);
      double weight = block.weight(row);
      if (Double.isNaN(prediction)) {
        throw new IllegalArgumentException("a prediction that is no number");
      }
      boolean isWhole = slices.length == 1;
      if (terms.length > 0 && !isWhole) {
        sums.terms(label, prediction, scores, weight, terms);
      }
      int ownGroup = group[row - rows.from()];
      int donor =
          set == NONE || donorGroup.length == 0 ? -1 : donorGroup[repeat][row - rows.from()];
      double[] groups = byGroup[set + 1];
      double[] repeats = byRepeat[set + 1];
      if (isWhole) {
        sums.add(
            label,
            prediction,
            scores,
            weight,
            repeats,
            repeat * terms.length,
            groups,
            count,
            ownGroup,
            donor);
        if (empty != null) {
          if (own[0] == null) {
            own[0] = empty.empty();
          }
          own[0].add(label, prediction, scores, weight);
        }
        return;
      }
      int slicesCount = own.length;
      for (int[] cut : slices) {
        int slice = cut[row];
        if (slice < 0) {
          continue;
        }
        if (empty != null) {
          if (own[slice] == null) {
            own[slice] = empty.empty();
          }
          own[slice].add(label, prediction, scores, weight);
        }
        int at = (repeat * slicesCount + slice) * terms.length;
        for (int k = 0; k < terms.length; k++) {
          repeats[at + k] += terms[k];
          int from = (slice * terms.length + k) * count;
          groups[from + ownGroup] += terms[k];
          if (donor >= 0) {
            groups[from + donor] += terms[k];
          }
        }
      }
    }

    private int number(int at) {
      return at == 0 ? NONE : numbers[at - 1];
    }

    void emit(List<Tuple2<Key, Partial>> all) {
      for (int set = 0; set < cards.length; set++) {
        for (int repeat = 0; repeat < cards[set].length; repeat++) {
          for (int slice = 0; slice < cards[set][repeat].length; slice++) {
            if (cards[set][repeat][slice] != null) {
              int number = set == 0 ? 0 : rows.repeat() + repeat;
              all.add(
                  new Tuple2<>(
                      new Key(member, number(set), number, slice),
                      new Partial(cards[set][repeat][slice], null)));
            }
          }
        }
      }
      for (int set = baseline ? 0 : 1; any && terms.length > 0 && set < byGroup.length; set++) {
        TreeMap<Long, double[][]> own = new TreeMap<>();
        own.put(rows.start() + rows.from(), new double[][] {byGroup[set], byRepeat[set]});
        int first = set == 0 ? 0 : rows.repeat();
        all.add(new Tuple2<>(new Key(member, number(set), first, -1), new Partial(null, own)));
      }
    }
  }

  private static Tally answer(RowExchange.Rows piece, Work work, Shared shared) {
    Tally tally = new Tally(work, piece, shared);
    int[] tested = work.tested(piece);
    Preparation preparation = work.fitted().preparation();
    int width = preparation.width();
    FeatureGroups groups = groups(preparation, shared.sets());
    FittedModel.Asked asked = work.fitted().asked(groups, preparation.largest(shared.ends()));
    Exchange exchange = asked.exchange();
    int outputs = exchange.outputs();
    int scoreWidth = work.fitted().width();
    int step =
        Math.min(
            Math.max(64, Math.min(4096, (1 << 19) / Math.max(1, width))),
            Math.max(64, (1 << 21) / Math.max(1, outputs * groups.size())));
    double[] score = scoreWidth == 0 ? null : new double[scoreWidth];
    int[] place = new int[step];
    Arrays.setAll(place, i -> i);
    double[] prediction = new double[step];
    double[] scores = new double[step * scoreWidth];
    double[] plain = new double[step * outputs];
    double[][] changed = new double[groups.size()][step * outputs];
    for (int from = 0; from < tested.length; from += step) {
      int n = Math.min(step, tested.length - from);
      Exchange.Prepared own =
          exchange.prepare(rows(preparation, piece.block(), tested, from, n, 0), n);
      exchange.predict(own, 0, n, plain);
      for (int repeat = 0; repeat < shared.span().repeats(); repeat++) {
        if (repeat == 0 && shared.span().baseline()) {
          asked.answer(plain, n, prediction, scores);
          tally.add(Tally.NONE, 0, tested, from, n, prediction, scores, score);
        }
        Exchange.Prepared donors =
            exchange.prepare(
                rows(preparation, piece.donors().get(repeat), tested, from, n, piece.from()), n);
        exchange.exchange(own, 0, n, donors, place, changed);
        int group = 0;
        for (int set = 0; set < shared.sets().size(); set++) {
          boolean isEmpty =
              group == groups.size() || !groups.names().get(group).equals(Integer.toString(set));
          asked.answer(isEmpty ? plain : changed[group++], n, prediction, scores);
          tally.add(set, repeat, tested, from, n, prediction, scores, score);
        }
      }
    }
    return tally;
  }

  /** Rows as they are learned from. */
  private static double[] rows(
      Preparation preparation, Block block, int[] tested, int from, int n, int less) {
    int width = preparation.width();
    double[] rows = new double[n * width];
    for (int i = 0; i < n; i++) {
      preparation.features(block, tested[from + i] - less, rows, i * width);
    }
    return rows;
  }

  /** The columns of each set, by its number; sets without columns are left out. */
  private static FeatureGroups groups(Preparation preparation, List<InputSet> sets) {
    int[] starts = preparation.starts();
    List<String> names = new ArrayList<>();
    List<int[]> columns = new ArrayList<>();
    for (int set = 0; set < sets.size(); set++) {
      int[] own = columns(sets.get(set), starts);
      if (own.length > 0) {
        names.add(Integer.toString(set));
        columns.add(own);
      }
    }
    return new FeatureGroups(preparation.width(), names, columns.toArray(int[][]::new));
  }

  private static int[] columns(InputSet set, int[] starts) {
    return Arrays.stream(set.features())
        .flatMap(f -> java.util.stream.IntStream.range(starts[f], starts[f + 1]))
        .toArray();
  }

  private void pipeline(
      String what,
      JavaRDD<RowExchange.Rows> rows,
      Numbered numbered,
      RowGroups groups,
      Span span,
      Progress progress,
      Result result) {
    Member member = numbered.member();
    Schema schema = frame.schema();
    PipelineModel model =
        member.place() == null
            ? SavedPipeline.fitted(member.model())
            : PipelineModel.load(files.model(member.place()).toString());
    Broadcast<Shared> shared =
        context.broadcast(
            new Shared(
                new ArrayList<>(
                    List.of(
                        new Work(
                            numbered.number(),
                            member.target(),
                            null,
                            member.placement(),
                            member.replicate()))),
                of(span),
                new ArrayList<>(metrics),
                frame.slicing(),
                groups,
                frame.schema().data().group().isPresent(),
                ends(),
                span));
    Steps steps = Steps.of(context, what, rows.getNumPartitions(), progress);
    try {
      JavaRDD<Row> variants =
          rows.flatMap(
              piece -> {
                Variants all = new Variants(piece, shared.value());
                return all.rows(schema);
              });
      Dataset<Row> scored = transformed(model, member, RawRows.of(spark, schema, variants));
      SavedPipeline.Reader reader = SavedPipeline.reader(scored, schema, member.model());
      JavaRDD<SavedPipeline.Placed> answers = reader.read(scored);
      collect(
          rows.zipPartitions(
                  answers,
                  (pieces, answered) -> {
                    List<Tuple2<Key, Partial>> cards = new ArrayList<>();
                    while (pieces.hasNext()) {
                      new Variants(pieces.next(), shared.value()).tally(answered).emit(cards);
                    }
                    if (answered.hasNext()) {
                      throw new IllegalStateException("the pipeline added rows");
                    }
                    steps.add(1);
                    return cards.iterator();
                  })
              .mapToPair(pair -> pair),
          result);
    } finally {
      progress.end();
      shared.destroy();
    }
  }

  /** What a pipeline makes of rows; refuses data that lack what it reads. */
  private Dataset<Row> transformed(PipelineModel model, Member member, Dataset<Row> rows) {
    try {
      return model.transform(rows);
    } catch (
        Exception e) { // Spark's own for columns that are not there is checked, but not declared
      throw UserException.input(
          "models."
              + member.model().name()
              + ": cannot answer the rows of data."
              + frame.schema().data().name()
              + ": "
              + String.valueOf(e.getMessage())
                  .lines()
                  .findFirst()
                  .orElse("")
                  .replaceAll("^\\[[A-Z_.]+\\] | SQLSTATE: \\w+$|\\.$", "")
              + "; give it data with the columns that it reads",
          e);
    }
  }

  /** The rows of a piece, each followed by its variants, in an order that both ends know. */
  private record Variants(RowExchange.Rows piece, Shared shared) {
    private int perRow() {
      return (shared.span().baseline() ? 1 : 0) + shared.span().repeats() * shared.sets().size();
    }

    Iterator<Row> rows(Schema schema) {
      int[] tested = shared.works().get(0).tested(piece);
      int each = perRow();
      boolean[][] replaced = new boolean[shared.sets().size()][schema.features().size()];
      for (int s = 0; s < replaced.length; s++) {
        for (int f : shared.sets().get(s).features()) {
          replaced[s][f] = true;
        }
      }
      return new Iterator<>() {
        private long at;

        @Override
        public boolean hasNext() {
          return at < (long) tested.length * each;
        }

        @Override
        public Row next() {
          int row = tested[(int) (at / each)];
          int variant = (int) (at++ % each) - (shared.span().baseline() ? 1 : 0);
          int set = variant < 0 ? 0 : variant % replaced.length;
          return RawRows.row(
              schema,
              piece.block(),
              row,
              variant < 0 ? piece.block() : piece.donors().get(variant / replaced.length),
              row - piece.from(),
              variant < 0 ? null : replaced[set]);
        }
      };
    }

    Tally tally(Iterator<SavedPipeline.Placed> answered) {
      Tally tally = new Tally(shared.works().get(0), piece, shared);
      int sets = shared.sets().size();
      for (int row : shared.works().get(0).tested(piece)) {
        for (int k = 0; k < perRow(); k++) {
          int variant = k - (shared.span().baseline() ? 1 : 0);
          SavedPipeline.Placed answer = answered.hasNext() ? answered.next() : null;
          if (answer == null || answer.row() != row) {
            throw new IllegalStateException(
                "the pipeline dropped rows or changed their order; it must answer each row where it stands");
          }
          tally.add(
              variant < 0 ? Tally.NONE : variant % sets,
              variant < 0 ? 0 : variant / sets,
              row,
              answer.prediction(),
              answer.scores().length == 0 ? null : answer.scores());
        }
      }
      return tally;
    }
  }

  @Override
  public void close() {
    if (all != null) {
      all.close();
    }
  }
}
