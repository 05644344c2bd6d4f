package org.assay.jobs.store;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assay.report.Table;

/**
 * A finished or unfinished unit of a run's work, kept in staging so that a later start need not
 * repeat it.
 *
 * <p>Either complete, then its tables can be read; or empty, then its tables are written and {@link
 * #done} completes it. To be worked on by one thread.
 */
public final class Cell {
  static final String DONE = "_DONE";

  private final FileTree files;
  private final Configuration conf;
  private final Path folder;
  private boolean isComplete;

  private Cell(FileTree files, Configuration conf, Path folder, boolean isComplete) {
    this.files = files;
    this.conf = conf;
    this.folder = folder;
    this.isComplete = isComplete;
  }

  /** Looks at a cell and removes what an unfinished attempt left of it. */
  static Cell at(FileTree files, Configuration conf, Path folder) throws IOException {
    boolean isComplete = files.exists(new Path(folder, DONE));
    if (!isComplete) {
      files.delete(folder);
    }
    return new Cell(files, conf, folder, isComplete);
  }

  /** Whether its work is done and its tables can be read. */
  public boolean isComplete() {
    return isComplete;
  }

  /**
   * A folder that does not exist yet, for Spark to write a table of this cell into; to be read from
   * there once complete.
   */
  public Path stage(Table<?> table) {
    return new Path(folder, table.name());
  }

  /** Writes a table, once. */
  public <T extends Record> void write(Table<T> table, Iterable<? extends T> rows) {
    if (isComplete) {
      throw new IllegalStateException(folder + " is complete");
    }
    Path file = new Path(stage(table), "part-00000.parquet");
    try {
      ParquetTable.write(table, rows.iterator(), file, files.fileSystem(), conf);
    } catch (IOException e) {
      throw StoreFailures.writing(file, e);
    }
  }

  /** Reads a table; empty when none was written. All rows are held in memory. */
  public <T extends Record> List<T> read(Table<T> table) {
    if (!isComplete) {
      throw new IllegalStateException(folder + " is not complete");
    }
    try (TableRows<T> rows =
        new TableRows<>(table, files.parquetFiles(stage(table)), files.fileSystem(), conf)) {
      return rows.toList();
    } catch (IOException e) {
      throw StoreFailures.reading(stage(table), e);
    }
  }

  /** Says that all is written: a later start finds the cell complete. */
  public void done() {
    Path mark = new Path(folder, DONE);
    try {
      files.publish(mark, "");
      isComplete = true;
    } catch (IOException e) {
      throw StoreFailures.writing(mark, e);
    }
  }
}
