package org.assay.jobs.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.assay.UserException;
import org.assay.config.Section;

/** A test suite that can be run. */
public non-sealed interface Project extends Subject {

  /** Where it is configured. */
  Section section();

  /** Its folder. */
  Path project();

  /** What a process of its tests may take. */
  Limits limits();

  /**
   * Builds what must be built, packs it up and finds its tests, on the driver.
   *
   * @param scratch a folder for what is made on the way; what is returned lies in it
   * @param say receives lines for people
   * @throws UserException if the suite cannot be built, or has no tests, or lacks what it needs
   */
  default Prepared prepare(Path scratch, Consumer<String> say) {
    if (!Files.isDirectory(project())) {
      throw UserException.input(
          section().path("project")
              + " = "
              + project()
              + ": there is no such folder; name the folder of the project");
    }
    try {
      return prepared(scratch, say);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@link #prepare} of a project whose folder is there. */
  Prepared prepared(Path scratch, Consumer<String> say) throws IOException;
}
