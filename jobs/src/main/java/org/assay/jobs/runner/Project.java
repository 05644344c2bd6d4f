package org.assay.jobs.runner;

import java.nio.file.Path;
import java.util.function.Consumer;

/** A test suite that can be run. */
public non-sealed interface Project extends Subject {

  /** What a process of its tests may take. */
  Limits limits();

  /**
   * Builds what must be built, packs it up and finds its tests, on the driver.
   *
   * @param scratch a folder for what is made on the way; what is returned lies in it
   * @param say receives lines for people
   * @throws org.assay.UserException if the suite cannot be built, or has no tests, or lacks what it
   *     needs
   */
  Prepared prepare(Path scratch, Consumer<String> say);
}
