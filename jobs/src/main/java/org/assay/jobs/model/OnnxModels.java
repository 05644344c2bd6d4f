package org.assay.jobs.model;

import java.util.Optional;
import org.apache.spark.ml.linalg.Vector;
import org.assay.UserException;
import org.assay.config.ModelConfig;
import org.assay.importance.RowFunction;
import org.assay.jobs.frame.Schema;
import org.assay.metric.Target;

/**
 * Models in ONNX files. ONNX Runtime, {@value #LIBRARY}, is on the class path of those who use
 * them; it is no part of the application.
 */
final class OnnxModels {
  /** What is to be on the class path. */
  static final String LIBRARY = "com.microsoft.onnxruntime:onnxruntime:1.23.0";

  private OnnxModels() {}

  /**
   * Opens a file.
   *
   * @param where where it is named
   * @param width numbers of a row
   * @throws UserException if it is no model, or one of other rows
   */
  static Scorer open(String where, byte[] file, ModelConfig model, Schema schema, int width) {
    try {
      OnnxModel opened = new OnnxModel(where, file, model, schema, width);
      Scorer.Trees trees = opened.trees().orElse(null);
      return new OnnxScorer(opened, schema.task().isClassification(), trees);
    } catch (NoClassDefFoundError | UnsatisfiedLinkError e) {
      throw UserException.usage(
          where
              + ": needs ONNX Runtime, which is not on the class path; add --packages "
              + LIBRARY
              + " before the command");
    }
  }

  /**
   * Answers a row as a batch of one, and batches as they come.
   *
   * @param trees the same model as trees; null when it is none
   */
  private record OnnxScorer(RowFunction function, boolean classes, Trees trees) implements Scorer {
    @Override
    public Target.Scores scores() {
      return classes ? Target.Scores.PROBABILITY : Target.Scores.NONE;
    }

    @Override
    public double score(Vector features, double[] scores) {
      double[] out = new double[function.outputs()];
      function.predict(features.toArray(), 1, out);
      System.arraycopy(out, 1, scores, 0, Math.min(scores.length, out.length - 1));
      return out[0];
    }

    @Override
    public Optional<RowFunction> batch() {
      return Optional.of(function);
    }

    @Override
    public Optional<Trees> trees(int width) {
      return Optional.ofNullable(trees);
    }
  }
}
