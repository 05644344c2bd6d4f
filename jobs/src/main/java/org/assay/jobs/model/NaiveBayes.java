package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;

/** Naive Bayes: {@code modelType} multinomial, complement, bernoulli or gaussian; probabilities. */
@AutoService(Learner.class)
public final class NaiveBayes extends SparkLearner {

  /** For discovery. */
  public NaiveBayes() {
    super("naive-bayes", Set.of(Task.BINARY, Task.MULTICLASS));
  }

  @Override
  protected Predictor<Vector, ?, ?> estimator(Task task) {
    return new org.apache.spark.ml.classification.NaiveBayes();
  }
}
