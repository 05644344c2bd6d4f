package org.assay.config;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assay.UserException;

/**
 * One model: {@code models.NAME { ... }}. Exactly one of {@code estimator}, {@code pipeline},
 * {@code model} and {@code predictions} or prediction columns says what it is.
 *
 * @param name its name in the configuration and in reports
 * @param kind what it is
 * @param target the estimator's name, or the path of the pipeline, model or prediction table; empty
 *     for columns of the data
 * @param origin where {@code target} is written
 * @param format Spark source of a prediction table; empty means by the path's ending
 * @param options options of that source
 * @param params Spark ML parameters of an estimator
 * @param grid values to try by parameter, in order of names
 * @param scale whether numeric features are standardized by their mean and standard deviation in
 *     training
 * @param encodeText overrides the data's {@code encode}
 * @param predictionColumn column of the prediction
 * @param scoreColumn column of the score: a probability, or a vector of one per class
 * @param idColumn column that names the row in a prediction table; null means the data's
 * @param scores what the score means
 * @param onMissing what to do when a prediction table lacks rows or has others
 * @param allow class-name prefixes that a saved pipeline may name
 */
public record ModelConfig(
    String name,
    Kind kind,
    String target,
    Origin origin,
    String format,
    Map<String, String> options,
    Map<String, Object> params,
    Map<String, List<Object>> grid,
    Scale scale,
    DataConfig.Encode encodeText,
    String predictionColumn,
    String scoreColumn,
    String idColumn,
    ScoreKind scores,
    OnMissing onMissing,
    List<String> allow)
    implements Serializable {

  /** Where predictions come from. */
  public enum Kind {
    /** A learner by name, to be fitted. */
    ESTIMATOR,
    /** A saved Spark ML Pipeline, to be fitted. */
    PIPELINE,
    /** A saved Spark ML PipelineModel. */
    MODEL,
    /** A table of predictions made elsewhere, joined by id. */
    TABLE,
    /** Columns of the data. */
    COLUMNS
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

  /**
   * The parameter settings of the grid, first name slowest; one, the fixed parameters, without a
   * grid.
   */
  public List<Map<String, Object>> settings() {
    List<Map<String, Object>> settings = List.of(new TreeMap<>(params));
    for (Map.Entry<String, List<Object>> axis : grid.entrySet()) {
      List<Map<String, Object>> next = new ArrayList<>();
      for (Map<String, Object> setting : settings) {
        for (Object value : axis.getValue()) {
          Map<String, Object> extended = new TreeMap<>(setting);
          extended.put(axis.getKey(), value);
          next.add(extended);
        }
      }
      settings = next;
    }
    return settings;
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

  /** The column that names a row of a prediction table, if it differs from the data's. */
  public Optional<String> id() {
    return Optional.ofNullable(idColumn);
  }

  /** Reads {@code models.NAME}. */
  public static ModelConfig read(String name, Section section) {
    List<String> kinds = new ArrayList<>();
    for (String key : List.of("estimator", "pipeline", "model", "predictions")) {
      if (section.has(key)) {
        kinds.add(key);
      }
    }
    boolean columns = section.has("prediction") || section.has("score");
    if (kinds.size() > 1 || kinds.isEmpty() && !columns) {
      throw UserException.usage(
          section.path()
              + ": a model is one of estimator, pipeline, model, predictions, or prediction/score columns of the data; found "
              + (kinds.isEmpty() ? "none" : String.join(" and ", kinds)));
    }
    Kind kind =
        kinds.isEmpty()
            ? Kind.COLUMNS
            : switch (kinds.get(0)) {
              case "estimator" -> Kind.ESTIMATOR;
              case "pipeline" -> Kind.PIPELINE;
              case "model" -> Kind.MODEL;
              default -> Kind.TABLE;
            };
    Map<String, List<Object>> grid = new TreeMap<>();
    Section axes = section.sectionOrEmpty("grid");
    for (Map.Entry<String, Object> axis : axes.values().entrySet()) {
      if (!(axis.getValue() instanceof List<?> values) || values.isEmpty()) {
        throw axes.wrong(axis.getKey(), "must be a list of at least one value");
      }
      grid.put(axis.getKey(), new ArrayList<Object>(values));
    }
    Map<String, Object> params = new LinkedHashMap<>(section.sectionOrEmpty("params").values());
    for (String axis : grid.keySet()) {
      if (params.containsKey(axis)) {
        throw axes.wrong(axis, "is also fixed in params; remove one");
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
            kinds.isEmpty() ? "" : section.string(kinds.get(0)),
            section.origin(kinds.isEmpty() ? "" : kinds.get(0)),
            section.string("format", ""),
            DataConfig.texts(section.sectionOrEmpty("options")),
            params,
            grid,
            section.choice("scale", Scale.class, Scale.NONE),
            section.choice("encode", DataConfig.Encode.class, null),
            section.text("prediction").orElse(null),
            section.text("score").orElse(null),
            section.text("id").orElse(null),
            section.choice("score-kind", ScoreKind.class, ScoreKind.PROBABILITY),
            section.choice("on-missing", OnMissing.class, OnMissing.FAIL),
            section.strings("allow"));
    section.done();
    return model;
  }
}
