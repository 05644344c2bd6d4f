package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import ml.dmlc.xgboost4j.java.XGBoost;
import org.assay.UserException;
import org.assay.report.Estimate;
import org.assay.report.ImportanceRow;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that XGBoost's Python package saved, against what it and scikit-learn say of them. */
class XgboostFileTest {
  private static final Map<String, String> NAMES =
      Map.of("neg_mean_squared_error", "mse", "neg_log_loss", "log-loss", "accuracy", "accuracy");

  @TempDir Path dir;

  private static JsonNode reference(String name) throws IOException {
    try (InputStream in = XgboostFileTest.class.getResourceAsStream("xgboost.json")) {
      return new ObjectMapper().readTree(in).get(name);
    }
  }

  private RunContext run(String conf) {
    return Shared.run(
        "name = t, seed = 3, output = unused\n" + conf.replace("DIR", dir.toString()),
        dir.resolve("cells"));
  }

  /** In JSON, or in UBJSON as the same library writes it. */
  private void write(JsonNode model, boolean binary) throws Exception {
    byte[] json = new ObjectMapper().writeValueAsBytes(model);
    Files.write(dir.resolve("m.model"), binary ? XGBoost.loadModel(json).toByteArray("ubj") : json);
  }

  @ParameterizedTest
  @CsvSource({
    "breast_cancer, classification, false",
    "breast_cancer, classification, true",
    "wine, classification, true",
    "diabetes, regression, false"
  })
  void scoresAndImportancesAreThoseOfPython(String name, String task, boolean binary)
      throws Exception {
    JsonNode reference = reference(name);
    write(reference.get("model"), binary);
    String metrics =
        reference.get("scores").properties().stream()
            .map(score -> NAMES.get(score.getKey()))
            .collect(Collectors.joining(", "));
    RunContext ran =
        run(
            """
            data.d { path = "%s", id = id, label = %s, task = %s }
            models.m { xgboost = "DIR/m.model" }
            jobs = [ { job = evaluate, metrics = [%s] }, { job = importance, metrics = [%s], method = [permutation, native], repeats = 100 } ]
            """
                .formatted(
                    Shared.data(name + ".csv"),
                    reference.get("label").asText(),
                    task,
                    metrics,
                    metrics));
    for (Map.Entry<String, JsonNode> score : reference.get("scores").properties()) {
      double theirs = Math.abs(score.getValue().asDouble());
      Estimate own =
          ran.rows(Tables.ESTIMATES).stream()
              .filter(e -> e.metric().equals(NAMES.get(score.getKey())))
              .findFirst()
              .orElseThrow();
      assertThat(own.value()).isCloseTo(theirs, within(1e-6 * Math.max(1, theirs)));
      Map<String, ImportanceRow> rows =
          ran.rows(Tables.IMPORTANCES).stream()
              .filter(r -> r.metric().equals(own.metric()))
              .collect(Collectors.toMap(ImportanceRow::feature, r -> r));
      for (Map.Entry<String, JsonNode> both :
          reference.get("importances").get(score.getKey()).properties()) {
        ImportanceRow row = rows.get(both.getKey());
        double value = both.getValue().get(0).asDouble();
        double error =
            Math.hypot(
                row.spreadShuffle() / Math.sqrt(row.repeats()),
                both.getValue().get(1).asDouble()
                    / Math.sqrt(reference.get("repeats").asInt() - 1));
        assertThat(row.baseline()).isCloseTo(theirs, within(1e-6 * Math.max(1, theirs)));
        assertThat(row.value())
            .as(own.metric() + " of " + both.getKey())
            .isCloseTo(value, within(5 * error + 1e-6 * Math.max(1, Math.abs(value))));
      }
    }
    assertThat(ran.rows(Tables.IMPORTANCES))
        .filteredOn(r -> r.method().equals("native") && r.scale().equals("gain"))
        .anySatisfy(r -> assertThat(r.value()).isPositive());
  }

  private void refused(String keys, String model, String message) {
    assertThatThrownBy(
            () ->
                run(
                    """
                    data.d { path = "%s", id = id, task = classification, %s }
                    models.m { xgboost = "DIR/%s" }
                    jobs = [ { job = importance, repeats = 1 } ]
                    """
                        .formatted(Shared.data("wine.csv"), keys, model)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("models.m.xgboost = " + dir + "/" + model + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wine          | label = cultivar, exclude = [ash] | takes alcohol, malic_acid, ash, alcalinity_of_ash, magnesium
          wine          | label = cultivar, where = "cultivar < 2" | was fitted by multi:softprob, and the label of data.d has 2 classes; must be one of binary:logistic
          wine          | label = cultivar, derive { bin = "id % 4" }, label = bin | knows 3 classes, and the label of data.d has 4: 0, 1, 2, 3
          wine          | label = ash, task = regression | was fitted by multi:softprob, and the label of data.d is a number; must be one of reg:squarederror,
          wine          | label = cultivar, derive { text = "concat('a', id)" } | takes numbers, and of the features of data.d 'text' is a text; derive the codes
          breast_cancer | label = cultivar, where = "cultivar < 2" | takes mean_radius
          """)
  void otherRowsAndLabelsAreRefused(String name, String keys, String message) throws Exception {
    write(reference(name).get("model"), false);
    refused(keys, "m.model", message);
  }

  @ParameterizedTest
  @CsvSource({"true, there is no such file", "false, is no model of XGBoost's that can be read: "})
  void whatIsNoModelIsRefused(boolean missing, String message) throws IOException {
    Files.write(dir.resolve("m.model"), "no model".getBytes(StandardCharsets.UTF_8));
    refused("label = cultivar", missing ? "other" : "m.model", message);
  }

  /** Keys of other kinds of models. */
  @ParameterizedTest
  @CsvSource({"prediction", "score"})
  void keysOfOtherKindsAreRefused(String key) {
    assertThatThrownBy(
            () ->
                run(
                    "data.d { path = \"x.csv\" }, models.m { xgboost = \"m\", "
                        + key
                        + " = p }, jobs = [ { job = importance } ]"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "models.m." + key + " = \"p\": is known of a model of XGBoost's; remove it");
  }

  @Test
  void boostersOfOtherKindsAreRefused() throws Exception {
    JsonNode model = reference("wine").get("model");
    String text = new ObjectMapper().writeValueAsString(model).replace("\"gbtree\"", "\"dart\"");
    Files.writeString(dir.resolve("m.model"), text);
    refused("label = cultivar", "m.model", "is no model of XGBoost's that can be read: ");
  }
}
