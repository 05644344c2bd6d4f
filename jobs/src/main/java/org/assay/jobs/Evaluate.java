package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.frame.Frame;
import org.assay.metric.Metric;
import org.assay.metric.Value;
import org.assay.report.Estimate;
import org.assay.report.Tables;

/**
 * {@code evaluate}: every metric of models that are fitted already, or of predictions made
 * elsewhere, on all rows and by slice; nothing is resampled.
 */
@AutoService(Job.class)
public final class Evaluate implements Job {

  @Override
  public String kind() {
    return "evaluate";
  }

  @Override
  public Step read(RunConfig.JobConfig job, RunConfig config) {
    Section section = job.section();
    DataConfig data = config.dataOf(section);
    List<ModelConfig> models = config.modelsOf(section);
    for (ModelConfig model : models) {
      if (model.isLearned()) {
        throw section.wrong(
            "models",
            "'" + model.name() + "' has yet to be fitted; use job = cross-validate for it");
      }
    }
    JobMetrics metrics = JobMetrics.read(job);
    boolean keep =
        section.choice("keep", CrossValidate.Keep.class, CrossValidate.Keep.NONE)
            != CrossValidate.Keep.NONE;
    section.done();
    return new Evaluation(job.name(), data, models, metrics, keep);
  }

  private record Evaluation(
      String name, DataConfig data, List<ModelConfig> models, JobMetrics metrics, boolean keep)
      implements Step {

    private List<Metric<?>> metrics(Frame frame) {
      return metrics.of(
          models.stream().map(ModelConfig::name).toList(),
          models.stream().map(m -> ScoredModels.target(frame, m)).toList());
    }

    @Override
    public List<String> explain(RunContext context) {
      Frame frame = context.frame(data);
      List<Metric<?>> measured = metrics(frame);
      return List.of(
          "evaluate '"
              + name
              + "' on data."
              + data.name()
              + ": "
              + frame.rows()
              + " rows, "
              + frame.blockCount()
              + (frame.blockCount() == 1 ? " block" : " blocks"),
          "  slices      " + frame.slicing().describe(),
          "  models      " + String.join(", ", models.stream().map(ModelConfig::name).toList()),
          "  engine      score: 1 pass over the blocks, all models, metrics and slices together",
          "  metrics     " + String.join(", ", measured.stream().map(Metric::spec).toList()),
          "  predictions " + (keep ? models.size() * frame.rows() : 0) + " rows kept");
    }

    @Override
    public void run(RunContext context) {
      Frame frame = context.frame(data);
      List<Metric<?>> measured = metrics(frame);
      List<Measurement.Member> members = new ArrayList<>();
      List<String> names = new ArrayList<>();
      List<PredictionsTable.Source> kept = new ArrayList<>();
      ScoredModels.answers(context, frame, name, data, models)
          .forEach(
              (model, member) -> {
                members.add(member);
                names.add(model);
                kept.add(new PredictionsTable.Source(name, data.name(), model, "", 0, 0, member));
              });
      if (members.isEmpty()) {
        return;
      }
      context.context().setJobDescription(name + ": measure " + members.size() + " models");
      for (Measurement.Result result :
          Measurement.of(
                  context.context(), frame, context.cells(), members, measured, frame.slicing())
              .members()) {
        for (int m = 0; m < measured.size(); m++) {
          Value value = result.values().get(m);
          context.add(
              Tables.ESTIMATES,
              new Estimate(
                  name,
                  data.name(),
                  names.get(result.member()),
                  result.slice(),
                  measured.get(m).spec(),
                  "",
                  "point",
                  value.value(),
                  Double.NaN,
                  "",
                  Double.NaN,
                  Double.NaN,
                  Double.NaN,
                  result.n(),
                  0,
                  value.reason()));
        }
      }
      if (keep) {
        PredictionsTable.write(context, frame, name, kept);
      }
      context.context().setJobDescription(null);
    }
  }
}
