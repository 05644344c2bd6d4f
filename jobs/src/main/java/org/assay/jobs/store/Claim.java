package org.assay.jobs.store;

import org.assay.report.Manifest;

/** What became of a wish to do a run. */
public sealed interface Claim {

  /** The run is done already; there is nothing to do. */
  record AlreadySealed(Manifest manifest) implements Claim {}

  /** The run is the caller's, who seals it, fails it or closes it. */
  record Claimed(StagedRun run) implements Claim {}
}
