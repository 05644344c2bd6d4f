package org.assay.config;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assay.UserException;

/**
 * One model: {@code models.NAME { ... }}. Exactly one of {@code estimator}, {@code pipeline},
 * {@code model}, {@code onnx}, {@code xgboost}, {@code predictions} and columns of the data says
 * what it is.
 *
 * @param name its name in the configuration and in reports
 * @param kind what it is
 * @param target the estimator's name, or the path of the pipeline, model, ONNX file, XGBoost model
 *     or prediction table; empty for columns of the data and predictions of a sealed run
 * @param origin where {@code target} is written
 * @param format Spark source of a prediction table; empty means by the path's ending
 * @param options options of that source
 * @param params Spark ML parameters of an estimator
 * @param grid values to try by parameter
 * @param scale whether numeric features are standardized by their mean and standard deviation in
 *     training
 * @param encodeText overrides the data's {@code encode}
 * @param predictionColumn column of the prediction
 * @param scoreColumn column of the score: a probability, or a vector of one per class
 * @param correctColumn column that says whether the prediction is right, in place of prediction and
 *     score
 * @param idColumn column that names the row in a prediction table; null means the data's
 * @param condition an SQL condition on the rows of a prediction table; null means all
 * @param valueText what the data's {@code model-column} holds in rows of this model; null means its
 *     name
 * @param sealedRun the run that made the predictions; null when they are no run's
 * @param scores what the score means
 * @param onMissing what to do when a prediction table lacks rows or has others
 * @param allow class-name prefixes that a saved pipeline may name
 * @param engine what fits it
 */
public record ModelConfig(
    String name,
    Kind kind,
    String target,
    Origin origin,
    String format,
    Map<String, String> options,
    Map<String, Object> params,
    Grid grid,
    Scale scale,
    DataConfig.Encode encodeText,
    String predictionColumn,
    String scoreColumn,
    String correctColumn,
    String idColumn,
    String condition,
    String valueText,
    SealedPredictions sealedRun,
    ScoreKind scores,
    OnMissing onMissing,
    List<String> allow,
    Engine engine)
    implements Serializable {

  /** Where predictions come from. */
  public enum Kind {
    /** A learner by name, to be fitted. */
    ESTIMATOR,
    /** A saved Spark ML Pipeline, to be fitted. */
    PIPELINE,
    /** A saved Spark ML PipelineModel. */
    MODEL,
    /** A model in an ONNX file. */
    ONNX,
    /** A model in XGBoost's own format. */
    XGBOOST,
    /** A table of predictions made elsewhere, joined by id. */
    TABLE,
    /** Predictions in the report of a sealed run, joined by id. */
    RUN,
    /** Columns of the data. */
    COLUMNS
  }

  /** What fits a model. */
  public enum Engine {
    /** As learner, parameters and data allow. */
    AUTO,
    /** All fits of a design together. */
    BATCHED,
    /** Each fit in one task. */
    TASK,
    /** Each fit as its own Spark jobs. */
    CLUSTER
  }

  /** Whether numeric features are standardized before fitting. */
  public enum Scale {
    NONE,
    STANDARD
  }

  /** What a score column means. */
  public enum ScoreKind {
    PROBABILITY,
    RANKING
  }

  /** What to do with rows that only one of data and prediction table has. */
  public enum OnMissing {
    FAIL,
    DROP
  }

  /** The error of an estimator that cannot be: place, key, value, rule. */
  public UserException wrong(String rule) {
    return UserException.usage(
        origin.prefix() + "models." + name + ".estimator = " + target + ": " + rule);
  }

  /** Whether it is fitted by Assay. */
  public boolean isLearned() {
    return kind == Kind.ESTIMATOR || kind == Kind.PIPELINE;
  }

  /** Whether it is fitted already, and asked for its answers. */
  public boolean isSaved() {
    return kind == Kind.MODEL || kind == Kind.ONNX || kind == Kind.XGBOOST;
  }

  /** Whether its predictions come with the data, so that nothing is computed from features. */
  public boolean isGiven() {
    return kind == Kind.TABLE || kind == Kind.RUN || kind == Kind.COLUMNS;
  }

  /**
   * The parameter settings of the grid, first name slowest, or those drawn from it; one, the fixed
   * parameters, without a grid.
   */
  public List<Map<String, Object>> settings() {
    return grid.settings(params);
  }

  /** The encoding of texts, if it differs from the data's. */
  public Optional<DataConfig.Encode> encode() {
    return Optional.ofNullable(encodeText);
  }

  /** The column of predictions, if named. */
  public Optional<String> prediction() {
    return Optional.ofNullable(predictionColumn);
  }

  /** The column of scores, if named. */
  public Optional<String> score() {
    return Optional.ofNullable(scoreColumn);
  }

  /** The column that says whether the prediction is right, if named. */
  public Optional<String> correct() {
    return Optional.ofNullable(correctColumn);
  }

  /** The condition on rows of a prediction table, if any. */
  public Optional<String> where() {
    return Optional.ofNullable(condition);
  }

  /** The run that made the predictions, if one did. */
  public Optional<SealedPredictions> run() {
    return Optional.ofNullable(sealedRun);
  }

  /** What the data's {@code model-column} holds in rows of this model. */
  public String value() {
    return valueText == null ? name : valueText;
  }

  /** The column that names a row of a prediction table, if it differs from the data's. */
  public Optional<String> id() {
    return Optional.ofNullable(idColumn);
  }

  /**
   * Reads {@code models.NAME}.
   *
   * @param seed of settings that are drawn
   */
  public static ModelConfig read(String name, Section section, long seed) {
    List<String> kinds = new ArrayList<>();
    for (String key : List.of("estimator", "pipeline", "model", "onnx", "xgboost", "predictions")) {
      if (section.has(key)) {
        kinds.add(key);
      }
    }
    boolean columns = section.has("prediction") || section.has("score") || section.has("correct");
    if (kinds.size() > 1 || kinds.isEmpty() && !columns) {
      throw UserException.usage(
          section.path()
              + ": a model is one of estimator, pipeline, model, onnx, xgboost, predictions, or prediction, score or correct columns of the data; found "
              + (kinds.isEmpty() ? "none" : String.join(" and ", kinds)));
    }
    Kind kind =
        kinds.isEmpty()
            ? Kind.COLUMNS
            : switch (kinds.get(0)) {
              case "estimator" -> Kind.ESTIMATOR;
              case "pipeline" -> Kind.PIPELINE;
              case "model" -> Kind.MODEL;
              case "onnx" -> Kind.ONNX;
              case "xgboost" -> Kind.XGBOOST;
              default -> section.isSection("predictions") ? Kind.RUN : Kind.TABLE;
            };
    Grid grid = Grid.read(name, section, seed);
    Map<String, Object> params = new LinkedHashMap<>(section.sectionOrEmpty("params").values());
    for (String axis : grid.axes().keySet()) {
      if (params.containsKey(axis)) {
        throw section.section("grid").wrong(axis, "is also fixed in params; remove one");
      }
    }
    if (kind != Kind.ESTIMATOR && !(params.isEmpty() && grid.isEmpty())) {
      throw section.wrong(
          params.isEmpty() ? "grid" : "params",
          "is for estimators; a saved pipeline or model has its own parameters");
    }
    if (kind != Kind.TABLE) {
      for (String key : List.of("format", "options")) {
        if (section.has(key)) {
          throw section.wrong(key, "is for a table of predictions; remove this key");
        }
      }
    }
    ModelConfig model =
        new ModelConfig(
            name,
            kind,
            kinds.isEmpty() || kind == Kind.RUN ? "" : section.string(kinds.get(0)),
            section.origin(kinds.isEmpty() ? "" : kinds.get(0)),
            section.string("format", ""),
            DataConfig.texts(section.sectionOrEmpty("options")),
            params,
            grid,
            section.choice("scale", Scale.class, Scale.NONE),
            section.choice("encode", DataConfig.Encode.class, null),
            section.text("prediction").orElse(null),
            section.text("score").orElse(null),
            section.text("correct").orElse(null),
            section.text("id").orElse(null),
            section.text("where").orElse(null),
            section.text("model-value").orElse(null),
            kind == Kind.RUN ? SealedPredictions.read(name, section.section("predictions")) : null,
            section.choice("score-kind", ScoreKind.class, ScoreKind.PROBABILITY),
            section.choice("on-missing", OnMissing.class, OnMissing.FAIL),
            section.strings("allow"),
            section.choice("engine", Engine.class, Engine.AUTO));
    section.done();
    model.check(section);
    return model;
  }

  private void check(Section section) {
    if (correctColumn != null && (predictionColumn != null || scoreColumn != null)) {
      throw section.wrong(
          "correct", "stands in place of prediction and score; remove it, or remove them");
    }
    if (correctColumn != null && !isGiven()) {
      throw section.wrong("correct", "is for predictions made elsewhere; remove it");
    }
    if (section.has("engine") && !isLearned()) {
      throw section.wrong("engine", "is for models that are fitted; remove it");
    }
    if (kind == Kind.XGBOOST) {
      for (String key : List.of("prediction", "score")) {
        if (section.has(key)) {
          throw section.wrong(key, "is known of a model of XGBoost's; remove it");
        }
      }
    }
    if (kind == Kind.RUN) {
      for (String key : List.of("prediction", "score", "correct", "id", "where")) {
        if (section.has(key)) {
          throw section.wrong(key, "is known of predictions that a run sealed; remove it");
        }
      }
    }
    if (condition != null && kind != Kind.TABLE) {
      throw section.wrong(
          "where", "chooses rows of a table of predictions; for the data there is data.NAME.where");
    }
    if (valueText != null && kind != Kind.COLUMNS) {
      throw section.wrong(
          "model-value", "chooses rows of the data by its model-column; in a table use where");
    }
  }
}
