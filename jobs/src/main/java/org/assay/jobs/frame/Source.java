package org.assay.jobs.frame;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.Suggestion;

/** Reads a data set as its configuration says, with Spark's own readers. */
public final class Source {
  private Source() {}

  /**
   * The data set's rows, all columns, derived ones included, as far as {@code where} keeps them.
   */
  public static Dataset<Row> read(SparkSession spark, DataConfig data) {
    Dataset<Row> rows =
        load(
            spark,
            "data." + data.name(),
            "path",
            data.path(),
            data.format().orElse(""),
            data.options(),
            data.schema().orElse(""));
    for (Map.Entry<String, String> derived : data.derive().entrySet()) {
      Dataset<Row> before = rows;
      rows =
          sql(
              "data." + data.name() + ".derive." + derived.getKey() + " = " + derived.getValue(),
              () -> before.withColumn(derived.getKey(), expr(derived.getValue())));
    }
    if (data.where().isPresent()) {
      Dataset<Row> before = rows;
      rows =
          sql(
              "data." + data.name() + ".where = " + data.where().get(),
              () -> before.where(data.where().get()));
    }
    return rows;
  }

  static Dataset<Row> sql(String where, Supplier<Dataset<Row>> applied) {
    try {
      return applied.get();
    } catch (Exception e) { // checked ones among them, which Scala does not declare
      if (e instanceof AnalysisException) {
        throw UserException.usage(
            where + ": must be Spark SQL over the data's columns: " + firstLine(e));
      }
      throw e;
    }
  }

  static Dataset<Row> load(
      SparkSession spark,
      String where,
      String key,
      String path,
      String format,
      Map<String, String> given,
      String schema) {
    String name = format.isEmpty() ? guess(where, path) : format;
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    if (name.equals("csv")) {
      options.put("header", "true");
      if (schema.isEmpty()) {
        options.put("inferSchema", "true");
      }
    }
    options.putAll(given);
    DataFrameReader reader = spark.read().format(name).options(options);
    try {
      if (!schema.isEmpty()) {
        reader = reader.schema(schema);
      }
    } catch (Exception e) {
      throw UserException.usage(
          where
              + ".schema = "
              + schema
              + ": must be a Spark schema such as 'id BIGINT, label INT': "
              + firstLine(e));
    }
    Dataset<Row> rows;
    try {
      rows = reader.load(path);
      rows.schema();
    } catch (Exception e) {
      throw unreadable(where + "." + key, path, name, e);
    }
    if (rows.columns().length == 0) {
      throw UserException.input(
          where + "." + key + " = " + path + ": is empty; it must have columns and rows");
    }
    if (name.equals("csv") && "true".equalsIgnoreCase(options.get("header"))) {
      refuseRepeatedHeader(spark, where, path, options, rows.columns());
    }
    Set<String> seen = new LinkedHashSet<>();
    for (String column : rows.columns()) {
      if (!seen.add(column)) {
        throw UserException.input(
            where
                + ": column '"
                + column
                + "' stands twice in "
                + path
                + "; column names must be unique; rename one");
      }
    }
    return rows;
  }

  /** Spark renames repeated CSV columns by appending their position; find out and say so. */
  private static void refuseRepeatedHeader(
      SparkSession spark,
      String where,
      String path,
      Map<String, String> options,
      String[] columns) {
    boolean suspicious = false;
    for (int i = 0; i < columns.length && !suspicious; i++) {
      suspicious = columns[i].endsWith(Integer.toString(i));
    }
    if (!suspicious) {
      return;
    }
    Map<String, String> raw = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    raw.putAll(options);
    raw.put("header", "false");
    raw.put("inferSchema", "false");
    Row first = spark.read().format("csv").options(raw).load(path).head();
    Set<String> seen = new LinkedHashSet<>();
    for (int i = 0; first != null && i < first.length(); i++) {
      String column = first.getString(i);
      if (column != null && !seen.add(column)) {
        throw UserException.input(
            where
                + ": column '"
                + column
                + "' stands twice in "
                + path
                + "; column names must be unique; rename one");
      }
    }
  }

  private static String guess(String where, String path) {
    String end =
        path.toLowerCase(Locale.ROOT)
            .replaceFirst("\\.(gz|bz2|zst|snappy|lz4)$", "")
            .replaceFirst("/+$", "");
    for (String format : List.of("csv", "parquet", "json", "orc")) {
      if (end.endsWith("." + format) || format.equals("json") && end.endsWith(".jsonl")) {
        return format;
      }
    }
    if (end.endsWith(".tsv")) {
      throw UserException.usage(
          where + ": give format = csv and options { sep = \"\\t\" } for " + path);
    }
    return "parquet";
  }

  /**
   * The user's error behind a failure while reading; {@code key} is the one that names the path.
   */
  static UserException unreadable(String key, String path, String format, Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String text = firstLine(root);
    if (text.contains("PATH_NOT_FOUND")
        || text.contains("Path does not exist")
        || root instanceof java.io.FileNotFoundException) {
      return UserException.input(
          key + " = " + path + ": no such file or folder; give the path of data that are there", e);
    }
    if (text.contains("DATA_SOURCE_NOT_FOUND")
        || text.contains("Failed to find data source")
        || root instanceof ClassNotFoundException) {
      return UserException.usage(
          key.replaceFirst("[^.]*$", "format")
              + " = "
              + format
              + ": Spark has no such source; known: csv, parquet, json, orc, and those on the class path");
    }
    return UserException.input(
        key
            + " = "
            + path
            + ": cannot be read as "
            + format
            + ": "
            + text
            + "; mend the data, or name their format",
        e);
  }

  static String firstLine(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String line =
        message.lines().map(String::strip).filter(text -> !text.isEmpty()).findFirst().orElse("");
    return line.length() <= 300 ? line : line.substring(0, 297) + "...";
  }

  /** A column by its exact name, whatever characters it holds. */
  static Column column(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  /** Refuses a column that is not there. */
  static void require(String where, Dataset<Row> rows, String column) {
    List<String> known =
        Arrays.stream(rows.columns()).filter(name -> !Answers.isAnswer(name)).toList();
    if (!known.contains(column)) {
      throw UserException.input(
          where
              + ": no column '"
              + column
              + "'"
              + Suggestion.of(column, known)
              + "; the columns are "
              + abbreviated(known));
    }
  }

  static String abbreviated(List<String> names) {
    return names.size() <= 40
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 40)) + " and " + (names.size() - 40) + " more";
  }
}
