package org.assay.jobs.engine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.assay.jobs.store.StagedRun;

/**
 * The predictions of cells below one folder of a Hadoop file system: a file per cell and block, and
 * a mark when a cell is whole.
 *
 * <p>A file holds what any attempt at it would hold, so attempts overwrite each other harmlessly.
 * Thread-safe.
 */
public final class CellFiles implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * What is known of a whole cell besides its predictions.
   *
   * @param fitSeconds wall time of the fit
   * @param unseen held-out rows with a category unseen in training
   */
  public record Done(double fitSeconds, long unseen) implements Serializable {}

  private final String folder;
  private final SerializableConfiguration configuration;

  /** Files below {@code folder}. */
  public CellFiles(Path folder, Configuration configuration) {
    this.folder = folder.toString();
    this.configuration = new SerializableConfiguration(configuration);
  }

  private Path path(String cell, String file) {
    return new Path(folder, cell + "/" + file);
  }

  private FileSystem fileSystem() throws IOException {
    return new Path(folder).getFileSystem(configuration.value());
  }

  void write(String cell, int block, Predictions predictions) {
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                fileSystem().create(path(cell, "block-" + block), true), 1 << 16))) {
      predictions.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The predictions of a whole cell for one block. */
  public Predictions read(String cell, int block) {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(fileSystem().open(path(cell, "block-" + block)), 1 << 16))) {
      return Predictions.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is known of a cell, if it is whole. */
  Optional<Done> done(String cell) {
    try {
      Path mark = path(cell, StagedRun.CELL_DONE);
      if (!fileSystem().exists(mark)) {
        return Optional.empty();
      }
      try (DataInputStream in = fileSystem().open(mark)) {
        return Optional.of(new Done(in.readDouble(), in.readLong()));
      }
    } catch (IOException e) {
      return Optional.empty(); // a mark cut short is no mark
    }
  }

  void finish(String cell, Done done) {
    try (DataOutputStream out = fileSystem().create(path(cell, StagedRun.CELL_DONE), true)) {
      out.writeDouble(done.fitSeconds());
      out.writeLong(done.unseen());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
