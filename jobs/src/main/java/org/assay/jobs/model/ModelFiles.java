package org.assay.jobs.model;

import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.config.ModelConfig;
import org.assay.jobs.frame.Schema;

/** Models that were fitted elsewhere, each in one file: ONNX and XGBoost's own format. */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * Opens a model's file.
   *
   * @param width numbers of a row as they are
   * @throws UserException if there is none, it is no model, or it is one of other rows
   */
  public static Scorer scorer(ModelConfig model, Schema schema, int width) {
    String key = model.kind().name().toLowerCase(Locale.ROOT);
    String where = "models." + model.name() + "." + key + " = " + model.target();
    byte[] file = read(where, new Path(model.target()));
    return switch (model.kind()) {
      case ONNX -> OnnxModels.open(where, file, model, schema, width);
      case XGBOOST -> Xgboost.open(where, file, schema, width);
      default -> throw new IllegalArgumentException(model.kind() + " is no file");
    };
  }

  private static byte[] read(String where, Path path) {
    try {
      FileSystem files =
          path.getFileSystem(SparkSession.active().sparkContext().hadoopConfiguration());
      if (!files.exists(path)) {
        throw UserException.input(where + ": there is no such file");
      }
      try (var in = files.open(path)) {
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw UserException.input(where + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
