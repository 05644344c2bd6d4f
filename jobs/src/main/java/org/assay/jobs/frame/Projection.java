package org.assay.jobs.frame;

import static org.apache.spark.sql.functions.unix_micros;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.SliceColumn;

/**
 * The columns that a frame needs, brought to a few plain types, and where each stands in a
 * projected row.
 *
 * <p>Order: id, label, weight, group, time, fold, one column per text or vector feature, further
 * text columns of slices, the answers of each model whose predictions are part of the data, and
 * last one array of all numeric features and slice columns: Spark's cost of a row grows with the
 * square of its columns.
 */
final class Projection implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double[] NONE = {};

  /** A feature before its width is known. */
  record Candidate(String name, Feature.Kind kind, DataType type) implements Serializable {}

  /** The columns of a model's answers; -1 where there is none. */
  record PredictedColumns(ModelConfig model, int prediction, int score, int correct, int label)
      implements Serializable {}

  final DataConfig data;
  final transient Dataset<Row> rows;
  final DataType labelType;
  final int id;
  final int label;
  final int weight;
  final int group;
  final int time;
  final int fold;
  final List<Candidate> features;

  /**
   * Where each feature stands: a column of the projected row, or for a number its place in the
   * array of numbers.
   */
  final int[] featureAt;

  private final int numbers;

  /** Numeric columns of slices, and those that jobs ask for, that are no features. */
  final List<String> sliceNumbers;

  /** Where each of them stands in the array of numbers. */
  final int[] sliceAt;

  /** Text columns: the text features in order, then slice columns that are not text features. */
  final List<String> texts;

  private final int textFeatures;

  /** Position of each text column in the projected row. */
  final int[] textAt;

  final List<PredictedColumns> predicted;
  private final Set<String> nulls;

  /** The numbers that are written as one of these. */
  private final double[] nullNumbers;

  Projection(DataConfig data, Dataset<Row> source, List<ModelConfig> models, Columns further) {
    this.data = data;
    this.nulls = data.nulls();
    this.nullNumbers =
        nulls.stream().map(Projection::number).flatMapToDouble(OptionalDouble::stream).toArray();
    String where = "data." + data.name();
    Map<String, String> roles = data.roles();
    data.model().ifPresent(roles::remove); // of the rows before they were made items
    for (Map.Entry<String, String> role : roles.entrySet()) {
      Source.require(where + "." + role.getValue(), source, role.getKey());
    }
    boolean learned = models.stream().anyMatch(m -> !m.isGiven());
    for (String excluded : data.model().isPresent() ? List.<String>of() : data.exclude()) {
      Source.require(where + ".exclude", source, excluded);
    }
    Map<String, DataType> types = new java.util.HashMap<>();
    Arrays.stream(source.schema().fields()).forEach(f -> types.put(f.name(), f.dataType()));
    List<Column> select = new ArrayList<>();
    id = add(select, data.id().map(c -> Source.column(c).cast("string")).orElse(null));
    labelType = data.label().map(types::get).orElse(null);
    if (labelType != null
        && !(labelType instanceof NumericType
            || labelType instanceof BooleanType
            || labelType instanceof StringType)) {
      throw UserException.input(
          where
              + ".label: column '"
              + data.label().orElse("")
              + "' is "
              + labelType.simpleString()
              + "; a label is a number, a truth value or a text; derive one, or name another column");
    }
    label = add(select, data.label().map(c -> plain(Source.column(c), labelType)).orElse(null));
    weight = add(select, data.weight().map(c -> number(where + ".weight", c, types)).orElse(null));
    group = add(select, data.group().map(c -> Source.column(c).cast("string")).orElse(null));
    time = add(select, data.time().map(c -> time(where, c, types)).orElse(null));
    fold = add(select, data.fold().map(c -> Source.column(c).cast("string")).orElse(null));

    Set<String> own = new LinkedHashSet<>();
    for (ModelConfig model : models) {
      if (model.kind() == ModelConfig.Kind.COLUMNS) {
        model.prediction().ifPresent(own::add);
        model.score().ifPresent(own::add);
        model.correct().ifPresent(own::add);
      }
    }
    Set<String> names = new LinkedHashSet<>();
    for (String feature : data.model().isPresent() ? List.<String>of() : data.features()) {
      if (feature.equals("*")) {
        for (String column : source.columns()) {
          if (!roles.containsKey(column)
              && !data.exclude().contains(column)
              && !own.contains(column)
              && !column.startsWith("__")) {
            names.add(column);
          }
        }
      } else {
        Source.require(where + ".features", source, feature);
        names.add(feature);
      }
    }
    if (!learned) {
      names.clear();
    }
    features = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    List<Column> numeric = new ArrayList<>();
    texts = new ArrayList<>();
    List<Integer> textPositions = new ArrayList<>();
    List<String> unusable = new ArrayList<>();
    for (String name : names) {
      DataType type = types.get(name);
      Feature.Kind kind = kind(type);
      if (kind == null) {
        unusable.add("'" + name + "' (" + type.simpleString() + ")");
        continue;
      }
      Column column = Source.column(name);
      if (kind == Feature.Kind.TEXT) {
        texts.add(name);
        textPositions.add(select.size());
      }
      features.add(new Candidate(name, kind, type));
      if (kind == Feature.Kind.NUMBER) {
        positions.add(numeric.size());
        numeric.add(column.cast("double"));
      } else {
        positions.add(select.size());
        select.add(column.as("c" + select.size()));
      }
    }
    if (!unusable.isEmpty()) {
      throw UserException.input(
          where
              + ".features: "
              + Source.abbreviated(unusable)
              + ": a feature is a number, a truth value, a text or a vector; name it in exclude, or derive a number from it");
    }
    if (learned && features.isEmpty()) {
      throw UserException.input(
          where
              + ".features: no column is left to learn from; name some in features, or exclude fewer");
    }
    textFeatures = texts.size();
    sliceNumbers = new ArrayList<>();
    List<Integer> slicePositions = new ArrayList<>();
    for (SliceColumn slice : data.slices().stream().flatMap(List::stream).toList()) {
      String column = slice.column();
      Source.require(where + ".slices", source, column);
      boolean isNumber = types.get(column) instanceof NumericType;
      if (slice.isNumeric() && !isNumber) {
        throw UserException.input(
            where
                + ".slices: column '"
                + column
                + "' is "
                + types.get(column).simpleString()
                + "; edges and quantiles cut numbers; derive one, or slice by its values");
      }
      if (slice.isNumeric()) {
        if (!sliceNumbers.contains(column)
            && features.stream().noneMatch(f -> f.name().equals(column))) {
          sliceNumbers.add(column);
          slicePositions.add(numeric.size());
          numeric.add(Source.column(column).cast("double"));
        }
      } else if (!texts.contains(column)) {
        texts.add(column);
        textPositions.add(select.size());
        select.add(
            plain(Source.column(column), types.get(column)).cast("string").as("c" + select.size()));
      }
    }
    for (Map.Entry<String, String> number : further.numbers().entrySet()) {
      String column = number.getKey();
      Source.require(number.getValue(), source, column);
      Column value = number(number.getValue(), column, types);
      if (!sliceNumbers.contains(column)
          && features.stream()
              .noneMatch(f -> f.kind() == Feature.Kind.NUMBER && f.name().equals(column))) {
        sliceNumbers.add(column);
        slicePositions.add(numeric.size());
        numeric.add(value);
      }
    }
    for (Map.Entry<String, String> text : further.texts().entrySet()) {
      String column = text.getKey();
      Source.require(text.getValue(), source, column);
      if (!texts.contains(column)) {
        texts.add(column);
        textPositions.add(select.size());
        select.add(
            plain(Source.column(column), types.get(column)).cast("string").as("c" + select.size()));
      }
    }
    for (Map.Entry<String, String> key : further.keys().entrySet()) {
      Source.require(key.getValue(), source, key.getKey());
      Column value = plain(Source.column(key.getKey()), types.get(key.getKey())).cast("string");
      Column missing = value.isNull().or(value.isin(nulls.toArray()));
      sliceNumbers.add(Columns.keyName(key.getKey()));
      slicePositions.add(numeric.size());
      // 52 bits, which a double holds
      numeric.add(
          functions
              .when(functions.not(missing), functions.shiftright(functions.xxhash64(value), 12))
              .cast("double"));
    }
    sliceAt = slicePositions.stream().mapToInt(Integer::intValue).toArray();
    textAt = textPositions.stream().mapToInt(Integer::intValue).toArray();
    predicted = new ArrayList<>();
    for (ModelConfig model : models) {
      if (model.isGiven()) {
        predicted.add(
            new PredictedColumns(
                model,
                addPredicted(select, source, model, Answers.Part.PREDICTION),
                addPredicted(select, source, model, Answers.Part.SCORE),
                addPredicted(select, source, model, Answers.Part.CORRECT),
                addPredicted(select, source, model, Answers.Part.LABEL)));
      }
    }
    featureAt = positions.stream().mapToInt(Integer::intValue).toArray();
    numbers = numeric.isEmpty() ? -1 : add(select, functions.array(numeric.toArray(Column[]::new)));
    rows = source.select(select.toArray(Column[]::new));
  }

  private static int add(List<Column> select, Column column) {
    if (column == null) {
      return -1;
    }
    select.add(column.as("c" + select.size()));
    return select.size() - 1;
  }

  private static int addPredicted(
      List<Column> select, Dataset<Row> source, ModelConfig model, Answers.Part part) {
    String name = Answers.name(model.name(), part);
    if (!Arrays.asList(source.columns()).contains(name)) {
      return -1;
    }
    DataType type = source.schema().apply(name).dataType();
    Column column = Source.column(name);
    boolean vector = type.equals(SQLDataTypes.VectorType()) || type instanceof ArrayType;
    boolean isScore = part == Answers.Part.SCORE;
    if (isScore && !vector && !(type instanceof NumericType)) {
      throw UserException.input(
          "models."
              + model.name()
              + ".score: column '"
              + model.score().orElse("")
              + "' is "
              + type.simpleString()
              + "; a score is a number, or a vector of one per class; name such a column");
    }
    return add(
        select, vector && isScore ? column : isScore ? column.cast("double") : plain(column, type));
  }

  /** Numbers as double (exactly, or the nearest), truth values and texts as they are. */
  private static Column plain(Column column, DataType type) {
    return type instanceof NumericType
            && !type.equals(DataTypes.LongType)
            && !type.equals(DataTypes.IntegerType)
        ? column.cast("double")
        : column;
  }

  private static Column number(String where, String name, Map<String, DataType> types) {
    if (!(types.get(name) instanceof NumericType)) {
      throw UserException.input(
          where
              + ": column '"
              + name
              + "' is "
              + types.get(name).simpleString()
              + "; it must be a number; derive one, or name another column");
    }
    return Source.column(name).cast("double");
  }

  private static Column time(String where, String name, Map<String, DataType> types) {
    DataType type = types.get(name);
    Column column = Source.column(name);
    return switch (type.typeName()) {
      case "timestamp", "timestamp_ntz", "date" -> unix_micros(column.cast("timestamp"));
      case "byte", "short", "integer", "long" -> column.cast("long");
      default ->
          throw UserException.input(
              where
                  + ".time: column '"
                  + name
                  + "' is "
                  + type.simpleString()
                  + "; it must be a timestamp, a date or a whole number; derive one, or name another column");
    };
  }

  private static Feature.Kind kind(DataType type) {
    if (type instanceof NumericType || type instanceof BooleanType) {
      return Feature.Kind.NUMBER;
    }
    if (type instanceof StringType) {
      return Feature.Kind.TEXT;
    }
    if (type.equals(SQLDataTypes.VectorType())
        || type instanceof ArrayType array && array.elementType() instanceof NumericType) {
      return Feature.Kind.VECTOR;
    }
    return null;
  }

  /** Whether a text column is learned from, and not for slices alone. */
  boolean isTextFeature(int column) {
    return column < textFeatures;
  }

  /** The text at a position, or null when missing. */
  String text(Row row, int at) {
    if (row.isNullAt(at)) {
      return null;
    }
    Object value = row.get(at);
    String text = value instanceof Number n ? numberText(n) : value.toString();
    return nulls.contains(text) ? null : text;
  }

  /** Whether {@link #text} is null or says "NaN"; makes no text of a number. */
  boolean lacks(Row row, int at) {
    if (row.isNullAt(at)) {
      return true;
    }
    if (row.get(at) instanceof Number number) {
      double value = number.doubleValue();
      boolean lacks = Double.isNaN(value);
      for (double missing : nullNumbers) {
        lacks |= value == missing;
      }
      return lacks;
    }
    String text = text(row, at);
    return text == null || text.equals("NaN");
  }

  /** The number that {@link #numberText} makes this text of, if there is one. */
  static OptionalDouble number(String text) {
    try {
      double value = Double.parseDouble(text);
      return numberText(value).equals(text) ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /** A number as its shortest text: whole numbers without a point. */
  static String numberText(Number number) {
    double value = number.doubleValue();
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** The numbers of a vector or array; null when missing. */
  static double[] vector(Row row, int at) {
    if (row.isNullAt(at)) {
      return null;
    }
    Object value = row.get(at);
    if (value instanceof Vector vector) {
      return vector.toArray();
    }
    List<Object> list = row.getList(at);
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i) == null ? Double.NaN : ((Number) list.get(i)).doubleValue();
    }
    return numbers;
  }

  /** The numeric features and slice columns of a row, NaN where missing. */
  double[] numbers(Row row) {
    return numbers < 0 ? NONE : vector(row, numbers);
  }

  /** A number, NaN when missing. */
  static double number(Row row, int at) {
    return row.isNullAt(at) ? Double.NaN : ((Number) row.get(at)).doubleValue();
  }
}
