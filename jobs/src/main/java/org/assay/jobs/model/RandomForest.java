package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;

/** A random forest, of classes or of numbers. */
@AutoService(Learner.class)
public final class RandomForest extends SparkLearner {

  /** For discovery. */
  public RandomForest() {
    super("random-forest", Set.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION));
  }

  @Override
  protected Predictor<Vector, ?, ?> estimator(Task task) {
    return task == Task.REGRESSION
        ? new org.apache.spark.ml.regression.RandomForestRegressor()
        : new org.apache.spark.ml.classification.RandomForestClassifier();
  }
}
