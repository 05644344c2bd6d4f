package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;

/** Linear regression with elastic net. */
@AutoService(Learner.class)
public final class LinearRegression extends SparkLearner {

  /** For discovery. */
  public LinearRegression() {
    super("linear-regression", Set.of(Task.REGRESSION));
  }

  @Override
  protected Predictor<Vector, ?, ?> estimator(Task task) {
    return new org.apache.spark.ml.regression.LinearRegression();
  }
}
