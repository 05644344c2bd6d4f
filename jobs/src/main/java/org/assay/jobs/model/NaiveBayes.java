package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;
import org.assay.fit.Examples;
import org.assay.fit.NaiveBayes.Kind;

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

  @Override
  public Optional<Batched> batched() {
    return Optional.of(new InBatches());
  }

  private final class InBatches implements Batched {
    @Override
    public String refusal(Task task, Map<String, Object> params) {
      return null;
    }

    @Override
    public List<Group> fits(Shape shape, List<Map<String, Object>> settings) {
      return Batched.grouped(
          settings,
          this::kind,
          (kind, own) ->
              new org.assay.fit.NaiveBayes(
                  kind.center(shape.center()),
                  kind,
                  shape.classes(),
                  own.stream().map(this::of).mapToDouble(e -> e.getSmoothing()).toArray()));
    }

    private Kind kind(Map<String, Object> params) {
      return Kind.valueOf(of(params).getModelType().toUpperCase(Locale.ROOT));
    }

    @Override
    public boolean checks(Map<String, Object> params) {
      return kind(params) != Kind.GAUSSIAN;
    }

    @Override
    public void check(Examples rows, double[] times, Map<String, Object> params) {
      org.assay.fit.NaiveBayes.check(kind(params), rows, times);
    }

    @Override
    public long bytes(int width, int classes) {
      return 2L * Double.BYTES * width * classes;
    }

    @Override
    public Decision decision(Task task, Map<String, Object> params) {
      return Decision.greatest(SparkLearner.thresholds(of(params)));
    }

    private org.apache.spark.ml.classification.NaiveBayes of(Map<String, Object> params) {
      return (org.apache.spark.ml.classification.NaiveBayes) with(Task.BINARY, params);
    }
  }
}
