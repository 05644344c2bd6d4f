package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;
import org.assay.fit.Examples;
import org.assay.fit.Form;
import org.assay.fit.InfinitesimalJackknife;
import org.assay.fit.LogisticModel;
import org.assay.fit.LogisticRegression.Family;
import org.assay.fit.Model;
import org.assay.fit.Penalty;

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

  @Override
  public Optional<Batched> batched() {
    return Optional.of(new InBatches());
  }

  private final class InBatches implements Batched {
    private record Kind(Form form, Family family) {}

    @Override
    public String refusal(Task task, Map<String, Object> params) {
      return SparkLearner.early(of(params).getMaxIter(), ITERATIONS);
    }

    @Override
    public List<Group> fits(Shape shape, List<Map<String, Object>> settings) {
      return Batched.grouped(
          settings,
          setting -> kind(of(setting), shape.classes()),
          (kind, own) ->
              new org.assay.fit.LogisticRegression(
                  shape.center(), kind.form(), kind.family(), shape.classes(), path(own)));
    }

    @Override
    public List<Group> pilots(Shape shape, List<Map<String, Object>> settings) {
      return Batched.grouped(
          settings,
          setting -> kind(of(setting), shape.classes()),
          (kind, own) ->
              org.assay.fit.LogisticRegression.pilot(
                  shape.center(), kind.form(), kind.family(), shape.classes(), path(own)));
    }

    @Override
    public List<Group> after(List<Group> pilots) {
      return pilots.stream()
          .map(
              pilot ->
                  new Group(
                      ((org.assay.fit.LogisticRegression) pilot.fit()).again(), pilot.settings()))
          .toList();
    }

    @Override
    public String leftOutRefusal(Map<String, Object> params) {
      org.apache.spark.ml.classification.LogisticRegression estimator = of(params);
      return estimator.getRegParam() > 0 && estimator.getElasticNetParam() > 0
          ? "elasticNetParam = " + estimator.getElasticNetParam() + " is not smooth"
          : null;
    }

    @Override
    public double[] leftOut(Model model, Shape shape, Map<String, Object> params, Examples rows) {
      return InfinitesimalJackknife.predict(
          (LogisticModel) model,
          kind(of(params), shape.classes()).form(),
          path(List.of(params)).get(0),
          rows);
    }

    private List<Penalty> path(List<Map<String, Object>> settings) {
      return settings.stream()
          .map(this::of)
          .map(e -> new Penalty(e.getRegParam(), e.getElasticNetParam()))
          .toList();
    }

    @Override
    public boolean isOnePass() {
      return false;
    }

    /** Some six passes for each setting: for gradients, or half of them for a Hessian too. */
    @Override
    public double work(long rows, int width, int classes, int settings, boolean piloted) {
      double sets = classes > 2 ? classes : 1;
      double gradient = 2 * sets * (width + 1);
      double hessian = sets * (sets + 1) / 2 * (width + 1) * (width + 2) / 2;
      return 6.0 * settings * rows * (gradient + (piloted ? 0 : hessian / 2));
    }

    private Kind kind(
        org.apache.spark.ml.classification.LogisticRegression estimator, int classes) {
      return new Kind(
          SparkLearner.form(estimator.getFitIntercept(), estimator.getStandardization()),
          switch (estimator.getFamily()) {
            case "binomial" -> Family.BINOMIAL;
            case "multinomial" -> Family.MULTINOMIAL;
            default -> Family.auto(classes);
          });
    }

    @Override
    public long bytes(int width, int classes) {
      long sets = Math.max(1, classes == 2 ? 1 : classes);
      return sets * (sets + 1) / 2 * Batched.super.bytes(width, classes);
    }

    @Override
    public Decision decision(Task task, Map<String, Object> params) {
      org.apache.spark.ml.classification.LogisticRegression estimator = of(params);
      boolean binomial = task == Task.BINARY && kind(estimator, 2).family() == Family.BINOMIAL;
      return binomial
          ? Decision.above(estimator.getThreshold())
          : Decision.greatest(SparkLearner.thresholds(estimator));
    }

    private org.apache.spark.ml.classification.LogisticRegression of(Map<String, Object> params) {
      return (org.apache.spark.ml.classification.LogisticRegression) with(Task.BINARY, params);
    }
  }
}
