package org.assay.jobs.frame;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * A frame's rows as the source had them, for pipelines that encode for themselves: features and
 * label by their own names and types, the weight, and {@code __block} and {@code __row}, the row's
 * place in the frame. Vectors and arrays come as vectors.
 */
public final class RawRows {
  private RawRows() {}

  /** Which rows of a replicate. */
  public enum Part {
    TRAIN,
    TEST
  }

  /**
   * The rows that a replicate trains on, or those that it is tested on; a row that counts twice in
   * training comes twice.
   */
  public static Dataset<Row> of(
      SparkSession spark, Frame frame, Placement placement, int replicate, Part part) {
    Schema schema = frame.schema();
    JavaRDD<Row> rows =
        frame
            .blocks()
            .flatMap(
                block -> {
                  int[] weights = placement.weights(replicate, block);
                  double[] labels = placement.labels(block);
                  List<Row> out = new ArrayList<>();
                  for (int i = 0; i < weights.length; i++) {
                    int times =
                        part == Part.TRAIN
                            ? Math.max(0, weights[i])
                            : placement.design().tests(weights[i]) ? 1 : 0;
                    for (int k = 0; k < times; k++) {
                      out.add(row(schema, block, i, labels[i]));
                    }
                  }
                  return out.iterator();
                });
    StructType type =
        new StructType()
            .add("__block", DataTypes.IntegerType, false)
            .add("__row", DataTypes.IntegerType, false);
    List<Column> columns =
        new ArrayList<>(List.of(functions.col("__block"), functions.col("__row")));
    for (Feature feature : schema.features()) {
      DataType held = held(feature);
      type = type.add(feature.name(), held, true);
      columns.add(
          feature.kind() == Feature.Kind.NUMBER
              ? Source.column(feature.name()).cast(feature.type()).as(feature.name())
              : Source.column(feature.name()));
    }
    String label = schema.data().label().orElseThrow(); // to learn from
    boolean text = schema.labelType() instanceof StringType;
    type =
        type.add(
            label,
            text || schema.task().isClassification() ? DataTypes.StringType : DataTypes.DoubleType,
            false);
    columns.add(
        text ? Source.column(label) : Source.column(label).cast(schema.labelType()).as(label));
    if (schema.data().weight().isPresent()) {
      type = type.add(schema.data().weight().get(), DataTypes.DoubleType, false);
      columns.add(Source.column(schema.data().weight().get()));
    }
    return spark.createDataFrame(rows, type).select(columns.toArray(Column[]::new));
  }

  private static DataType held(Feature feature) {
    return switch (feature.kind()) {
      case NUMBER -> DataTypes.DoubleType;
      case TEXT -> DataTypes.StringType;
      case VECTOR -> SQLDataTypes.VectorType();
    };
  }

  private static Row row(Schema schema, Block block, int i, double label) {
    boolean weighted = schema.data().weight().isPresent();
    Object[] values = new Object[3 + schema.features().size() + (weighted ? 1 : 0)];
    values[0] = block.number();
    values[1] = i;
    int at = 2;
    for (Feature feature : schema.features()) {
      values[at++] =
          switch (feature.kind()) {
            case NUMBER ->
                Double.isNaN(block.numeric(feature.at(), i))
                    ? null
                    : (Object) block.numeric(feature.at(), i);
            case TEXT ->
                block.text(feature.at(), i) < 0
                    ? null
                    : schema.dictionaries().get(feature.at())[block.text(feature.at(), i)];
            case VECTOR -> {
              double[] vector = new double[feature.width()];
              for (int j = 0; j < vector.length; j++) {
                vector[j] = block.numeric(feature.at() + j, i);
              }
              yield Vectors.dense(vector);
            }
          };
    }
    values[at++] = schema.task().isClassification() ? schema.labelText(label) : (Object) label;
    if (weighted) {
      values[at] = block.weight(i);
    }
    return RowFactory.create(values);
  }
}
