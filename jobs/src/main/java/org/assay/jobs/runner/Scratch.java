package org.assay.jobs.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder on this machine for what is made on the way; gone when closed. */
public final class Scratch implements AutoCloseable {
  private final Path folder;

  /** A new one. */
  public Scratch() {
    try {
      folder = Files.createTempDirectory("assay-scratch-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is. */
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    Pack.remove(folder);
  }
}
