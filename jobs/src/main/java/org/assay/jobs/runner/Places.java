package org.assay.jobs.runner;

import java.nio.file.Path;

/**
 * The folders of one order's process; all but the library are fresh, and gone afterwards.
 *
 * @param tree the copy of the work tree
 * @param home the process's home
 * @param temp its folder for temporary files
 * @param files what the process is told, and what it says
 * @param library what is only read, shared by all orders on an executor
 */
public record Places(Path tree, Path home, Path temp, Path files, Path library) {

  /** Where the process says what happens as it happens. */
  public Path events() {
    return files.resolve("events");
  }
}
