package org.assay.jobs.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.config.ModelConfig;
import org.assay.jobs.engine.Predictions;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Schema;
import scala.Tuple2;

/**
 * Spark ML pipelines that others saved.
 *
 * <p>A saved pipeline names the classes to make, so before anything is loaded every {@code class}
 * in its metadata must begin with an allowed prefix: {@code org.apache.spark.ml.}, and those that
 * {@code models.NAME.allow} lists.
 */
public final class SavedPipeline {
  private static final String SPARK = "org.apache.spark.ml.";
  private static final Pattern CLASS = Pattern.compile("\"class\"\\s*:\\s*\"([^\"]*)\"");

  private SavedPipeline() {}

  /** An unfitted pipeline. */
  public static Pipeline unfitted(ModelConfig model) {
    String where = "models." + model.name() + ".pipeline";
    inspect(where, model, Pipeline.class.getName());
    return Pipeline.load(model.target());
  }

  /** A fitted pipeline. */
  public static PipelineModel fitted(ModelConfig model) {
    String where = "models." + model.name() + ".model";
    inspect(where, model, PipelineModel.class.getName());
    return PipelineModel.load(model.target());
  }

  /**
   * What a pipeline makes of rows.
   *
   * @throws UserException if the data lack what it reads
   */
  public static Dataset<Row> answered(
      PipelineModel fitted, ModelConfig model, Schema schema, Dataset<Row> rows) {
    try {
      return fitted.transform(rows);
    } catch (
        Exception e) { // Spark's own for columns that are not there is checked, but not declared
      throw UserException.input(
          "models."
              + model.name()
              + ": cannot answer the rows of data."
              + schema.data().name()
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

  private static void inspect(String where, ModelConfig model, String expected) {
    Path root = new Path(model.target());
    String top = null;
    try {
      FileSystem files =
          root.getFileSystem(SparkSession.active().sparkContext().hadoopConfiguration());
      if (!files.exists(new Path(root, "metadata"))) {
        throw UserException.input(
            where
                + " = "
                + model.target()
                + ": is no saved Spark ML pipeline; it has no folder 'metadata'");
      }
      RemoteIterator<LocatedFileStatus> all = files.listFiles(root, true);
      while (all.hasNext()) {
        Path file = all.next().getPath();
        if (!file.getParent().getName().equals("metadata")
            || file.getName().startsWith("_")
            || file.getName().startsWith(".")) {
          continue;
        }
        String text;
        try (var in = files.open(file)) {
          text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
        if (file.getParent().getParent().equals(files.makeQualified(root))) {
          Matcher first = CLASS.matcher(text);
          top = first.find() ? first.group(1) : top;
        }
        Matcher names = CLASS.matcher(text);
        while (names.find()) {
          String name = names.group(1);
          if (!name.startsWith(SPARK) && model.allow().stream().noneMatch(name::startsWith)) {
            throw UserException.usage(
                where
                    + " = "
                    + model.target()
                    + ": names the class "
                    + name
                    + ", which is not allowed; if you trust it, add its package to models."
                    + model.name()
                    + ".allow");
          }
        }
      }
    } catch (java.io.IOException e) {
      throw UserException.input(
          where + " = " + model.target() + ": cannot be read: " + e.getMessage(), e);
    }
    if (!expected.equals(top)) {
      throw UserException.input(
          where + " = " + model.target() + ": holds a " + top + "; it must be a saved " + expected);
    }
  }

  /**
   * A prediction on its way to its block.
   *
   * @param row the row's place in its block
   */
  public record Placed(int row, double prediction, double[] scores)
      implements java.io.Serializable {}

  /**
   * Reads what a pipeline predicted.
   *
   * @param needed the columns to read, those of the row's place first
   * @param classes whether the label is a class
   * @param codes of classes by name
   * @param width scores per row
   * @param where the configuration's section
   */
  public record Reader(
      List<String> needed, boolean classes, Map<String, Integer> codes, int width, String where)
      implements java.io.Serializable {

    /** What was predicted of each row, where it stands. */
    public JavaRDD<Placed> read(Dataset<Row> scored) {
      return rows(scored).map(this::placed);
    }

    private JavaRDD<Row> rows(Dataset<Row> scored) {
      return scored
          .select(needed.stream().map(org.apache.spark.sql.functions::col).toArray(Column[]::new))
          .javaRDD();
    }

    private Placed placed(Row row) {
      return SavedPipeline.placed(row, classes, codes, width, where);
    }
  }

  /**
   * How to read what a pipeline made of rows. The prediction column holds a class's name, or, when
   * the label is a number, its value; the score column holds a probability, or a vector of one per
   * class.
   */
  public static Reader reader(Dataset<Row> scored, Schema schema, ModelConfig model) {
    String where = "models." + model.name();
    List<String> columns = List.of(scored.columns());
    String prediction = model.prediction().orElse("prediction");
    if (!columns.contains(prediction)) {
      throw UserException.input(
          where
              + ".prediction = "
              + prediction
              + ": the pipeline makes no such column; it makes "
              + String.join(", ", columns));
    }
    String score = model.score().orElse(columns.contains("probability") ? "probability" : null);
    if (score != null && !columns.contains(score)) {
      throw UserException.input(
          where
              + ".score = "
              + score
              + ": the pipeline makes no such column; it makes "
              + String.join(", ", columns));
    }
    boolean classes = schema.task().isClassification();
    HashMap<String, Integer> codes = new HashMap<>();
    schema.classes().forEach(c -> codes.put(c, codes.size()));
    int width = classes && score != null ? (schema.classCount() == 2 ? 1 : schema.classCount()) : 0;
    List<String> needed = new ArrayList<>(List.of("__block", "__row", prediction));
    if (width > 0) {
      needed.add(score);
    }
    return new Reader(needed, classes, codes, width, where);
  }

  /**
   * What a pipeline predicted, one element per block of the frame, in block order; see {@link
   * #reader}.
   */
  public static JavaRDD<Predictions> predictions(
      Dataset<Row> scored, Frame frame, ModelConfig model) {
    Reader reader = reader(scored, frame.schema(), model);
    int width = reader.width();
    int blocks = frame.blockCount();
    return reader
        .rows(scored)
        .mapToPair(row -> new Tuple2<>(row.getInt(0), reader.placed(row)))
        .groupByKey(
            new org.apache.spark.HashPartitioner(
                blocks)) // partition i holds block i: the hash of a small int is itself
        .mapPartitionsWithIndex(
            (number, groups) -> {
              List<Placed> all = new ArrayList<>();
              groups.forEachRemaining(group -> group._2().forEach(all::add));
              all.sort(Comparator.comparingInt(Placed::row));
              Predictions predictions =
                  new Predictions(
                      new int[all.size()],
                      new double[all.size()],
                      width,
                      new double[all.size() * width]);
              for (int i = 0; i < all.size(); i++) {
                predictions.row()[i] = all.get(i).row();
                predictions.prediction()[i] = all.get(i).prediction();
                System.arraycopy(all.get(i).scores(), 0, predictions.scores(), i * width, width);
              }
              return Collections.singleton(predictions).iterator();
            },
            true);
  }

  private static Placed placed(
      Row row, boolean classes, Map<String, Integer> codes, int width, String where) {
    if (row.isNullAt(2)) {
      throw new IllegalStateException("the pipeline predicts null");
    }
    double prediction;
    if (classes) {
      Object value = row.get(2);
      String name =
          value instanceof Number n && n.doubleValue() == Math.rint(n.doubleValue())
              ? Long.toString(n.longValue())
              : String.valueOf(value);
      Integer code = codes.get(name);
      if (code == null) {
        throw UserException.input(
            where
                + ".prediction: predicts '"
                + name
                + "', which is no class of the label ("
                + String.join(", ", codes.keySet().stream().sorted().toList())
                + "); name the column that holds class names, such as that of an IndexToString stage");
      }
      prediction = code;
    } else {
      prediction = ((Number) row.get(2)).doubleValue();
    }
    double[] scores = new double[width];
    if (width > 0) {
      Object value = row.get(3);
      double[] given =
          value instanceof Vector vector
              ? vector.toArray()
              : new double[] {((Number) value).doubleValue()};
      if (width == 1) {
        scores[0] = given[given.length == 2 ? 1 : 0];
      } else if (given.length == width) {
        scores = given;
      } else {
        throw new IllegalStateException(
            "the pipeline's score has " + given.length + " elements for " + width + " classes");
      }
    }
    return new Placed(row.getInt(1), prediction, scores);
  }
}
