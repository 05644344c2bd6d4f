package org.assay.jobs.store;

/** What happens to the cells that an earlier attempt at a run has finished. */
public enum Remains {
  /** They are kept, so that the run goes on from there. */
  RESUME,
  /** They are removed, and all is done anew. */
  CLEAR
}
