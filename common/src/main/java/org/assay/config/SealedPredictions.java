package org.assay.config;

import java.io.Serializable;
import java.util.Optional;

/**
 * Predictions in the report of a sealed run: {@code predictions { output = reports, job = cv }}.
 *
 * @param output where the run was sealed
 * @param suiteName the run's suite; null means any
 * @param runId the run's id, or {@link #LATEST}
 * @param jobName the job that made them; null means the only one
 * @param model the model as that run named it
 * @param paramsText the setting of its grid, as reports write it; null means the only one
 * @param repeat the repeat of the plan
 */
public record SealedPredictions(
    String output,
    String suiteName,
    String runId,
    String jobName,
    String model,
    String paramsText,
    int repeat)
    implements Serializable {

  /** In place of an id: the newest run. */
  public static final String LATEST = "latest";

  /** The suite, if named. */
  public Optional<String> suite() {
    return Optional.ofNullable(suiteName);
  }

  /** The job, if named. */
  public Optional<String> job() {
    return Optional.ofNullable(jobName);
  }

  /** The setting of the model's grid, if given. */
  public Optional<String> params() {
    return Optional.ofNullable(paramsText);
  }

  static SealedPredictions read(String model, Section section) {
    SealedPredictions predictions =
        new SealedPredictions(
            section.string("output"),
            section.text("suite").orElse(null),
            section.string("run-id", LATEST),
            section.text("job").orElse(null),
            section.string("model", model),
            section.text("params").orElse(null),
            (int) section.integer("repeat", 0, 0, Integer.MAX_VALUE));
    section.done();
    return predictions;
  }
}
