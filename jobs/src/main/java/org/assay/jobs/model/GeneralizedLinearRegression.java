package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;

/** Generalized linear regression: {@code family} and {@code link}. */
@AutoService(Learner.class)
public final class GeneralizedLinearRegression extends SparkLearner {

  /** For discovery. */
  public GeneralizedLinearRegression() {
    super("generalized-linear-regression", Set.of(Task.REGRESSION));
  }

  @Override
  protected Predictor<Vector, ?, ?> estimator(Task task) {
    return new org.apache.spark.ml.regression.GeneralizedLinearRegression();
  }
}
