package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.design.Plan;
import org.assay.inference.Choice;
import org.assay.jobs.engine.BatchPlan;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.Engines;
import org.assay.jobs.model.Learner;
import org.assay.jobs.model.Learners;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;

/**
 * {@code cross-validate}: fits every model in every replicate of a plan and measures it on the rows
 * held out.
 *
 * <p>With a nested plan each outer replicate first chooses a setting from the model's grid by the
 * inner plan, on the outer training rows alone; otherwise every setting of a grid is reported on
 * its own, which over one parameter is a validation curve, and so is every training size of a plan
 * with several, a learning curve ({@link org.assay.design.LearningCurve}). Both may have the scores
 * of the training rows beside those of the rows held out. A bootstrap plan fits every setting once
 * more, to all rows, for the estimators that ask for the apparent error ({@link Refits}). This
 * class reads the job; {@link CrossValidation} carries it out.
 */
@AutoService(Job.class)
public final class CrossValidate implements Job {

  /** Which predictions are kept in the report. */
  enum Keep {
    ALL,
    FIRST_REPEAT,
    NONE
  }

  @Override
  public String kind() {
    return "cross-validate";
  }

  @Override
  public CrossValidation read(RunConfig.JobConfig job, RunConfig config) {
    Section section = job.section();
    DataConfig data = config.dataOf(section);
    List<ModelConfig> models = config.modelsOf(section);
    for (ModelConfig model : models) {
      if (!model.isLearned()) {
        throw section.wrong(
            "models",
            "'"
                + model.name()
                + "' is fitted already and cannot be cross-validated; use job = evaluate for it");
      }
      check(model, data);
    }
    Plan plan = plan(section, data);
    JobMetrics metrics = JobMetrics.read(job);
    Keep keep = section.choice("keep", Keep.class, Keep.ALL);
    boolean trainScores = section.flag("train-scores", false);
    if (trainScores && plan.isBootstrap()) {
      throw section.wrong(
          "train-scores",
          "a bootstrap sample has rows several times; its plan reports the value of a fit on its own rows as apparent; remove this key");
    }
    if (trainScores && plan.isByJackknife()) {
      throw section.wrong(
          "train-scores",
          "is of fits to training rows, and by = infinitesimal-jackknife makes none; remove one");
    }
    Choice.Rule select = section.choice("select", Choice.Rule.class, Choice.Rule.BEST);
    String by = section.string("select-by", "");
    if (plan.inner().isEmpty() && (section.has("select") || section.has("select-by"))) {
      throw section.wrong(
          section.has("select") ? "select" : "select-by",
          "chooses among settings in a nested plan, and this plan is not nested; remove this key, or use plan { kind = nested, outer {...}, inner {...} }");
    }
    Settings settings =
        new Settings(
            plan,
            metrics,
            keep,
            trainScores ? Cell.Predicts.TRAINED_TOO : Cell.Predicts.TESTED,
            select,
            by.isEmpty() ? null : Metrics.named(by),
            bins(section),
            section.number("level", 0.95, 0.5, 0.999999),
            config.jobs().stream().anyMatch(other -> other.section().names("from", job.name())),
            engines(section, Memory.read(section)));
    section.done();
    return new CrossValidation(job.name(), data, models, settings);
  }

  /** Reads the plan, and refuses one that needs what the data do not have. */
  static Plan plan(Section section, DataConfig data) {
    Plan plan = Plan.read(section.section("plan"), data.group().isPresent());
    check(section, section.section("plan"), plan, data);
    return plan;
  }

  /** Reads how many strata a regression has. */
  static int bins(Section section) {
    return (int) section.integer("bins", 10L, 2, 1000);
  }

  /** Reads what engines may use. */
  static Engines.Options engines(Section section, Memory memory) {
    return new Engines.Options(
        memory.bytes(),
        section.choice("cut", BatchPlan.Cut.class, BatchPlan.Cut.AUTO),
        (int) section.integer("fits-at-once", 0L, 1, 1024));
  }

  /**
   * Refuses a plan that the data cannot have.
   *
   * @param keys the plan's own section
   */
  static void check(Section section, Section keys, Plan plan, DataConfig data) {
    if (plan.needs().folds() && data.fold().isEmpty()) {
      throw section.wrong("plan", "predefined folds need data." + data.name() + ".fold = COLUMN");
    }
    if (plan.needs().times() && data.time().isEmpty()) {
      throw section.wrong("plan", "a time series needs data." + data.name() + ".time = COLUMN");
    }
    boolean draws = plan.isBootstrap() || plan.inner().map(Plan::isBootstrap).orElse(false);
    if (draws && data.time().isPresent()) {
      throw keys.wrong(
          "kind",
          "bootstrap samples are drawn as if the order of rows meant nothing, and data."
              + data.name()
              + " has time = "
              + data.time().get()
              + "; use kind = time-series, or remove time from the data");
    }
  }

  /** Refuses parameters that the learner does not have, and weights that it would not heed. */
  static void check(ModelConfig model, DataConfig data) {
    if (model.kind() != ModelConfig.Kind.ESTIMATOR) {
      return;
    }
    Learner learner = Learners.of(model);
    for (Map<String, Object> setting : model.settings()) {
      learner.check("models." + model.name() + ".params", setting);
      if (data.weight().isPresent() && !learner.heedsWeights(setting)) {
        throw model.wrong(
            "cannot learn from weighted rows, and data."
                + data.name()
                + " has weight = "
                + data.weight().get()
                + "; use another estimator, or data without weight");
      }
    }
  }

  /**
   * The job's own keys.
   *
   * @param predicts whether training rows are measured too
   * @param isTaken whether another job takes what this one finds
   */
  record Settings(
      Plan plan,
      JobMetrics metrics,
      Keep keep,
      Cell.Predicts predicts,
      Choice.Rule select,
      Metric<?> by,
      int bins,
      double level,
      boolean isTaken,
      Engines.Options engines) {

    /** Whether nobody will see a prediction: they are measured, on all rows held out together. */
    boolean measuresOnly() {
      return keep == Keep.NONE
          && !isTaken
          && predicts == Cell.Predicts.TESTED
          && !plan.isBootstrap()
          && !plan.isByJackknife()
          && plan.trainSizes().isEmpty();
    }

    /** Whether predictions of a repeat go into the report. */
    boolean keeps(int repeat) {
      return keep == Keep.ALL || keep == Keep.FIRST_REPEAT && repeat == 0;
    }
  }
}
