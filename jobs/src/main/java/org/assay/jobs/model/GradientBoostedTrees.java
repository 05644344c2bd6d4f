package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;

/** Gradient-boosted trees, of two classes or of numbers. */
@AutoService(Learner.class)
public final class GradientBoostedTrees extends SparkLearner {

  /** For discovery. */
  public GradientBoostedTrees() {
    super("gbt", Set.of(Task.BINARY, Task.REGRESSION));
  }

  @Override
  protected Predictor<Vector, ?, ?> estimator(Task task) {
    return task == Task.REGRESSION
        ? new org.apache.spark.ml.regression.GBTRegressor()
        : new org.apache.spark.ml.classification.GBTClassifier();
  }
}
