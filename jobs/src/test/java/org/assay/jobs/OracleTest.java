package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.assay.report.Estimate;
import org.assay.report.Score;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Per-fold results against scikit-learn's, on predefined folds id mod k of real data. */
class OracleTest {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  @TempDir Path staging;

  private static JsonNode reference(String name) throws IOException {
    return JSON.readTree(Shared.oracle("cross_validation_sklearn.json").toFile()).get(name);
  }

  private RunContext run(String conf) {
    return Shared.run(conf, staging);
  }

  private void compare(String reference, int folds, String conf, Map<String, Double> tolerances)
      throws IOException {
    RunContext context = run(conf);
    Map<String, Score> scores = new HashMap<>();
    for (Score score : context.rows(Tables.SCORES)) {
      scores.put(score.fold() + " " + score.metric(), score);
    }
    JsonNode expected = reference(reference);
    assertThat(expected).hasSize(folds);
    for (JsonNode fold : expected) {
      for (Map.Entry<String, Double> metric : tolerances.entrySet()) {
        Score score = scores.get(fold.get("fold").asInt() + " " + metric.getKey());
        String key = metric.getKey().replace('-', '_');
        assertThat(score.value())
            .as(score.toString())
            .isCloseTo(fold.get(key).asDouble(), within(metric.getValue()));
        if (fold.has("n_train")) {
          assertThat(score.nTrain()).isEqualTo(fold.get("n_train").asLong());
          assertThat(score.nTest()).isEqualTo(fold.get("n_test").asLong());
        }
      }
    }
    assertThat(context.rows(Tables.ESTIMATES))
        .extracting(Estimate::estimator)
        .contains("mean-of-folds", "pooled-out-of-fold");
  }

  private static String conf(String file, int folds, String data, String model, String metrics) {
    return """
        name = oracle, seed = 1, output = unused
        data.d { path = "%s", id = id, fold = f, derive { f = "id %% %d" }, %s }
        models.m { %s }
        jobs = [ { job = cross-validate, models = [m], plan { kind = predefined }, metrics = [%s] } ]
        """
        .formatted(Shared.data(file), folds, data, model, metrics);
  }

  @Test
  void logisticRegressionOfTheWisconsinData() throws IOException {
    compare(
        "breast_cancer_logistic_l2_lambda0.01_folds_id_mod_10",
        10,
        conf(
            "breast_cancer.csv",
            10,
            "label = benign",
            "estimator = logistic-regression, params { regParam = 0.01, tol = 1e-12, maxIter = 1000 }",
            "accuracy, f1, mcc, log-loss, brier, roc-auc, average-precision"),
        Map.of(
            "accuracy",
            1e-12,
            "f1",
            1e-12,
            "mcc",
            1e-12,
            "log-loss",
            1e-5,
            "brier",
            1e-5,
            "roc-auc",
            1e-5,
            "average-precision",
            1e-5));
  }

  @Test
  void multinomialLogisticRegressionOfWine() throws IOException {
    compare(
        "wine_multinomial_logistic_l2_lambda0.01_folds_id_mod_5",
        5,
        conf(
            "wine.csv",
            5,
            "label = cultivar, task = classification",
            "estimator = logistic-regression, params { regParam = 0.01, tol = 1e-12, maxIter = 1000 }",
            "accuracy, f1-macro, log-loss, roc-auc-ovr-macro"),
        Map.of("accuracy", 1e-12, "f1-macro", 1e-12, "log-loss", 1e-5, "roc-auc-ovr-macro", 1e-5));
  }

  @Test
  void gaussianNaiveBayesOfIris() throws IOException {
    compare(
        "iris_gaussian_nb_folds_id_mod_5",
        5,
        conf(
            "iris.csv",
            5,
            "label = species, task = classification",
            "estimator = naive-bayes, params { modelType = gaussian }",
            "accuracy, log-loss"),
        Map.of("accuracy", 1e-12, "log-loss", 1e-6));
  }

  @Test
  void linearRegressionOfDiabetes() throws IOException {
    compare(
        "diabetes_linear_regression_folds_id_mod_10",
        10,
        conf(
            "diabetes.csv",
            10,
            "label = progression, task = regression",
            "estimator = linear-regression, params { solver = normal }",
            "rmse, mae, r2"),
        Map.of("rmse", 1e-8, "mae", 1e-8, "r2", 1e-8));
  }

  /** Every metric and slice of two fitted models' predictions for Adult. */
  @Test
  void predictionTableOfAdultBySlice() throws IOException {
    RunContext context =
        run(
            """
            name = oracle, output = unused
            data.d { path = "%s", id = id, label = income, slices = [sex, race, education] }
            models.logit { prediction = logit_prediction, score = logit_score }
            models.forest { prediction = forest_prediction, score = forest_score }
            jobs = [ { job = evaluate, metrics = [accuracy, balanced-accuracy, precision, recall, f1, mcc, cohen-kappa, log-loss, brier, roc-auc, average-precision] } ]
            """
                .formatted(Shared.data("adult_predictions.csv")));
    JsonNode expected = JSON.readTree(Shared.oracle("adult_metrics_sklearn.json").toFile());
    int compared = 0;
    for (Estimate estimate : context.rows(Tables.ESTIMATES)) {
      JsonNode slice = expected.get(estimate.slice().isEmpty() ? "all" : estimate.slice());
      JsonNode model = slice.get(estimate.model());
      assertThat(estimate.n()).isEqualTo(model.get("n").asLong());
      JsonNode value = model.get(estimate.metric().replace('-', '_'));
      if (value == null || value.isNull()) {
        continue;
      }
      compared++;
      if (estimate.reason().isEmpty()) {
        assertThat(estimate.value())
            .as(estimate.toString())
            .isCloseTo(value.asDouble(), within(1e-9));
      } else {
        // scikit-learn gives 0 where a definition divides 0 by 0; ours says why there is no value
        assertThat(value.asDouble())
            .as(estimate.toString())
            .matches(v -> v == 0 || Double.isNaN(v));
      }
    }
    assertThat(compared).isGreaterThan(24 * 2 * 9);
  }
}
