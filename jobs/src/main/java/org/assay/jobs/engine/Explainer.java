package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assay.config.ModelConfig;
import org.assay.importance.Conditioning;
import org.assay.importance.RowGroups;
import org.assay.importance.RowSums;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.frame.RawRows;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.model.ModelFiles;
import org.assay.jobs.model.SavedPipeline;
import org.assay.jobs.model.Scorer;
import org.assay.metric.Metric;
import org.assay.metric.Target;
import org.assay.metric.Value;
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
   * @param placement the design, which says on which rows it is measured; those may be of another
   *     frame than those that it was fitted to
   * @param replicate of the design
   */
  public record Member(
      int line,
      Target target,
      ModelConfig model,
      CellFiles.Place place,
      Placement placement,
      int replicate) {

    /** The same model, measured on other rows. */
    public Member on(Placement rows) {
      return new Member(line, target, model, place, rows, 0);
    }

    /** Whether it is a Spark pipeline, which answers data sets. */
    boolean isPipeline() {
      return model.kind() == ModelConfig.Kind.PIPELINE || model.kind() == ModelConfig.Kind.MODEL;
    }

    /** The pipeline. */
    PipelineModel pipeline(CellFiles files) {
      return place == null
          ? SavedPipeline.fitted(model)
          : PipelineModel.load(files.model(place).toString());
    }

    /** The model as tasks ask it of rows of a frame, where it is no pipeline. */
    FittedModel fitted(CellFiles files, Schema schema) {
      if (place != null) {
        return files.fitted(place).over(schema);
      }
      Preparation preparation = Preparation.asIs(schema);
      Scorer scorer = ModelFiles.scorer(model, schema, preparation.width());
      return FittedModel.of(preparation, scorer, ClusterEngine.width(scorer.scores(), schema));
    }
  }

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

  /**
   * What a metric without sums would be without each group of rows.
   *
   * @param repeat the first of the repeats
   * @param without added over these repeats, by group
   * @param has whether there are rows in a group
   */
  public record Deleted(
      int member, int set, int repeat, int slice, int metric, double[] without, boolean[] has)
      implements Serializable {

    /** With the repeats that follow. */
    public Deleted plus(Deleted other) {
      double[] sum = without.clone();
      for (int g = 0; g < sum.length; g++) {
        sum[g] += other.without[g];
      }
      return new Deleted(member, set, repeat, slice, metric, sum, has);
    }
  }

  /** What was measured in some repeats. */
  public record Result(List<Measured> measured, List<Summed> summed, List<Deleted> deleted)
      implements Serializable {
    Result() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void put(Serializable one) {
      if (one instanceof Measured m) {
        measured.add(m);
      } else {
        summed.add((Summed) one);
      }
    }

    void add(Result other) {
      measured.addAll(other.measured);
      summed.addAll(other.summed);
      deleted.addAll(other.deleted);
    }
  }

  private final SparkSession spark;
  private final JavaSparkContext context;
  private final Frame frame;
  private final CellFiles files;
  private final List<InputSet> sets;
  private final List<Metric<?>> metrics;
  private final Settings settings;
  private final Universes universes;
  private AllRows all;
  private double[][] ends;

  /** Models that were asked before; a file is read once. */
  private final IdentityHashMap<Member, FittedModel> opened = new IdentityHashMap<>();

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
    this.universes = new Universes(frame, settings, seed);
  }

  /** Of each numeric slot the least and the greatest value; infinite where all are missing. */
  private double[][] ends(String what) {
    if (ends == null) {
      int slots = frame.schema().slots();
      context.setJobDescription(what + ": look for the ends of columns");
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

  /** How rows come to their donors, for people. */
  public static String describe(Schema schema, Settings settings) {
    String bytes = org.assay.config.Section.bytes(Universes.bytes(schema));
    return switch (Universes.cut(schema, settings)) {
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
    RowExchange.Cut cut = Universes.cut(frame.schema(), settings);
    if (cut == RowExchange.Cut.REPLICATES && all == null) {
      all = new AllRows(context, frame, what + ": gather the rows");
    }
    Result result = new Result();
    RowGroups groups = groups(members);
    boolean isFirst = firstRepeat == 0;
    for (Universes.Universe universe : universes.of(members)) {
      if (conditions == null) {
        int[] every = IntStream.range(0, sets.size()).toArray();
        Questions.Span span = new Questions.Span(every, repeats, isFirst);
        RowExchange.Design design = universes.design(universe, null);
        measure(what, universe, design, firstRepeat, groups, span, progress, result);
        continue;
      }
      for (int set = 0; set < sets.size(); set++) {
        Questions.Span span = new Questions.Span(new int[] {set}, repeats, isFirst && set == 0);
        RowExchange.Design design = universes.design(universe, conditions.get(set));
        String which = what + ", " + sets.get(set).name();
        measure(which, universe, design, firstRepeat, groups, span, progress, result);
      }
    }
    return result;
  }

  private void measure(
      String what,
      Universes.Universe universe,
      RowExchange.Design design,
      int firstRepeat,
      RowGroups groups,
      Questions.Span span,
      Progress progress,
      Result result) {
    RowExchange exchange = new RowExchange(context, frame, all);
    RowExchange.Cut cut = Universes.cut(frame.schema(), settings);
    List<Questions.Work> whole = new ArrayList<>();
    List<Questions.Work> direct = new ArrayList<>();
    for (Universes.Numbered member : universe.members()) {
      if (!member.member().isPipeline()) {
        FittedModel fitted =
            opened.computeIfAbsent(member.member(), m -> m.fitted(files, frame.schema()));
        boolean fits =
            cut == RowExchange.Cut.REPLICATES
                && WholeAnswers.fits(frame.rows(), fitted, span.sets().length, settings.memory());
        (fits ? whole : direct).add(work(member.number(), member.member(), fitted));
      }
    }
    if (!whole.isEmpty()) {
      Questions questions = questions(whole, groups, ends(what), span);
      context.setJobDescription(what + ": who may give to whom");
      result.add(
          new WholeAnswers(context, frame, all, exchange.order(design), design, questions)
              .run(what, firstRepeat, progress));
    }
    if (direct.isEmpty() && whole.size() == universe.members().size()) {
      return;
    }
    JavaRDD<RowExchange.Rows> rows = exchange.rows(design, cut, firstRepeat, span.repeats());
    if (!direct.isEmpty()) {
      direct(what, rows, questions(direct, groups, ends(what), span), progress, result);
    }
    for (Universes.Numbered member : universe.members()) {
      if (member.member().isPipeline()) {
        pipeline(what, rows, member, groups, span, progress, result);
      }
    }
  }

  private static Questions.Work work(int number, Member member, FittedModel fitted) {
    return new Questions.Work(
        number, member.target(), fitted, member.placement(), member.replicate());
  }

  private Questions questions(
      List<Questions.Work> works, RowGroups groups, double[][] ends, Questions.Span span) {
    return new Questions(
        new ArrayList<>(works),
        new ArrayList<>(Arrays.stream(span.sets()).mapToObj(sets::get).toList()),
        new ArrayList<>(metrics),
        frame.slicing(),
        groups,
        frame.schema().data().group().isPresent(),
        ends,
        span);
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

  /**
   * Measures models that were fitted without the inputs of each set, beside the members themselves.
   *
   * @param places by set, of each member where what was fitted without the set is; null where that
   *     failed
   */
  public Result refitted(
      String what, List<Member> members, List<List<CellFiles.Place>> places, Progress progress) {
    Result result = new Result();
    int[] every = IntStream.range(0, sets.size()).toArray();
    List<List<CellFiles.Place>> all = new ArrayList<>();
    all.add(new ArrayList<>(members.stream().map(Member::place).toList()));
    places.forEach(of -> all.add(new ArrayList<>(of)));
    List<Questions.Work> works =
        IntStream.range(0, members.size()).mapToObj(m -> work(m, members.get(m), null)).toList();
    Questions shared = questions(works, groups(members), null, new Questions.Span(every, 1, true));
    Broadcast<Questions> sent = context.broadcast(shared);
    Broadcast<List<List<CellFiles.Place>>> where = context.broadcast(all);
    long[] starts = new long[frame.blockCount()];
    Arrays.setAll(starts, frame::start);
    CellFiles in = files;
    Steps steps = Steps.of(context, what, frame.blockCount(), progress);
    try {
      AnswerParts.collect(
          frame
              .blocks()
              .flatMapToPair(
                  block -> {
                    List<Tuple2<AnswerParts.Key, AnswerParts.Partial>> parts = new ArrayList<>();
                    RowExchange.Rows rows =
                        new RowExchange.Rows(
                            block, starts[block.number()], 0, block.size(), 0, List.of());
                    try (CellFiles.Reader reader = in.reader()) {
                      for (Questions.Work work : sent.value().works()) {
                        AnswerTally tally =
                            new AnswerTally(
                                work,
                                AnswerTally.Rows.of(rows, sent.value(), work),
                                sent.value(),
                                new boolean[sent.value().metrics().size()]);
                        for (int set = AnswerTally.NONE; set < every.length; set++) {
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

  private void direct(
      String what,
      JavaRDD<RowExchange.Rows> rows,
      Questions questions,
      Progress progress,
      Result result) {
    Broadcast<Questions> shared = context.broadcast(questions);
    Steps steps = Steps.of(context, what, rows.getNumPartitions(), progress);
    try {
      AnswerParts.collect(
          rows.flatMapToPair(
              piece -> {
                List<Tuple2<AnswerParts.Key, AnswerParts.Partial>> parts = new ArrayList<>();
                for (Questions.Work work : shared.value().works()) {
                  DirectAnswers.answer(piece, work, shared.value()).emit(parts);
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

  private void pipeline(
      String what,
      JavaRDD<RowExchange.Rows> rows,
      Universes.Numbered numbered,
      RowGroups groups,
      Questions.Span span,
      Progress progress,
      Result result) {
    Member member = numbered.member();
    Schema schema = frame.schema();
    PipelineModel model = member.pipeline(files);
    List<Questions.Work> works = List.of(work(numbered.number(), member, null));
    Broadcast<Questions> shared = context.broadcast(questions(works, groups, ends(what), span));
    Steps steps = Steps.of(context, what, rows.getNumPartitions(), progress);
    try {
      JavaRDD<Row> variants =
          rows.flatMap(
              piece -> {
                PipelineVariants all = new PipelineVariants(piece, shared.value());
                return all.rows(schema);
              });
      Dataset<Row> scored =
          SavedPipeline.answered(
              model, member.model(), schema, RawRows.of(spark, schema, variants));
      SavedPipeline.Reader reader = SavedPipeline.reader(scored, schema, member.model());
      JavaRDD<SavedPipeline.Placed> answers = reader.read(scored);
      AnswerParts.collect(
          rows.zipPartitions(
                  answers,
                  (pieces, answered) -> {
                    List<Tuple2<AnswerParts.Key, AnswerParts.Partial>> cards = new ArrayList<>();
                    while (pieces.hasNext()) {
                      new PipelineVariants(pieces.next(), shared.value())
                          .tally(answered)
                          .emit(cards);
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

  @Override
  public void close() {
    if (all != null) {
      all.close();
    }
  }
}
