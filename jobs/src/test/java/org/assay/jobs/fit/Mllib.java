package org.assay.jobs.fit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assay.fit.Center;
import org.assay.fit.Examples;
import org.assay.fit.Fit;
import org.assay.fit.Model;
import org.assay.jobs.Shared;

/** The same rows for Spark MLlib and for our kernels. */
final class Mllib {
  private Mllib() {}

  /** Columns features, label, weight and offset; on one partition. */
  static Dataset<Row> rows(Examples rows) {
    List<Row> list = new ArrayList<>();
    int width = rows.width();
    for (int i = 0; i < rows.size(); i++) {
      double[] x = java.util.Arrays.copyOfRange(rows.features(), i * width, (i + 1) * width);
      double offset = rows.offset() == null ? 0 : rows.offset()[i];
      list.add(RowFactory.create(Vectors.dense(x), rows.label()[i], rows.weight()[i], offset));
    }
    StructType schema =
        new StructType()
            .add("features", SQLDataTypes.VectorType(), false)
            .add("label", DataTypes.DoubleType, false)
            .add("weight", DataTypes.DoubleType, false)
            .add("offset", DataTypes.DoubleType, false);
    return Shared.spark().createDataFrame(list, schema).coalesce(1).cache();
  }

  /** Carries one fit to its end; each row counts once. */
  static <M extends Model> List<M> ours(Fit fit, Class<M> kind, Center center, Examples rows) {
    double[] ones = new double[rows.size()];
    java.util.Arrays.fill(ones, 1);
    Fit.finish(List.of(fit), center, List.of(rows), List.<double[][]>of(new double[][] {ones}));
    return fit.models().stream().<M>map(kind::cast).toList();
  }

  /** The largest difference, coefficients of a feature measured in its standard deviation. */
  static double difference(double[] a, double[] b, Examples rows) {
    double most = 0;
    for (int j = 0; j < a.length; j++) {
      most = Math.max(most, Math.abs(a[j] - b[j]) * spread(rows, j % rows.width()));
    }
    return most;
  }

  private static double spread(Examples rows, int j) {
    double[] x = column(rows, j);
    double mean = java.util.Arrays.stream(x).average().orElseThrow();
    return Math.sqrt(
        java.util.Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  /** One feature of all rows. */
  static double[] column(Examples rows, int j) {
    double[] x = new double[rows.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = rows.features()[i * rows.width() + j];
    }
    return x;
  }
}
