package org.assay.report;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a sealed run is: written last, so a run without a manifest is no run.
 *
 * @param runId the run's id
 * @param suite the configuration's name
 * @param status how the run ended
 * @param exitCode what the process ends with: 0 done, 1 some cells failed, 4 a gate failed
 * @param startedAt when the run was claimed
 * @param endedAt when it was sealed
 * @param seed the seed of all random numbers
 * @param config the whole configuration, as JSON
 * @param configHash hash of the configuration, in hexadecimal digits
 * @param inputs what each data set was, by name
 * @param reportHash the {@link ReportHash} of all tables but {@code runs}, in hexadecimal digits
 * @param tables number of rows of each table, by name
 * @param versions versions that produced the run, by name: assay, spark, java
 * @param master Spark's master URL; empty when none was started
 * @param gateStatus PASS, FAIL or INCONCLUSIVE over all gates; empty without gates
 * @param failures number of rows in {@code failures}
 * @param reason why the status is not COMPLETE, as a sentence; empty when it is
 */
public record Manifest(
    String runId,
    String suite,
    Status status,
    int exitCode,
    Instant startedAt,
    Instant endedAt,
    long seed,
    String config,
    String configHash,
    Map<String, InputFingerprint> inputs,
    String reportHash,
    Map<String, Long> tables,
    Map<String, String> versions,
    String master,
    String gateStatus,
    long failures,
    String reason) {

  /** How a sealed run ended. */
  public enum Status {
    /** All was measured, and no gate failed. */
    COMPLETE,
    /** Some cells failed. */
    INCOMPLETE,
    /** All was measured, and a gate failed. */
    GATE_FAILED
  }

  public Manifest {
    inputs = sorted(inputs);
    tables = sorted(tables);
    versions = sorted(versions);
  }

  /**
   * The same run with its content known: the hash of its results and the rows of each table,
   * failures among them.
   */
  public Manifest withContent(String hash, Map<String, Long> rows) {
    return new Manifest(
        runId,
        suite,
        status,
        exitCode,
        startedAt,
        endedAt,
        seed,
        config,
        configHash,
        inputs,
        hash,
        rows,
        versions,
        master,
        gateStatus,
        rows.getOrDefault(Tables.FAILURES.name(), 0L),
        reason);
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
