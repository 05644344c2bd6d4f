package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.ml.classification.ClassificationModel;
import org.apache.spark.ml.classification.OneVsRestModel;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;
import org.assay.UserException;
import org.assay.metric.Target;

/**
 * One binary learner per class against all others; the class with the greatest raw score wins, ties
 * to the first. {@code classifier} names the binary learner (default logistic-regression); all
 * other parameters are that learner's. Scores rank.
 */
@AutoService(Learner.class)
public final class OneVsRest implements Learner {
  private static final String CLASSIFIER = "classifier";

  @Override
  public String name() {
    return "one-vs-rest";
  }

  @Override
  public String refusal(Task task) {
    return task == Task.REGRESSION ? "learns classes, not numbers" : null;
  }

  @Override
  public Target.Scores scores(Task task, Map<String, Object> params) {
    return Target.Scores.RANKING;
  }

  @Override
  public void check(String where, Map<String, Object> params) {
    binary(where, params).check(where, rest(params));
  }

  @Override
  public boolean heedsWeights(Map<String, Object> params) {
    return binary("params", params).heedsWeights(rest(params));
  }

  private static SparkLearner binary(String where, Map<String, Object> params) {
    Object name = params.getOrDefault(CLASSIFIER, "logistic-regression");
    Learner learner = Learners.named(where + "." + CLASSIFIER, String.valueOf(name));
    if (!(learner instanceof SparkLearner spark)
        || learner.refusal(Task.BINARY) != null
        || learner instanceof MultilayerPerceptron) {
      throw UserException.usage(
          where
              + "."
              + CLASSIFIER
              + " = "
              + name
              + ": must learn two classes with raw scores, such as logistic-regression or linear-svc");
    }
    return spark;
  }

  private static Map<String, Object> rest(Map<String, Object> params) {
    Map<String, Object> rest = new HashMap<>(params);
    rest.remove(CLASSIFIER);
    return rest;
  }

  @Override
  public Scorer fit(Training training, Map<String, Object> params) {
    Training binary =
        new Training(
            training.rows(), Task.BINARY, 2, training.width(), training.weights(), training.seed());
    org.apache.spark.ml.classification.OneVsRest all =
        new org.apache.spark.ml.classification.OneVsRest();
    all.setClassifier(
        (org.apache.spark.ml.classification.Classifier<?, ?, ?>)
            binary("params", params).configured(binary, rest(params)));
    all.setFeaturesCol("features");
    all.setLabelCol("label");
    if (training.weights() == Training.Weights.GIVEN) {
      all.setWeightCol("weight");
    }
    return new Models(all.fit(training.rows()), training.task());
  }

  private record Models(OneVsRestModel model, Task task) implements Scorer {
    @Override
    public Target.Scores scores() {
      return Target.Scores.RANKING;
    }

    @Override
    @SuppressWarnings("unchecked")
    public double score(Vector features, double[] scores) {
      int best = 0;
      double greatest = Double.NEGATIVE_INFINITY;
      Object[] models = model.models();
      for (int c = 0; c < models.length; c++) {
        double raw = ((ClassificationModel<Vector, ?>) models[c]).predictRaw(features).apply(1);
        if (raw > greatest) {
          greatest = raw;
          best = c;
        }
        if (task == Task.MULTICLASS) {
          scores[c] = raw;
        } else if (c == 1) {
          scores[0] = raw;
        }
      }
      return best;
    }
  }
}
