package org.assay.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assay.Task;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;
import org.assay.metric.Target;

/** The metrics of a job: named by its {@code metrics}, or the usual ones of its task. */
final class JobMetrics {
  private final Section section;
  private final List<Metric<?>> named;

  private JobMetrics(Section section, List<Metric<?>> named) {
    this.section = section;
    this.named = named;
  }

  static JobMetrics read(RunConfig.JobConfig job) {
    List<Metric<?>> named = new ArrayList<>();
    for (String spec : job.section().strings("metrics")) {
      Metric<?> metric;
      try {
        metric = Metrics.named(spec);
      } catch (UserException e) {
        throw job.section().wrong("metrics", e.getMessage());
      }
      if (named.stream().anyMatch(m -> m.spec().equals(metric.spec()))) {
        throw job.section().wrong("metrics", "names " + metric.spec() + " twice; name it once");
      }
      named.add(metric);
    }
    return new JobMetrics(job.section(), named);
  }

  /** Whether a metric was named, or none were. */
  boolean names(String spec) {
    return named.isEmpty() || named.stream().anyMatch(m -> m.spec().equals(spec));
  }

  /** The metrics for models of these targets; refuses one that some model cannot be measured by. */
  List<Metric<?>> of(List<String> models, List<Target> targets) {
    List<Metric<?>> metrics = named;
    if (metrics.isEmpty()) {
      List<String> usual =
          switch (targets.get(0).task()) {
            case BINARY -> List.of("roc-auc", "accuracy", "log-loss", "brier");
            case MULTICLASS -> List.of("accuracy", "f1-macro", "log-loss");
            case REGRESSION -> List.of("rmse", "mae", "r2");
          };
      metrics = new ArrayList<>();
      for (String name : usual) {
        Metric<?> metric = Metrics.named(name);
        if (targets.stream().allMatch(t -> metric.refusal(t) == null)) {
          metrics.add(metric);
        }
      }
    }
    for (Metric<?> metric : metrics) {
      for (int m = 0; m < models.size(); m++) {
        Optional<String> refusal = Optional.ofNullable(metric.refusal(targets.get(m)));
        if (refusal.isPresent()) {
          throw section.wrong(
              "metrics",
              metric.spec()
                  + " "
                  + refusal.get()
                  + ", which model '"
                  + models.get(m)
                  + "' "
                  + (targets.get(m).task() == Task.REGRESSION ? "(a regression) " : "")
                  + "does not give; name other metrics, or put the model in a job of its own");
        }
      }
    }
    return List.copyOf(metrics);
  }
}
