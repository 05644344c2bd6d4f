package org.assay.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.Section;
import org.assay.jobs.engine.BootstrapPlan;
import org.assay.jobs.engine.ClusterEngine;
import org.assay.jobs.engine.Items;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.frame.Frame;
import org.assay.metric.Target;
import org.assay.report.Failure;
import org.assay.report.Tables;

/** Who answers the rows of a job, and where the answers are. */
interface Answering {

  /** The data set whose rows are answered. */
  DataConfig data();

  /** The models to read with the data. */
  List<ModelConfig> models();

  /**
   * All who will answer, in the order of reports.
   *
   * @throws UserException if the data do not allow it
   */
  List<Answerer> all(RunContext context);

  /** The answers of those who gave them; one that failed is a row of {@code failures}. */
  Map<Answerer, Items.Answers> answers(RunContext context, String job);

  /**
   * One who answers.
   *
   * @param model as reports name it
   * @param params its setting as reports write it; empty without
   * @param target what its answers are
   * @param width scores per row: 0, 1 (binary) or the number of classes
   */
  record Answerer(String model, String params, Target target, int width) {
    String label() {
      return model + (params.isEmpty() ? "" : " (" + params + ")");
    }

    BootstrapPlan.Model planned() {
      return new BootstrapPlan.Model(target, width);
    }
  }

  /** Models that answer already. */
  record OfModels(DataConfig data, List<ModelConfig> models) implements Answering {

    @Override
    public List<Answerer> all(RunContext context) {
      Frame frame = context.frame(data);
      return models.stream().map(m -> of(frame, m)).toList();
    }

    private static Answerer of(Frame frame, ModelConfig model) {
      return new Answerer(
          model.name(), "", ScoredModels.target(frame, model), ScoredModels.width(frame, model));
    }

    @Override
    public Map<Answerer, Items.Answers> answers(RunContext context, String job) {
      Frame frame = context.frame(data);
      Map<String, Measurement.Member> given =
          ScoredModels.answers(context, frame, job, data, models);
      Map<Answerer, Items.Answers> answers = new LinkedHashMap<>();
      for (Answerer answerer : all(context)) {
        Measurement.Member member = given.get(answerer.model());
        if (member != null) {
          answers.put(answerer, new Items.Answers(List.of(member), answerer.width()));
        }
      }
      return answers;
    }
  }

  /**
   * The predictions of an earlier cross-validation in this run, those of its first repeat: of each
   * row the one that was made without it.
   *
   * @param section of the job that takes them
   */
  record OfFolds(Section section, CrossValidation source) implements Answering {

    @Override
    public DataConfig data() {
      return source.data();
    }

    @Override
    public List<ModelConfig> models() {
      return source.models();
    }

    @Override
    public List<Answerer> all(RunContext context) {
      Frame frame = context.frame(source.data());
      return source.offered(context, section).series().stream().map(s -> of(frame, s)).toList();
    }

    private static Answerer of(Frame frame, Series series) {
      return new Answerer(
          series.model().name(),
          series.params(),
          series.target(),
          ClusterEngine.width(series.target().scores(), frame.schema()));
    }

    @Override
    public Map<Answerer, Items.Answers> answers(RunContext context, String job) {
      List<CrossValidation.Fit> fits =
          context
              .fits(source.name())
              .orElseThrow(
                  () ->
                      UserException.usage(
                          section.path("from")
                              + " = "
                              + source.name()
                              + ": job '"
                              + source.name()
                              + "' measured nothing in this run; do not leave it out by --only"));
      Frame frame = context.frame(source.data());
      CrossValidation.Offered offered = source.offered(context, section);
      Map<Answerer, Items.Answers> answers = new LinkedHashMap<>();
      for (Series series : offered.series()) {
        List<Measurement.Member> members = new ArrayList<>();
        for (CrossValidation.Fit fit : fits) {
          if (fit.series().equals(series) && fit.cell().split().repeat() == 0) {
            members.add(Measurement.Member.of(series.target(), fit.member().cell()));
          }
        }
        if (members.size() == offered.folds()) {
          Answerer answerer = of(frame, series);
          answers.put(answerer, new Items.Answers(members, answerer.width()));
        } else {
          context.add(
              Tables.FAILURES,
              new Failure(
                  job,
                  source.data().name(),
                  series.model().name(),
                  series.label(),
                  "predictions",
                  "some fits of job '"
                      + source.name()
                      + "' failed, so the held-out rows are not all there"));
        }
      }
      return answers;
    }
  }
}
