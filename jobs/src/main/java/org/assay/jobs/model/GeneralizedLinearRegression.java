package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;
import org.assay.fit.Examples;
import org.assay.fit.Form;
import org.assay.fit.Glm;
import org.assay.fit.GlmModel;
import org.assay.fit.InfinitesimalJackknife;
import org.assay.fit.Model;

/** Generalized linear regression: {@code family} and {@code link}. */
@AutoService(Learner.class)
public final class GeneralizedLinearRegression extends SparkLearner {
  /** Each family's link unless one is named. */
  private static final Map<String, String> CANONICAL =
      Map.of("gaussian", "identity", "binomial", "logit", "poisson", "log", "gamma", "inverse");

  /** For discovery. */
  public GeneralizedLinearRegression() {
    super("generalized-linear-regression", Set.of(Task.REGRESSION));
  }

  @Override
  protected Predictor<Vector, ?, ?> estimator(Task task) {
    return new org.apache.spark.ml.regression.GeneralizedLinearRegression();
  }

  @Override
  public Optional<Batched> batched() {
    return Optional.of(new InBatches());
  }

  private final class InBatches implements Batched {
    /** Spark ML's default of {@code maxIter} for these. */
    private static final int STEPS = 25;

    private record Kind(String glm, Form.Intercept intercept) {}

    @Override
    public String refusal(Task task, Map<String, Object> params) {
      org.apache.spark.ml.regression.GeneralizedLinearRegression estimator = of(params);
      if (!CANONICAL.containsKey(estimator.getFamily())) {
        return "family = "
            + estimator.getFamily()
            + " is not among "
            + CANONICAL.keySet().stream().sorted().collect(Collectors.joining(", "));
      }
      return SparkLearner.early(estimator.getMaxIter(), STEPS);
    }

    @Override
    public List<Group> fits(Shape shape, List<Map<String, Object>> settings) {
      return Batched.grouped(
          settings,
          setting ->
              new Kind(
                  glm(of(setting)),
                  SparkLearner.form(of(setting).getFitIntercept(), true).intercept()),
          (kind, own) -> {
            double[] regParam = own.stream().mapToDouble(p -> of(p).getRegParam()).toArray();
            return new org.assay.fit.GeneralizedLinearRegression(
                shape.center(), kind.intercept(), Glm.valueOf(kind.glm()), regParam);
          });
    }

    @Override
    public boolean checks(Map<String, Object> params) {
      return true;
    }

    @Override
    public void check(Examples rows, double[] times, Map<String, Object> params) {
      Glm.valueOf(glm(of(params))).check(rows, times);
    }

    @Override
    public String leftOutRefusal(Map<String, Object> params) {
      double regParam = of(params).getRegParam();
      return regParam > 0 ? "regParam = " + regParam + " is a penalty, and it takes none" : null;
    }

    @Override
    public double[] leftOut(Model model, Shape shape, Map<String, Object> params, Examples rows) {
      return InfinitesimalJackknife.predict(
          (GlmModel) model,
          SparkLearner.form(of(params).getFitIntercept(), true).intercept(),
          rows);
    }

    private String glm(org.apache.spark.ml.regression.GeneralizedLinearRegression estimator) {
      String family = estimator.getFamily();
      String link =
          estimator.isDefined(estimator.link()) ? estimator.getLink() : CANONICAL.get(family);
      return (family + "_" + link).toUpperCase(Locale.ROOT);
    }

    @Override
    public boolean isOnePass() {
      return false;
    }

    @Override
    public double work(long rows, int width, int classes, int settings, boolean piloted) {
      return 6.0 * settings * Batched.super.work(rows, width, classes, settings, piloted);
    }

    @Override
    public Decision decision(Task task, Map<String, Object> params) {
      return Decision.number();
    }

    private org.apache.spark.ml.regression.GeneralizedLinearRegression of(
        Map<String, Object> params) {
      return (org.apache.spark.ml.regression.GeneralizedLinearRegression)
          with(Task.REGRESSION, params);
    }
  }
}
