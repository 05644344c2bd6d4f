package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;
import org.assay.fit.Examples;
import org.assay.fit.LeaveOneOut;
import org.assay.fit.Model;
import org.assay.fit.Moments;
import org.assay.fit.Pass;
import org.assay.fit.Penalty;

/** Linear regression by least squares or Huber's loss, with elastic net. */
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

  @Override
  public Optional<Batched> batched() {
    return Optional.of(new InBatches());
  }

  private final class InBatches implements Batched {
    @Override
    public String refusal(Task task, Map<String, Object> params) {
      org.apache.spark.ml.regression.LinearRegression estimator = of(params);
      if (!estimator.getLoss().equals("squaredError")) {
        return "loss = " + estimator.getLoss() + " is no sum of squares";
      }
      if (estimator.getSolver().equals("l-bfgs")) {
        return "solver = l-bfgs penalizes in other units than the normal equations do";
      }
      return SparkLearner.early(estimator.getMaxIter(), ITERATIONS);
    }

    @Override
    public List<Group> fits(Shape shape, List<Map<String, Object>> settings) {
      return Batched.grouped(
          settings,
          setting ->
              SparkLearner.form(of(setting).getFitIntercept(), of(setting).getStandardization()),
          (form, own) ->
              new org.assay.fit.LinearRegression(
                  shape.center(),
                  form,
                  own.stream()
                      .map(this::of)
                      .map(e -> new Penalty(e.getRegParam(), e.getElasticNetParam()))
                      .toList()));
    }

    @Override
    public boolean isOfMoments() {
      return true;
    }

    @Override
    public String leftOutRefusal(Map<String, Object> params) {
      return null;
    }

    /** In closed form, and exact. */
    @Override
    public double[] leftOut(Model model, Shape shape, Map<String, Object> params, Examples rows) {
      org.apache.spark.ml.regression.LinearRegression estimator = of(params);
      Moments total = Moments.ofNumbers(shape.center());
      double[] ones = new double[rows.size()];
      Arrays.fill(ones, 1);
      new Pass(shape.center()).add(rows, ones, total);
      return LeaveOneOut.predict(
          total,
          SparkLearner.form(estimator.getFitIntercept(), estimator.getStandardization()),
          List.of(new Penalty(estimator.getRegParam(), estimator.getElasticNetParam())),
          rows)[0];
    }

    @Override
    public Decision decision(Task task, Map<String, Object> params) {
      return Decision.number();
    }

    private org.apache.spark.ml.regression.LinearRegression of(Map<String, Object> params) {
      return (org.apache.spark.ml.regression.LinearRegression) with(Task.REGRESSION, params);
    }
  }
}
