package org.assay.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assay.Task;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.design.Plan;
import org.assay.design.TrainSize;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.model.Learner;
import org.assay.jobs.model.Learners;
import org.assay.metric.Target;

/**
 * One line of a cross-validation's results: a model with one setting, or a model whose setting is
 * chosen in each replicate.
 *
 * @param number its place among the lines
 * @param model the model
 * @param params the setting as reports write it; empty when it is chosen
 * @param target what its predictions are
 * @param setting the setting; null when it is chosen
 * @param point number of its point of the plan's learning curve; 0 without one
 * @param size the training size of that point as reports write it; empty without one
 */
record Series(
    int number,
    ModelConfig model,
    String params,
    Target target,
    Map<String, Object> setting,
    int point,
    String size) {

  /**
   * The lines of all models.
   *
   * @throws org.assay.UserException if a model cannot learn from such data
   */
  static List<Series> of(List<ModelConfig> models, Schema schema, DataConfig data, Plan plan) {
    List<Series> series = new ArrayList<>();
    for (ModelConfig model : models) {
      Target target = new Target(schema.task(), schema.classCount(), scores(model, schema, data));
      if (plan.inner().isPresent() && model.settings().size() > 1) {
        series.add(new Series(series.size(), model, "", target, null, 0, ""));
        continue;
      }
      List<String> sizes = plan.trainSizes().stream().map(TrainSize::text).toList();
      for (Map<String, Object> setting : model.settings()) {
        for (int k = 0; k < Math.max(1, sizes.size()); k++) {
          String size = sizes.isEmpty() ? "" : sizes.get(k);
          series.add(
              new Series(series.size(), model, text(setting, size), target, setting, k, size));
        }
      }
    }
    return series;
  }

  /** The lines of all models, none of whose settings is chosen. */
  static List<Series> of(List<ModelConfig> models, Schema schema, DataConfig data) {
    List<Series> series = new ArrayList<>();
    for (ModelConfig model : models) {
      Target target = new Target(schema.task(), schema.classCount(), scores(model, schema, data));
      for (Map<String, Object> setting : model.settings()) {
        series.add(new Series(series.size(), model, Cell.text(setting), target, setting, 0, ""));
      }
    }
    return series;
  }

  private static Target.Scores scores(ModelConfig model, Schema schema, DataConfig data) {
    if (model.kind() != ModelConfig.Kind.ESTIMATOR) {
      return schema.task().isClassification() ? Target.Scores.PROBABILITY : Target.Scores.NONE;
    }
    Learner learner = Learners.of(model);
    String refusal = learner.refusal(schema.task());
    if (refusal != null) {
      throw model.wrong(
          refusal
              + ", and the label '"
              + schema.data().label().orElse("")
              + "' of data."
              + data.name()
              + " is "
              + describe(schema)
              + "; use another estimator, or check data."
              + data.name()
              + ".task");
    }
    Preparation.check(schema, Preparation.Options.of(data, model));
    return learner.scores(schema.task(), model.params());
  }

  private static String text(Map<String, Object> setting, String size) {
    return (Cell.text(setting) + " " + size).strip();
  }

  /** What reports write of a fit with this setting. */
  String params(Map<String, Object> fitted) {
    return text(fitted, size);
  }

  /** What a label is, for people. */
  static String describe(Schema schema) {
    return schema.task() == Task.REGRESSION
        ? "a number"
        : "one of " + schema.classCount() + " classes";
  }

  /** Whether its setting is chosen in each replicate. */
  boolean isChosen() {
    return setting == null;
  }

  /** The model and its setting, for people. */
  String label() {
    return model.name() + (params.isEmpty() ? "" : " (" + params + ")");
  }
}
