package org.assay.jobs;

import java.util.ArrayList;
import java.util.List;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.config.Suggestion;

/** What a job takes from earlier ones of its run: the key {@code from}. */
final class EarlierJobs {
  private EarlierJobs() {}

  /**
   * The earlier cross-validations that are named by {@code from}.
   *
   * @throws org.assay.UserException if one is not there, or {@code models} or {@code data} stand
   *     beside it
   */
  static List<RunConfig.JobConfig> crossValidations(RunConfig.JobConfig job, RunConfig config) {
    Section section = job.section();
    for (String key : List.of("models", "data")) {
      if (section.has(key)) {
        throw section.wrong(key, "stands beside from, which brings its own; remove one");
      }
    }
    List<RunConfig.JobConfig> found = new ArrayList<>();
    List<RunConfig.JobConfig> known = new ArrayList<>();
    for (RunConfig.JobConfig other : config.jobs()) {
      if (other.name().equals(job.name())) {
        break;
      }
      if (other.kind().equals("cross-validate")) {
        known.add(other);
      }
    }
    List<String> names = known.stream().map(RunConfig.JobConfig::name).toList();
    for (String name : section.strings("from")) {
      int at = names.indexOf(name);
      if (at < 0) {
        throw section.wrong(
            "from",
            "no earlier cross-validate job '"
                + name
                + "'"
                + Suggestion.of(name, names)
                + "; known: "
                + (names.isEmpty() ? "none" : String.join(", ", names)));
      }
      if (found.contains(known.get(at))) {
        throw section.wrong("from", "names '" + name + "' twice; name it once");
      }
      found.add(known.get(at));
    }
    if (found.isEmpty()) {
      throw section.wrong("from", "must name at least one earlier cross-validate job");
    }
    return found;
  }
}
