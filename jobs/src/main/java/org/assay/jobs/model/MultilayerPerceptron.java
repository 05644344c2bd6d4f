package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;
import org.assay.UserException;

/**
 * A multilayer perceptron; probabilities. {@code layers} is Spark's (input, hidden layers,
 * classes); where the number of inputs follows from the training rows, {@code hiddenLayers} names
 * the hidden ones alone ({@code []} for none, the default).
 */
@AutoService(Learner.class)
public final class MultilayerPerceptron extends SparkLearner {
  private static final String HIDDEN = "hiddenLayers";

  /** For discovery. */
  public MultilayerPerceptron() {
    super("multilayer-perceptron", Set.of(Task.BINARY, Task.MULTICLASS));
  }

  @Override
  protected Predictor<Vector, ?, ?> estimator(Task task) {
    return new MultilayerPerceptronClassifier();
  }

  @Override
  protected Set<String> ownParameters() {
    return Set.of(HIDDEN);
  }

  @Override
  public void check(String where, Map<String, Object> params) {
    super.check(where, params);
    if (params.containsKey(HIDDEN)) {
      if (params.containsKey("layers")) {
        throw UserException.usage(
            where + "." + HIDDEN + ": stands beside layers, which names them too; remove one");
      }
      if (!(params.get(HIDDEN) instanceof List<?> list)
          || !list.stream()
              .allMatch(
                  n ->
                      n instanceof Number k
                          && k.intValue() > 0
                          && k.doubleValue() == k.intValue())) {
        throw UserException.usage(
            where
                + "."
                + HIDDEN
                + " = "
                + params.get(HIDDEN)
                + ": must be a list of positive whole numbers");
      }
    }
  }

  @Override
  protected void complete(
      Predictor<Vector, ?, ?> estimator, Training training, Map<String, Object> params) {
    if (params.containsKey("layers")) {
      return;
    }
    List<?> hidden = (List<?>) params.getOrDefault(HIDDEN, List.of());
    int[] layers = new int[hidden.size() + 2];
    layers[0] = training.width();
    for (int l = 0; l < hidden.size(); l++) {
      layers[l + 1] = ((Number) hidden.get(l)).intValue();
    }
    layers[layers.length - 1] = training.classes();
    ((MultilayerPerceptronClassifier) estimator).setLayers(layers);
  }
}
