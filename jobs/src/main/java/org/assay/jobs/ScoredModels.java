package org.assay.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.design.Design;
import org.assay.design.Plan;
import org.assay.design.Rows;
import org.assay.jobs.engine.BootstrapPlan;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.ClusterEngine;
import org.assay.jobs.engine.Engine;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Schema;
import org.assay.metric.Target;
import org.assay.report.Failure;
import org.assay.report.Tables;

/** Models that answer without being fitted: predictions that came with the data, saved models. */
final class ScoredModels {
  private ScoredModels() {}

  /** Every row is held out, once. */
  private record Everything() implements Design {
    @Override
    public int replicates() {
      return 1;
    }

    @Override
    public Split split(int replicate) {
      return new Split(0, 0);
    }

    @Override
    public void fill(int replicate, Rows rows, int[] weight) {
      java.util.Arrays.fill(weight, 0, rows.size(), HELD_OUT);
    }

    @Override
    public String fingerprint() {
      return "everything";
    }
  }

  /** What a model's answers are, before it has given any. */
  static Target target(Frame frame, ModelConfig model) {
    Schema schema = frame.schema();
    Target.Scores scores =
        schema
            .predicted(model.name())
            .map(Schema.Predicted::scores)
            .orElse(
                schema.task().isClassification() ? Target.Scores.PROBABILITY : Target.Scores.NONE);
    return new Target(schema.task(), schema.classCount(), scores);
  }

  /** Scores per row of a model's answers: 0, 1 (binary) or the number of classes. */
  static int width(Frame frame, ModelConfig model) {
    return frame
        .schema()
        .predicted(model.name())
        .map(Schema.Predicted::width)
        .orElseGet(() -> ClusterEngine.width(target(frame, model).scores(), frame.schema()));
  }

  /** What several models' answers are, for a plan of draws. */
  static List<BootstrapPlan.Model> planned(Frame frame, List<ModelConfig> models) {
    return models.stream()
        .map(m -> new BootstrapPlan.Model(target(frame, m), width(frame, m)))
        .toList();
  }

  /** The most scores per row of any of these models, at least 1. */
  static int mostWidth(Frame frame, List<ModelConfig> models) {
    return models.stream().mapToInt(m -> width(frame, m)).reduce(1, Math::max);
  }

  /**
   * The answers of each model to all rows, by the model's name in the order given; saved models
   * score now. One that fails is a row of {@code failures}, and not in the result.
   */
  static Map<String, Measurement.Member> answers(
      RunContext context, Frame frame, String job, DataConfig data, List<ModelConfig> models) {
    Placement placement = new Placement(new Everything(), Plan.Needs.NOTHING, frame.strata(2));
    List<Cell> cells = new ArrayList<>();
    for (ModelConfig model : models) {
      if (model.isSaved()) {
        cells.add(
            new Cell(
                frame.identity(),
                model,
                Map.of(),
                placement,
                0,
                Cell.Predicts.TESTED,
                context.config().seed()));
      }
    }
    List<Engine.Outcome> outcomes =
        cells.isEmpty()
            ? List.of()
            : new ClusterEngine(context.spark(), frame, context.cells(), 1)
                .run(job, cells, context.progress());
    Map<String, Measurement.Member> answers = new LinkedHashMap<>();
    for (ModelConfig model : models) {
      if (!model.isSaved()) {
        answers.put(
            model.name(),
            Measurement.Member.of(
                target(frame, model), frame.schema().predicted(model.name()).orElseThrow()));
        continue;
      }
      for (Engine.Outcome outcome : outcomes) {
        if (!outcome.cell().model().equals(model)) {
          continue;
        }
        if (outcome.place().isPresent()) {
          answers.put(
              model.name(),
              Measurement.Member.of(target(frame, model), outcome.place().orElseThrow()));
        } else {
          context.add(
              Tables.FAILURES,
              new Failure(job, data.name(), model.name(), model.name(), "score", outcome.reason()));
        }
      }
    }
    return answers;
  }
}
