package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;

/** Logistic regression, binary and multinomial, with elastic net; probabilities. */
@AutoService(Learner.class)
public final class LogisticRegression extends SparkLearner {

  /** For discovery. */
  public LogisticRegression() {
    super("logistic-regression", Set.of(Task.BINARY, Task.MULTICLASS));
  }

  @Override
  protected Predictor<Vector, ?, ?> estimator(Task task) {
    return new org.apache.spark.ml.classification.LogisticRegression();
  }
}
