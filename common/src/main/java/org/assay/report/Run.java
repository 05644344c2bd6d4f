package org.assay.report;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One sealed run. Its id and its suite are the folders its file lies in.
 *
 * @param startedAt when the run was claimed, in microseconds
 * @param endedAt when it was sealed, in microseconds
 * @param status a {@link Manifest.Status}
 * @param exitCode what the process ended with: 0 done, 1 some cells failed, 4 a gate failed
 * @param seed the seed of all random numbers
 * @param config the whole configuration, as JSON
 * @param configHash hash of the configuration, in hexadecimal digits
 * @param inputFingerprints an object from the name of each data set to its {@link
 *     InputFingerprint}, as JSON
 * @param reportHash the {@link ReportHash} of all other tables
 * @param assayVersion version of Assay
 * @param sparkVersion version of Spark; empty when none was started
 * @param master Spark's master URL; empty when none was started
 * @param gateStatus PASS, FAIL or INCONCLUSIVE over all gates; empty without gates
 */
@Volatile(reason = "times, versions and the master belong to the run, not to its results")
public record Run(
    Instant startedAt,
    Instant endedAt,
    String status,
    int exitCode,
    long seed,
    String config,
    String configHash,
    String inputFingerprints,
    String reportHash,
    String assayVersion,
    String sparkVersion,
    String master,
    String gateStatus)
    implements Serializable {

  public Run {
    startedAt = startedAt.truncatedTo(ChronoUnit.MICROS);
    endedAt = endedAt.truncatedTo(ChronoUnit.MICROS);
  }
}
