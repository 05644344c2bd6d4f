package org.assay.jobs.runner;

/**
 * Tests as they are configured: a {@link Project} that can be run, or a {@link PastBuilds} that
 * tell of runs that were.
 */
public sealed interface Subject permits Project, PastBuilds {

  /** Its name in the configuration. */
  String name();
}
