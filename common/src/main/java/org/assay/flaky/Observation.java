package org.assay.flaky;

import java.io.Serializable;
import java.util.Objects;

/**
 * What one test did at its place in one run.
 *
 * @param outcome what became of it
 * @param durationMillis how long it took; 0 when it is not known
 * @param message the failure in its own words, cut to a bound; empty when there is none
 * @param fingerprint the {@link Fingerprint} of the message; empty when there is none
 */
public record Observation(Outcome outcome, long durationMillis, String message, String fingerprint)
    implements Serializable {
  /** Of a test that never had its turn. */
  public static final Observation MISSING = new Observation(Outcome.MISSING, 0, "", "");

  public Observation {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(fingerprint, "fingerprint");
  }
}
