package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;

/** Factorization machines, of two classes or of numbers. */
@AutoService(Learner.class)
public final class FactorizationMachines extends SparkLearner {

  /** For discovery. */
  public FactorizationMachines() {
    super("factorization-machines", Set.of(Task.BINARY, Task.REGRESSION));
  }

  /** Spark's have the parameter and ignore it. */
  @Override
  public boolean heedsWeights(Map<String, Object> params) {
    return false;
  }

  @Override
  protected Predictor<Vector, ?, ?> estimator(Task task) {
    return task == Task.REGRESSION
        ? new org.apache.spark.ml.regression.FMRegressor()
        : new org.apache.spark.ml.classification.FMClassifier();
  }
}
