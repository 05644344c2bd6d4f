package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.LinearSVC;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;
import org.assay.metric.Target;

/** A linear support vector machine of two classes; its scores rank, they are no probabilities. */
@AutoService(Learner.class)
public final class LinearSvc extends SparkLearner {

  /** For discovery. */
  public LinearSvc() {
    super("linear-svc", Set.of(Task.BINARY));
  }

  @Override
  protected Predictor<Vector, ?, ?> estimator(Task task) {
    return new LinearSVC();
  }

  @Override
  public Target.Scores scores(Task task, Map<String, Object> params) {
    return Target.Scores.RANKING;
  }
}
