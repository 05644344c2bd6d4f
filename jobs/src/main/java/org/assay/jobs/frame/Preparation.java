package org.assay.jobs.frame;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.Metadata;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.metric.ExactSum;
import scala.Tuple2;

/**
 * What is fitted to the features of the training rows before a learner sees them: replacements of
 * missing values, categories, scales. Turns a row of a block into the vector that is learned from.
 *
 * <p>Fitted to the training rows of one replicate alone; a row that counts k times in training
 * counts k times here. Columns that have no missing value anywhere in the frame, are not texts and
 * are not scaled need no pass.
 *
 * <ul>
 *   <li>Missing numbers become the median, mean or most frequent of the training rows' values;
 *       missing texts the most frequent. Ties go to the least. Median and most frequent number are
 *       taken over the training rows among the first 1,000,000 rows in canonical order, all of them
 *       in smaller frames. A column without any value in training becomes 0, or the first category.
 *   <li>Texts: one 0/1 column per category seen in training (one-hot), or their position among
 *       those (index). A category unseen in training is "other": all zeros, or one further
 *       position.
 *   <li>Scaling subtracts the mean and divides by the standard deviation (n - 1) of the replaced
 *       training values of numeric columns; a constant column becomes 0.
 * </ul>
 *
 * <p>Immutable, thread-safe, and the same to the bit however the frame is spread. A task that fits
 * it holds a few numbers per column or category, and all values of one column at a time.
 */
public final class Preparation implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final boolean[] NO_SLOTS = {};

  /**
   * What is to be fitted.
   *
   * @param impute replacement of missing values
   * @param encode encoding of texts
   * @param scale scaling of numbers
   */
  public record Options(DataConfig.Impute impute, DataConfig.Encode encode, ModelConfig.Scale scale)
      implements Serializable {

    /** The options of a model on its data. */
    public static Options of(DataConfig data, ModelConfig model) {
      return new Options(data.impute(), model.encode().orElse(data.encode()), model.scale());
    }
  }

  private final Options options;
  private final List<Feature> features;
  private final double[] fill;
  private final double[] mean;
  private final double[] scale;

  /** By text column: position of each category in the encoding, or -1 when unseen in training. */
  private final int[][] position;

  /** By text column the categories seen in training, ascending, and how many these are. */
  private final String[][] categories;

  private final int[] seen;
  private final int[] fillText;
  private final int width;

  private Preparation(
      Options options,
      List<Feature> features,
      double[] fill,
      double[] mean,
      double[] scale,
      int[][] position,
      String[][] categories,
      int[] fillText) {
    this.options = options;
    this.features = features;
    this.fill = fill;
    this.mean = mean;
    this.scale = scale;
    this.position = position;
    this.categories = categories;
    this.seen = Arrays.stream(categories).mapToInt(names -> names.length).toArray();
    this.fillText = fillText;
    this.width = starts()[features.size()];
  }

  /**
   * The same for rows of another frame, whose features are of the same names and kinds in the same
   * order. A category that only that frame has is one unseen in training.
   */
  public Preparation over(Schema other) {
    double[] fill = new double[other.slots()];
    double[] mean = new double[other.slots()];
    double[] scale = new double[other.slots()];
    int[][] position = new int[other.textFeatures()][];
    int[] fillText = new int[position.length];
    String[][] categories = new String[position.length][];
    for (int f = 0; f < features.size(); f++) {
      int from = features.get(f).at();
      int to = other.features().get(f).at();
      if (features.get(f).kind() != Feature.Kind.TEXT) {
        System.arraycopy(this.fill, from, fill, to, features.get(f).width());
        System.arraycopy(this.mean, from, mean, to, features.get(f).width());
        System.arraycopy(this.scale, from, scale, to, features.get(f).width());
        continue;
      }
      List<String> known = Arrays.asList(this.categories[from]);
      String[] texts = other.dictionaries().get(to);
      categories[to] = this.categories[from];
      fillText[to] = texts.length; // the code of no text of the other frame
      position[to] = new int[texts.length + 1];
      position[to][texts.length] = this.position[from][this.fillText[from]];
      for (int c = 0; c < texts.length; c++) {
        int place = Collections.binarySearch(known, texts[c]);
        position[to][c] = place < 0 ? -1 : place;
      }
    }
    return new Preparation(
        options, other.features(), fill, mean, scale, position, categories, fillText);
  }

  /** Refuses text features that are not to be encoded. */
  public static void check(Schema schema, Options options) {
    List<String> texts = schema.quotedTexts();
    if (!texts.isEmpty() && options.encode() == DataConfig.Encode.FAIL) {
      throw UserException.input(
          "data."
              + schema.data().name()
              + ".encode = fail: "
              + Source.abbreviated(texts)
              + (texts.size() == 1 ? " is a text" : " are texts")
              + "; set encode = one-hot or index, or exclude "
              + (texts.size() == 1 ? "it" : "them"));
    }
  }

  /**
   * Rows as they are, for models that prepare for themselves: numbers, NaN where missing; of each
   * text its code in the frame's dictionary, and the number of its codes where missing.
   */
  public static Preparation asIs(Schema schema) {
    int texts = schema.textFeatures();
    double[] fill = new double[schema.slots()];
    Arrays.fill(fill, Double.NaN);
    double[] scale = new double[schema.slots()];
    Arrays.fill(scale, 1);
    int[][] position = new int[texts][];
    String[][] categories = new String[texts][];
    int[] missing = new int[texts];
    for (int t = 0; t < texts; t++) {
      missing[t] = schema.dictionaries().get(t).length;
      position[t] = IntStream.rangeClosed(0, missing[t]).toArray();
      categories[t] = schema.dictionaries().get(t);
    }
    Options options =
        new Options(DataConfig.Impute.FAIL, DataConfig.Encode.INDEX, ModelConfig.Scale.NONE);
    return new Preparation(
        options,
        schema.features(),
        fill,
        new double[schema.slots()],
        scale,
        position,
        categories,
        missing);
  }

  /** Fits it to the training rows of a replicate. */
  public static Preparation fit(Frame frame, Placement placement, int replicate, Options options) {
    return fit(new OverFrame(frame), frame.schema(), placement, replicate, options);
  }

  /** The same where all blocks are at hand, in their order. */
  public static Preparation fit(
      Schema schema, List<Block> blocks, Placement placement, int replicate, Options options) {
    return fit(new AtHand(blocks), schema, placement, replicate, options);
  }

  /** Whether it is the same for all training rows, so that fitting it takes no pass. */
  public static boolean isFixed(Schema schema, Options options) {
    return options.scale() == ModelConfig.Scale.NONE
        && schema.features().stream()
            .noneMatch(f -> f.kind() == Feature.Kind.TEXT || f.missing() > 0);
  }

  private static Preparation fit(
      Passes rows, Schema schema, Placement placement, int replicate, Options options) {
    check(schema, options);
    boolean[] lacking = new boolean[schema.slots()];
    for (Feature feature : schema.features()) {
      if (feature.kind() != Feature.Kind.TEXT && feature.missing() > 0) {
        Arrays.fill(lacking, feature.at(), feature.at() + feature.width(), true);
      }
    }
    boolean anyLacking = false;
    for (boolean l : lacking) {
      anyLacking |= l;
    }
    int textCount = schema.textFeatures();
    boolean scaled = options.scale() == ModelConfig.Scale.STANDARD;
    double[] fill = new double[schema.slots()];
    double[] mean = new double[schema.slots()];
    double[] scale = new double[schema.slots()];
    Arrays.fill(scale, 1);
    int[][] position = new int[textCount][];
    String[][] categories = new String[textCount][];
    int[] fillText = new int[textCount];
    boolean averaged = anyLacking && options.impute() == DataConfig.Impute.MEAN;
    if (anyLacking && !averaged) {
      rows.columns(
          IntStream.range(0, lacking.length).filter(s -> lacking[s]).toArray(),
          (block, slot, count) -> values(block, slot, placement.weights(replicate, block), count),
          options.impute() == DataConfig.Impute.MEDIAN
              ? Preparation::median
              : Preparation::mostFrequent,
          fill);
    }
    if (averaged || textCount > 0 || scaled) {
      Summary summary =
          rows.sum(
              block ->
                  new Summary(schema, textCount, scaled ? null : averaged ? lacking : NO_SLOTS)
                      .add(block, placement.weights(replicate, block)),
              Summary::merge);
      for (int s = 0; averaged && s < fill.length; s++) {
        if (lacking[s] && summary.count[s] > 0) {
          fill[s] = summary.sum[s].value() / summary.count[s];
        }
      }
      for (int t = 0; t < textCount; t++) {
        String[] texts = schema.dictionaries().get(t);
        position[t] = new int[texts.length];
        List<String> seen = new ArrayList<>();
        long most = 0;
        for (int c = 0; c < position[t].length; c++) {
          long count = summary.categories[t][c];
          position[t][c] = count > 0 ? seen.size() : -1;
          if (count > 0) {
            seen.add(texts[c]);
          }
          if (count > most) {
            most = count;
            fillText[t] = c;
          }
        }
        categories[t] = seen.toArray(String[]::new);
      }
      if (scaled) {
        for (int s = 0; s < mean.length; s++) {
          mean[s] = summary.mean(s, fill[s]);
        }
        Squares squares =
            rows.sum(
                block ->
                    new Squares(mean.length)
                        .add(block, placement.weights(replicate, block), fill, mean),
                Squares::merge);
        for (int s = 0; s < scale.length; s++) {
          double variance = squares.sum[s].value() / (squares.count - 1);
          scale[s] = variance > 0 ? Math.sqrt(variance) : Double.POSITIVE_INFINITY;
        }
      }
    }
    return new Preparation(
        options, schema.features(), fill, mean, scale, position, categories, fillText);
  }

  /** Passes over blocks, wherever they are. */
  private interface Passes {
    <T extends Serializable> T sum(OfBlock<T> each, Merge<T> merge);

    /**
     * Fills in what is found in a column's sorted values among the first {@link Strata#SAMPLE}
     * rows.
     */
    void columns(int[] slots, OfColumn values, OfSorted found, double[] fill);
  }

  private interface OfBlock<T> extends Serializable {
    T of(Block block);
  }

  private interface Merge<T> extends Serializable {
    T of(T a, T b);
  }

  private interface OfColumn extends Serializable {
    /** Values of a slot in training among the first {@code rows} rows of a block. */
    double[] of(Block block, int slot, int rows);
  }

  private interface OfSorted extends Serializable {
    double of(double[] sorted);
  }

  /** Each column is brought to one task, and is at most {@link Strata#SAMPLE} numbers there. */
  private record OverFrame(Frame frame) implements Passes {
    @Override
    public <T extends Serializable> T sum(OfBlock<T> each, Merge<T> merge) {
      return frame.blocks().map(each::of).treeReduce(merge::of);
    }

    @Override
    public void columns(int[] slots, OfColumn values, OfSorted found, double[] fill) {
      long[] starts = new long[frame.blockCount()];
      for (int b = 0; b < starts.length; b++) {
        starts[b] = frame.start(b);
      }
      List<Tuple2<Integer, Double>> each = // one number per column
          frame
              .blocks()
              .filter(block -> starts[block.number()] < Strata.SAMPLE)
              .flatMapToPair(
                  block -> {
                    int rows = (int) Math.min(block.size(), Strata.SAMPLE - starts[block.number()]);
                    return Arrays.stream(slots)
                        .mapToObj(s -> new Tuple2<>(s, values.of(block, s, rows)))
                        .iterator();
                  })
              .groupByKey(Math.min(slots.length, frame.blockCount()))
              .mapValues(
                  parts -> found.of(sorted(StreamSupport.stream(parts.spliterator(), false))))
              .collect();
      for (Tuple2<Integer, Double> slot : each) {
        fill[slot._1()] = slot._2();
      }
    }
  }

  private record AtHand(List<Block> blocks) implements Passes {
    @Override
    public <T extends Serializable> T sum(OfBlock<T> each, Merge<T> merge) {
      return blocks.stream().map(each::of).reduce(merge::of).orElseThrow();
    }

    @Override
    public void columns(int[] slots, OfColumn values, OfSorted found, double[] fill) {
      for (int slot : slots) {
        long start = 0;
        List<double[]> parts = new ArrayList<>();
        for (Block block : blocks) {
          if (start < Strata.SAMPLE) {
            parts.add(values.of(block, slot, (int) Math.min(block.size(), Strata.SAMPLE - start)));
          }
          start += block.size();
        }
        fill[slot] = found.of(sorted(parts.stream()));
      }
    }
  }

  private static double[] sorted(Stream<double[]> parts) {
    return parts.flatMapToDouble(Arrays::stream).sorted().toArray();
  }

  /** A column's values in training among the first rows of a block, each as often as it counts. */
  private static double[] values(Block block, int slot, int[] weights, int rows) {
    double[] values = new double[rows];
    int size = 0;
    for (int i = 0; i < rows; i++) {
      double x = block.numeric(slot, i);
      for (int k = 0; k < weights[i] && !Double.isNaN(x); k++) {
        if (size == values.length) {
          values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = x;
      }
    }
    return Arrays.copyOf(values, size);
  }

  private static double median(double[] sorted) {
    int n = sorted.length;
    if (n == 0) {
      return 0;
    }
    return n % 2 == 1 ? sorted[n / 2] : sorted[n / 2 - 1] + (sorted[n / 2] - sorted[n / 2 - 1]) / 2;
  }

  private static double mostFrequent(double[] sorted) {
    double best = 0;
    int most = 0;
    for (int i = 0; i < sorted.length; ) {
      int j = i;
      while (j < sorted.length && sorted[j] == sorted[i]) {
        j++;
      }
      if (j - i > most) {
        most = j - i;
        best = sorted[i];
      }
      i = j;
    }
    return best;
  }

  /** Number of columns that are learned from. */
  public int width() {
    return width;
  }

  /** Whether a row has a category that no training row has. */
  public boolean isUnseen(Block block, int row) {
    for (int t = 0; t < position.length; t++) {
      int code = block.text(t, row);
      if (code >= 0 && position[t][code] < 0) {
        return true;
      }
    }
    return false;
  }

  /** The row as it is learned from: dense, or sparse where that is smaller. */
  public Vector features(Block block, int row) {
    int most = Math.min(width, fill.length + position.length); // a text has one place of many
    int[] index = new int[most];
    double[] value = new double[most];
    int nonzero = 0;
    int at = 0;
    for (Feature feature : features) {
      if (feature.kind() == Feature.Kind.TEXT) {
        int t = feature.at();
        int code = block.text(t, row);
        int place = position[t][code < 0 ? fillText[t] : code];
        if (options.encode() == DataConfig.Encode.INDEX) {
          double x = place < 0 ? seen[t] : place;
          if (x != 0) {
            index[nonzero] = at;
            value[nonzero++] = x;
          }
          at++;
        } else {
          if (place >= 0) {
            index[nonzero] = at + place;
            value[nonzero++] = 1;
          }
          at += seen[t];
        }
      } else {
        for (int s = feature.at(); s < feature.at() + feature.width(); s++) {
          double x = block.numeric(s, row);
          x = ((Double.isNaN(x) ? fill[s] : x) - mean[s]) / scale[s];
          if (x != 0) {
            index[nonzero] = at;
            value[nonzero++] = x;
          }
          at++;
        }
      }
    }
    if (12L * nonzero + 8 < 8L * width) {
      return Vectors.sparse(width, Arrays.copyOf(index, nonzero), Arrays.copyOf(value, nonzero));
    }
    double[] dense = new double[width];
    for (int j = 0; j < nonzero; j++) {
      dense[index[j]] = value[j];
    }
    return Vectors.dense(dense);
  }

  /** Writes the row as it is learned from into {@code out}, which holds zeros. */
  public void features(Block block, int row, double[] out, int from) {
    int at = from;
    for (Feature feature : features) {
      if (feature.kind() == Feature.Kind.TEXT) {
        int t = feature.at();
        int code = block.text(t, row);
        int place = position[t][code < 0 ? fillText[t] : code];
        if (options.encode() == DataConfig.Encode.INDEX) {
          out[at++] = place < 0 ? seen[t] : place;
        } else {
          if (place >= 0) {
            out[at + place] = 1;
          }
          at += seen[t];
        }
      } else {
        for (int s = feature.at(); s < feature.at() + feature.width(); s++) {
          double x = block.numeric(s, row);
          out[at++] = ((Double.isNaN(x) ? fill[s] : x) - mean[s]) / scale[s] + 0.0;
        }
      }
    }
  }

  /** Rows that are written column by column, for their columns to stay near the processor. */
  private static final int TOGETHER = 64;

  /** All rows of a block as they are learned from, row after row; a new array. */
  public double[] features(Block block) {
    double[] out = new double[Math.multiplyExact(block.size(), width)];
    if (features.stream().anyMatch(feature -> feature.kind() == Feature.Kind.TEXT)) {
      for (int i = 0; i < block.size(); i++) {
        features(block, i, out, i * width);
      }
      return out;
    }
    int[] slots =
        features.stream().flatMapToInt(f -> IntStream.range(f.at(), f.at() + f.width())).toArray();
    for (int from = 0; from < block.size(); from += TOGETHER) {
      int to = Math.min(block.size(), from + TOGETHER);
      for (int j = 0; j < slots.length; j++) {
        int s = slots[j];
        boolean asIs = mean[s] == 0 && scale[s] == 1;
        double m = mean[s];
        double unit = scale[s];
        double missing = fill[s];
        for (int i = from; i < to; i++) {
          double x = block.numeric(s, i);
          x = Double.isNaN(x) ? missing : x;
          out[i * width + j] = (asIs ? x : (x - m) / unit) + 0.0;
        }
      }
    }
    return out;
  }

  /**
   * Of each column the largest absolute value that a row may have.
   *
   * @param ends of each numeric slot the least and the greatest value
   */
  public double[] largest(double[][] ends) {
    double[] largest = new double[width];
    Arrays.fill(largest, 1); // of a category's column
    int at = 0;
    for (Feature feature : features) {
      if (feature.kind() != Feature.Kind.TEXT) {
        for (int s = feature.at(); s < feature.at() + feature.width(); s++) {
          double most = Math.abs(fill[s] - mean[s]);
          for (double end : ends[s]) {
            most = Double.isInfinite(end) ? most : Math.max(most, Math.abs(end - mean[s]));
          }
          largest[at++] = most / scale[s];
        }
      } else if (options.encode() == DataConfig.Encode.INDEX) {
        largest[at++] = seen[feature.at()];
      } else {
        at += seen[feature.at()];
      }
    }
    return largest;
  }

  /** The columns that features are learned from as, of feature f those from the f-th number on. */
  public int[] starts() {
    int[] starts = new int[features.size() + 1];
    for (int f = 0; f < features.size(); f++) {
      Feature feature = features.get(f);
      starts[f + 1] =
          starts[f]
              + (feature.kind() != Feature.Kind.TEXT
                  ? feature.width()
                  : options.encode() == DataConfig.Encode.INDEX ? 1 : seen[feature.at()]);
    }
    return starts;
  }

  /**
   * Spark ML's description of the columns: their names, and which are nominal with how many values.
   */
  public Metadata metadata() {
    if (width > 20_000 || options.encode() != DataConfig.Encode.INDEX) {
      return Metadata.empty();
    }
    List<Attribute> attributes = new ArrayList<>();
    for (Feature feature : features) {
      if (feature.kind() == Feature.Kind.TEXT) {
        attributes.add(
            NominalAttribute.defaultAttr()
                .withName(feature.name())
                .withNumValues(seen[feature.at()] + 1));
      } else {
        for (int j = 0; j < feature.width(); j++) {
          attributes.add(
              NumericAttribute.defaultAttr()
                  .withName(
                      feature.width() == 1 ? feature.name() : feature.name() + "[" + j + "]"));
        }
      }
    }
    return new AttributeGroup("features", attributes.toArray(Attribute[]::new)).toMetadata();
  }

  /** Of each column, in order: whether its numbers are codes of categories. */
  public boolean[] nominal() {
    boolean[] nominal = new boolean[width];
    int at = 0;
    for (Feature feature : features) {
      if (feature.kind() != Feature.Kind.TEXT) {
        at += feature.width();
      } else if (options.encode() == DataConfig.Encode.INDEX) {
        nominal[at++] = true;
      } else {
        at += seen[feature.at()];
      }
    }
    return nominal;
  }

  /** The columns' names, in order. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (Feature feature : features) {
      if (feature.kind() == Feature.Kind.TEXT && options.encode() == DataConfig.Encode.ONE_HOT) {
        for (String category : categories[feature.at()]) {
          names.add(feature.name() + "=" + category);
        }
      } else {
        for (int j = 0; j < Math.max(1, feature.width()); j++) {
          names.add(feature.width() <= 1 ? feature.name() : feature.name() + "[" + j + "]");
        }
      }
    }
    return names;
  }

  /** Counts and exact sums over training rows. */
  private static final class Summary implements Serializable {
    private static final long serialVersionUID = 1L;
    private final long[][] categories;
    private final long[] count;

    /** By slot; null for those that are not summed. */
    private final ExactSum[] sum;

    private long rows;

    /**
     * Empty.
     *
     * @param summed which slots are summed; null for all
     */
    Summary(Schema schema, int texts, boolean[] summed) {
      categories = new long[texts][];
      for (int t = 0; t < texts; t++) {
        categories[t] = new long[schema.dictionaries().get(t).length];
      }
      count = new long[summed == null ? schema.slots() : summed.length];
      sum = new ExactSum[count.length];
      for (int s = 0; s < sum.length; s++) {
        sum[s] = summed == null || summed[s] ? new ExactSum() : null;
      }
    }

    Summary add(Block block, int[] weights) {
      for (int t = 0; t < categories.length; t++) {
        for (int i = 0; i < block.size(); i++) {
          int code = block.text(t, i);
          if (weights[i] > 0 && code >= 0) {
            categories[t][code] += weights[i];
          }
        }
      }
      for (int i = 0; i < block.size(); i++) {
        rows += Math.max(0, weights[i]);
      }
      for (int s = 0; s < sum.length; s++) {
        for (int i = 0; sum[s] != null && i < block.size(); i++) {
          double x = block.numeric(s, i);
          if (weights[i] > 0 && !Double.isNaN(x)) {
            count[s] += weights[i];
            for (int k = 0; k < weights[i]; k++) {
              sum[s].add(x);
            }
          }
        }
      }
      return this;
    }

    Summary merge(Summary other) {
      rows += other.rows;
      for (int t = 0; t < categories.length; t++) {
        for (int c = 0; c < categories[t].length; c++) {
          categories[t][c] += other.categories[t][c];
        }
      }
      for (int s = 0; s < count.length; s++) {
        count[s] += other.count[s];
        if (sum[s] != null) {
          sum[s].merge(other.sum[s]);
        }
      }
      return this;
    }

    double mean(int slot, double fill) {
      return rows == 0 ? 0 : (sum[slot].value() + fill * (rows - count[slot])) / rows;
    }
  }

  /** Exact sums of squared deviations over training rows. */
  private static final class Squares implements Serializable {
    private static final long serialVersionUID = 1L;
    private final ExactSum[] sum;
    private long count;

    Squares(int slots) {
      sum = new ExactSum[slots];
      Arrays.setAll(sum, s -> new ExactSum());
    }

    Squares add(Block block, int[] weights, double[] fill, double[] mean) {
      for (int i = 0; i < block.size(); i++) {
        count += Math.max(0, weights[i]);
      }
      for (int s = 0; s < sum.length; s++) {
        for (int i = 0; i < block.size(); i++) {
          double x = block.numeric(s, i);
          double d = (Double.isNaN(x) ? fill[s] : x) - mean[s];
          for (int k = 0; k < weights[i]; k++) {
            sum[s].add(d * d);
          }
        }
      }
      return this;
    }

    Squares merge(Squares other) {
      count += other.count;
      for (int s = 0; s < sum.length; s++) {
        sum[s].merge(other.sum[s]);
      }
      return this;
    }
  }
}
