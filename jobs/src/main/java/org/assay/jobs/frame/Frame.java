package org.assay.jobs.frame;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.assay.Task;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.design.Nested;
import org.assay.design.Plan;
import org.assay.design.Population;
import org.assay.design.Rows;
import org.assay.random.Keyed;

/**
 * A data set in canonical form: blocks of rows, one per partition, in an order that depends on the
 * data alone.
 *
 * <p>Built in two passes over the source: the first checks every rule of the input's contract and
 * collects dictionaries, the second keys, sorts (spilling when needed) and packs the rows. Blocks
 * are kept in memory and on disk until {@link #close}.
 */
public final class Frame implements AutoCloseable {
  /** Rows of a block, at most. */
  public static final long MOST_ROWS = 60_000;

  private final Schema schema;
  private final SourceFiles files;
  private final JavaRDD<Block> blocks;
  private final long[] starts;
  private final String fingerprint;
  private final List<String> notes;
  private final Map<Integer, Strata> strata = new HashMap<>();
  private Slicing slicing;
  private String less = "";

  private Frame(
      Schema schema,
      JavaRDD<Block> blocks,
      long[] starts,
      String fingerprint,
      SourceFiles files,
      List<String> notes) {
    this.files = files;
    this.schema = schema;
    this.blocks = blocks;
    this.starts = starts;
    this.fingerprint = fingerprint;
    this.notes = notes;
  }

  /** What one block says of itself to the driver. */
  private record Packed(
      int number, int size, long sum1, long sum2, long repeated, TreeSet<String> examples)
      implements Serializable {}

  /**
   * Reads a data set, and the predictions of models that are part of it.
   *
   * @param models the models that will be used with it
   * @throws UserException if the data break the input's contract
   */
  public static Frame read(
      SparkSession spark, DataConfig data, List<ModelConfig> models, Columns further) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    context.setJobDescription("data." + data.name() + ": check " + data.path());
    try {
      Dataset<Row> source = Source.read(spark, data);
      SourceFiles files = SourceFiles.of(source, context.hadoopConfiguration());
      Answers.Joined joined = Answers.join(spark, source, data, models, further);
      Projection projection = new Projection(data, joined.rows(), models, further);
      JavaRDD<Row> rows = projection.rows.javaRDD();
      Profile profile =
          rows.mapPartitions(
                  partition -> {
                    Profile part = new Profile(projection);
                    partition.forEachRemaining(part::add);
                    return Collections.singleton(part).iterator();
                  })
              .treeReduce(Profile::merge);
      Schema schema = profile.schema();
      context.setJobDescription(
          "data." + data.name() + ": key, sort and pack " + schema.rows() + " rows");
      return pack(context, projection, rows, schema, files, joined.notes());
    } catch (UserException e) {
      throw e;
    } catch (Exception e) {
      if (userError(e) != null) {
        throw userError(e);
      }
      throw Source.unreadable(
          "data." + data.name() + ".path", data.path(), data.format().orElse("its format"), e);
    } finally {
      context.setJobDescription(null);
    }
  }

  private static UserException userError(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof UserException user) {
        return user;
      }
    }
    return null;
  }

  private static Frame pack(
      JavaSparkContext context,
      Projection projection,
      JavaRDD<Row> rows,
      Schema schema,
      SourceFiles files,
      List<String> notes) {
    Broadcast<Schema> shared = context.broadcast(schema);
    int count = blockCount(schema);
    JavaRDD<Block> blocks =
        rows.mapPartitionsToPair(
                partition ->
                    new RowChunks(
                        new Encoding(projection, shared.value()).encode(partition), count))
            .partitionBy(new ByNumber(count))
            .mapPartitionsWithIndex(
                (number, chunks) ->
                    Collections.singleton(RowChunks.block(number, chunks, shared.value()))
                        .iterator(),
                true)
            .persist(StorageLevel.MEMORY_AND_DISK());
    List<Packed> packed = blocks.map(Frame::describe).collect(); // one small record per block
    long[] starts = new long[count + 1];
    long sum1 = 0;
    long sum2 = 0;
    long repeated = 0;
    TreeSet<String> examples = new TreeSet<>();
    for (Packed block : packed) {
      starts[block.number() + 1] = block.size();
      sum1 += block.sum1();
      sum2 += block.sum2();
      repeated += block.repeated();
      examples.addAll(block.examples());
    }
    for (int b = 0; b < count; b++) {
      starts[b + 1] += starts[b];
    }
    if (repeated > 0) {
      blocks.unpersist();
      throw UserException.input(
          "data."
              + schema.data().name()
              + ".id: "
              + repeated
              + " of "
              + schema.rows()
              + " rows repeat the "
              + schema.data().id().orElse("id")
              + " of another row, such as "
              + String.join(", ", examples.stream().limit(3).toList())
              + "; an id must be unique; remove the repeats, or name another id");
    }
    if (starts[count] != schema.rows()) {
      blocks.unpersist();
      throw UserException.input(
          "data."
              + schema.data().name()
              + ".path = "
              + schema.data().path()
              + ": had "
              + schema.rows()
              + " rows at first and "
              + starts[count]
              + " when read again; it must not change during a run");
    }
    return new Frame(schema, blocks, starts, String.format("%016x%016x", sum1, sum2), files, notes);
  }

  /**
   * How many blocks a frame has: a function of its rows and columns alone. Blocks hold about n / 64
   * rows, but 16,384 at least and 60,000 at most, and no more than fits in 16 MiB, but 64 at least.
   */
  static int blockCount(Schema schema) {
    return blockCount(schema.rows(), bytesPerRow(schema));
  }

  /** Bytes of a row in a block, more or less. */
  public static long bytesPerRow(Schema schema) {
    return 32
        + 8L * schema.numericSlots()
        + 4L * schema.texts().size()
        + 8L * schema.predictedSlots();
  }

  static int blockCount(long rows, long bytesPerRow) {
    // Two columns of 60,000 doubles fill a region of the garbage collector in heaps of 2 GiB, 1
    // MiB.
    // Those of 65,536 would take one each, and cached blocks twice the memory that Spark counts.
    long target = Math.min(Math.max(rows / 64, 16_384), MOST_ROWS);
    target = Math.max(64, Math.min(target, (16L << 20) / bytesPerRow));
    return (int) Math.max(1, (rows + target - 1) / target);
  }

  private static Packed describe(Block block) {
    long sum1 = 0;
    long sum2 = 0;
    long repeated = 0;
    TreeSet<String> examples = new TreeSet<>();
    for (int i = 0; i < block.size(); i++) {
      long hash = RowContent.hash(block, i);
      sum1 += hash;
      sum2 += hash * hash | 1;
      if (block.id != null && i > 0 && Arrays.equals(block.id[i], block.id[i - 1])) {
        repeated++;
        examples.add(block.rowKey(i));
        if (examples.size() > 3) {
          examples.pollLast();
        }
      }
    }
    return new Packed(block.number(), block.size(), sum1, sum2, repeated, examples);
  }

  /** What its columns are. */
  public Schema schema() {
    return schema;
  }

  /** The files it was read from. */
  public SourceFiles files() {
    return files;
  }

  /** The blocks, partition i holding block i. */
  public JavaRDD<Block> blocks() {
    return blocks;
  }

  /** Number of blocks. */
  public int blockCount() {
    return starts.length - 1;
  }

  /** Number of rows. */
  public long rows() {
    return schema.rows();
  }

  /** Canonical index of a block's first row. */
  public long start(int block) {
    return starts[block];
  }

  /** 32 hexadecimal digits of the rows' contents, whatever their order and files. */
  public String fingerprint() {
    return fingerprint;
  }

  /**
   * What its rows are and how they are to be read: the data set's configuration, and {@link
   * #fingerprint}.
   */
  public String identity() {
    return schema.data() + " " + fingerprint + less;
  }

  /** The same rows, but some features are not learned from. Not to be closed. */
  public Frame without(List<String> features) {
    TreeSet<String> names = new TreeSet<>(features);
    return learning(
        schema.features().stream().filter(f -> !names.contains(f.name())).toList(),
        " without " + names);
  }

  /**
   * The same rows with the features of another frame, in its order. Not to be closed.
   *
   * @param other whose features all are among those of this one
   */
  public Frame like(Schema other) {
    return learning(
        other.features().stream().map(f -> schema.feature(f.name()).orElseThrow()).toList(),
        " like " + other.features().stream().map(Feature::name).toList());
  }

  private Frame learning(List<Feature> features, String how) {
    Frame frame = new Frame(schema.learning(features), blocks, starts, fingerprint, files, notes);
    frame.slicing = slicing();
    frame.strata.putAll(strata);
    frame.less = less + how;
    return frame;
  }

  /**
   * What was left out in reading it and in slicing it, and where answers came from; a line each.
   */
  public List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    slicing().notes().forEach(note -> all.add("data." + schema.data().name() + ".slices: " + note));
    return List.copyOf(all);
  }

  /** The slices of its rows that are reported apart. */
  public Slicing slicing() {
    if (slicing == null) {
      slicing = Slicing.of(this);
    }
    return slicing;
  }

  /** The strata of its rows: classes, or quantile bins of a regression's label. */
  public Strata strata(int bins) {
    if (schema.task() != Task.REGRESSION) {
      return Strata.classes(schema.classes());
    }
    return strata.computeIfAbsent(bins, b -> Strata.quantiles(firsts(block -> block.label), b));
  }

  /**
   * Features of the first rows in canonical order: numbers, or codes of texts; NaN where missing.
   * By feature; null for vectors.
   *
   * @param most how many rows at most
   */
  public List<double[]> sample(int most) {
    long[] before = starts;
    Schema own = schema;
    List<List<double[]>> parts = // at most so many rows and one block
        blocks
            .filter(block -> before[block.number()] < most)
            .map(
                block -> {
                  int rows = (int) Math.min(block.size(), most - before[block.number()]);
                  List<double[]> columns = new ArrayList<>();
                  for (Feature feature : own.features()) {
                    columns.add(feature.values(block, 0, rows));
                  }
                  return columns;
                })
            .collect();
    List<double[]> all = new ArrayList<>();
    for (int f = 0; f < schema.features().size(); f++) {
      int column = f;
      all.add(
          schema.features().get(f).kind() == Feature.Kind.VECTOR
              ? null
              : parts.stream().flatMapToDouble(p -> Arrays.stream(p.get(column))).toArray());
    }
    return all;
  }

  /**
   * The values of a column in the first {@link Strata#SAMPLE} rows in canonical order: all of them
   * in smaller frames, and the same however the frame is spread.
   */
  double[] firsts(Function<Block, double[]> column) {
    long[] before = starts;
    List<double[]> values = // at most Strata.SAMPLE numbers and one block
        blocks.filter(block -> before[block.number()] < Strata.SAMPLE).map(column).collect();
    return values.stream().flatMapToDouble(Arrays::stream).limit(Strata.SAMPLE).toArray();
  }

  /**
   * The numbers of a column that a job asked for, of all rows in canonical order; NaN where
   * missing. For frames that fit on the driver.
   */
  public double[] numbers(String column) {
    int slot = schema.slot(column);
    return all(block -> block.numeric[slot]);
  }

  /**
   * Numbers that stand for the values of a column whose keys a job asked for, equal for equal
   * values, of all rows in canonical order; NaN where missing. For frames that fit on the driver.
   */
  public double[] keys(String column) {
    return numbers(Columns.keyName(column));
  }

  /** The numeric slot of the keys of a column whose keys a job asked for. */
  public int keySlot(String column) {
    return schema.slot(Columns.keyName(column));
  }

  /**
   * The codes of a column's values in {@link #values}, of all rows in canonical order; -1 where
   * missing. For frames that fit on the driver.
   */
  public int[] codes(String column) {
    int at = schema.texts().indexOf(column);
    List<int[]> parts = blocks.map(block -> block.text[at]).collect(); // the caller has checked
    return parts.stream().flatMapToInt(Arrays::stream).toArray();
  }

  /** The distinct values of a column that a job asked for, in order. */
  public List<String> values(String column) {
    return List.of(schema.dictionaries().get(schema.texts().indexOf(column)));
  }

  private double[] all(Function<Block, double[]> column) {
    List<double[]> parts = blocks.map(column).collect(); // the caller has checked that they fit
    double[] all = new double[Math.toIntExact(rows())];
    int at = 0;
    for (double[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** The labels of all rows in canonical order. For frames that fit on the driver. */
  public double[] labels() {
    return all(block -> block.label);
  }

  /** Canonical index of each block's first row, and the number of rows; a new array. */
  public long[] starts() {
    return starts.clone();
  }

  /** What a plan may know of the rows under each of several labellings, by one pass. */
  public List<Population> populations(
      Plan.Needs needs, Strata strata, List<Relabelling> relabellings) {
    List<Relabelling> all = new ArrayList<>(relabellings);
    List<Population.Census[]> census = // a small summary per block and labelling
        blocks
            .map(
                block ->
                    all.stream()
                        .map(r -> Population.census(block.rows(needs, strata, r.of(block))))
                        .toArray(Population.Census[]::new))
            .collect();
    return IntStream.range(0, all.size())
        .mapToObj(k -> Population.of(census.stream().map(c -> c[k]).toList()).named(strata.names()))
        .toList();
  }

  /** What a plan may know of the rows, by one pass over the blocks. */
  public Population population(Plan.Needs needs, Strata strata) {
    List<Population.Census> census =
        blocks
            .map(block -> Population.census(block.rows(needs, strata)))
            .collect(); // one per block
    return Population.of(census);
  }

  /**
   * What a plan may know of the rows that each replicate of a design trains on, by one pass over
   * the blocks.
   */
  public List<Population> training(Placement placement) {
    int replicates = placement.design().replicates();
    List<Population.Census[]> census = // a small summary per block and replicate
        blocks
            .map(
                block -> {
                  Population.Census[] each = new Population.Census[replicates];
                  Rows rows = placement.rows(block);
                  for (int r = 0; r < replicates; r++) {
                    each[r] = Population.census(Nested.training(placement.design(), r, rows));
                  }
                  return each;
                })
            .collect();
    return IntStream.range(0, replicates)
        .mapToObj(
            r ->
                Population.of(census.stream().map(c -> c[r]).toList())
                    .named(placement.strata().names()))
        .toList();
  }

  /** Forgets the blocks. */
  @Override
  public void close() {
    blocks.unpersist();
  }

  /** Turns projected rows into encoded ones. */
  private static final class Encoding {
    /** Up to so many classes are compared with a number one by one. */
    private static final int FEW = 16;

    private final Projection projection;
    private final Schema schema;
    private final Map<String, Integer> classes = new HashMap<>();

    /** The classes that numbers are written as, NaN for other ones; none when they are many. */
    private final double[] numbers;

    private final Map<String, Integer> folds = new HashMap<>();
    private final List<Map<String, Integer>> dictionaries = new ArrayList<>();

    Encoding(Projection projection, Schema schema) {
      this.projection = projection;
      this.schema = schema;
      index(schema.classes(), classes);
      this.numbers =
          schema.classes().stream()
              .limit(schema.classCount() > FEW ? 0 : FEW)
              .mapToDouble(name -> Projection.number(name).orElse(Double.NaN))
              .toArray();
      index(schema.folds(), folds);
      for (String[] dictionary : schema.dictionaries()) {
        Map<String, Integer> codes = new HashMap<>();
        index(List.of(dictionary), codes);
        dictionaries.add(codes);
      }
    }

    private static void index(List<String> names, Map<String, Integer> codes) {
      names.forEach(name -> codes.put(name, codes.size()));
    }

    Iterator<byte[]> encode(Iterator<Row> rows) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return rows.hasNext();
        }

        @Override
        public byte[] next() {
          return encode(rows.next());
        }
      };
    }

    private byte[] encode(Row row) {
      Projection p = projection;
      double[] numbers = p.numbers(row);
      double[] numeric = new double[schema.numericSlots()];
      for (int f = 0; f < schema.features().size(); f++) {
        Feature feature = schema.features().get(f);
        int at = p.featureAt[f];
        if (feature.kind() == Feature.Kind.NUMBER) {
          numeric[feature.at()] = numbers[at];
        } else if (feature.kind() == Feature.Kind.VECTOR) {
          double[] vector = Projection.vector(row, at);
          for (int j = 0; j < feature.width(); j++) {
            numeric[feature.at() + j] = vector == null ? Double.NaN : vector[j];
          }
        }
      }
      for (int s = 0; s < p.sliceAt.length; s++) {
        numeric[schema.slots() + s] = numbers[p.sliceAt[s]];
      }
      int[] text = new int[p.textAt.length];
      for (int t = 0; t < text.length; t++) {
        String value = p.text(row, p.textAt[t]);
        text[t] = value == null ? -1 : code(dictionaries.get(t), value);
      }
      double label;
      if (p.label < 0) {
        label = Schema.CORRECTNESS.size() - 1;
      } else if (schema.task().isClassification()) {
        label = classOf(row, p.label);
      } else {
        label = Projection.number(row, p.label);
      }
      return RowCodec.encode(
          p.id < 0 ? null : row.getString(p.id).getBytes(StandardCharsets.UTF_8),
          label,
          p.weight < 0 ? null : Projection.number(row, p.weight),
          p.group < 0 ? null : Keyed.hash(p.text(row, p.group)),
          p.time < 0 ? null : row.getLong(p.time),
          p.fold < 0 ? null : code(folds, p.text(row, p.fold)),
          text,
          numeric,
          predicted(row, label));
    }

    private double[] predicted(Row row, double label) {
      double[] slots = new double[schema.predictedSlots()];
      for (int m = 0; m < schema.predicted().size(); m++) {
        Schema.Predicted model = schema.predicted().get(m);
        Projection.PredictedColumns columns = projection.predicted.get(m);
        double[] scores =
            columns.score() < 0 ? new double[0] : Profile.scores(row, columns.score());
        for (int j = 0; j < model.width(); j++) {
          slots[model.at() + 1 + j] = scores[scores.length == 2 && model.width() == 1 ? 1 : j];
        }
        double prediction;
        if (columns.correct() >= 0) {
          prediction =
              Profile.RIGHT.contains(projection.text(row, columns.correct()))
                  ? label
                  : (label + 1) % schema.classCount();
        } else if (columns.prediction() < 0) {
          prediction =
              model.width() == 1
                  ? (slots[model.at() + 1] >= 0.5 ? 1 : 0)
                  : argmax(slots, model.at() + 1, model.width());
        } else if (schema.task().isClassification()) {
          prediction = classOf(row, columns.prediction());
        } else {
          prediction =
              row.get(columns.prediction()) instanceof Number number
                  ? number.doubleValue()
                  : Double.parseDouble(projection.text(row, columns.prediction()));
        }
        slots[model.at()] = prediction;
      }
      return slots;
    }

    private static int argmax(double[] slots, int from, int width) {
      int best = 0;
      for (int j = 1; j < width; j++) {
        if (slots[from + j] > slots[from + best]) {
          best = j;
        }
      }
      return best;
    }

    /** The code of a class, without a text of the number when that is one of few. */
    private int classOf(Row row, int at) {
      if (numbers.length > 0 && row.get(at) instanceof Number number) {
        double value = number.doubleValue();
        for (int c = 0; c < numbers.length; c++) {
          if (numbers[c] == value) {
            return c;
          }
        }
      }
      return code(classes, projection.text(row, at));
    }

    private int code(Map<String, Integer> codes, String value) {
      Integer code = codes.get(value);
      if (code == null) {
        throw UserException.input(
            "data."
                + schema.data().name()
                + ".path = "
                + schema.data().path()
                + ": holds the value '"
                + value
                + "' when read again that it did not hold at first; it must not change during a run");
      }
      return code;
    }
  }
}
