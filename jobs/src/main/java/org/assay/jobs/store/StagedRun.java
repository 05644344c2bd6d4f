package org.assay.jobs.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.assay.UserException;
import org.assay.report.Manifest;
import org.assay.report.ReportHash;
import org.assay.report.Run;
import org.assay.report.Table;
import org.assay.report.Tables;

/**
 * A run in the making: held by this process, invisible to readers until it is sealed.
 *
 * <p>Tables are written here, by {@link #write} or by Spark into {@link #stage}; {@link #seal}
 * makes all of them visible and ends the run well, {@link #fail} ends it badly. {@link #close} lets
 * go of a run that ended neither way. Tables that were never written are sealed without rows.
 * Writing may be used by several threads at once.
 */
public final class StagedRun implements AutoCloseable {
  /** The file that marks a unit of work as whole. */
  public static final String CELL_DONE = "_DONE";

  private final RunKey key;
  private final FileTree files;
  private final Configuration conf;
  private final Clock clock;
  private final HeldClaim claim;
  private final Publication publication;
  private final Path folder;
  private final Map<String, ReportHash> parts = new HashMap<>();
  private final Map<String, Integer> written = new HashMap<>();
  private boolean hasEnded;

  StagedRun(
      RunKey key,
      FileTree files,
      Configuration conf,
      Clock clock,
      HeldClaim claim,
      Publication publication) {
    this.key = key;
    this.files = files;
    this.conf = conf;
    this.clock = clock;
    this.claim = claim;
    this.publication = publication;
    this.folder = publication.tables(key.runId(), claim.number());
  }

  /** Which run. */
  public RunKey key() {
    return key;
  }

  /** When it was claimed. */
  public Instant startedAt() {
    return claim.since();
  }

  /**
   * A folder that does not exist yet, for Spark to write a table into. Say afterwards what was
   * written: {@link #staged}.
   */
  public Path stage(Table<?> table) {
    return new Path(folder, table.name());
  }

  /** What to tell the user when Spark could not write a table into {@link #stage}. */
  public UserException unwritable(Table<?> table, IOException e) {
    return StoreFailures.writing(stage(table), e);
  }

  /**
   * Says what was written into {@link #stage}: its part of the report's hash, which must be of as
   * many rows as the files hold.
   *
   * @param part the hash of all rows that were written there; not kept
   */
  public synchronized void staged(Table<?> table, ReportHash part) {
    checkResult(table);
    parts.computeIfAbsent(table.name(), name -> new ReportHash()).merge(part);
  }

  /**
   * Writes rows of a table, in one file; may be called again for more. {@code runs} is written by
   * {@link #seal}.
   *
   * @param rows read twice: once to hash them, once to write them
   */
  public <T extends Record> void write(Table<T> table, Iterable<? extends T> rows) {
    ReportHash part = new ReportHash();
    for (T row : rows) {
      part.add(table, row);
    }
    Path file;
    synchronized (this) {
      checkResult(table);
      file =
          new Path(
              stage(table),
              "part-%05d.parquet".formatted(written.merge(table.name(), 1, Integer::sum) - 1));
    }
    try {
      ParquetTable.write(table, rows.iterator(), file, files.fileSystem(), conf);
    } catch (IOException e) {
      throw StoreFailures.writing(file, e);
    }
    staged(table, part);
  }

  /**
   * The folder in which units of work are kept from one attempt at this run to the next, each in a
   * folder of its own that holds {@link #CELL_DONE} once it is whole. It need not exist yet.
   */
  public Path cells() {
    return publication.cells(key.runId());
  }

  /** The hash of all results so far. */
  public synchronized ReportHash hash() {
    ReportHash all = new ReportHash();
    parts.values().forEach(all::merge);
    return all;
  }

  /**
   * Makes the run visible as a whole.
   *
   * @param manifest the run; its hash, its tables and its number of failures are replaced by what
   *     was written
   * @return the manifest as it was written
   * @throws IllegalArgumentException if the manifest is of another run
   * @throws IllegalStateException if a table holds other rows than were hashed
   * @throws UserException if the file system fails or another process has taken the run over
   */
  public synchronized Manifest seal(Manifest manifest) {
    if (hasEnded) {
      throw new IllegalStateException("run " + key.runId() + " has ended already");
    }
    if (!new RunKey(manifest.suite(), manifest.runId(), manifest.configHash()).equals(key)) {
      throw new IllegalArgumentException("the manifest is of another run than " + key);
    }
    try {
      claim.check();
      Map<String, Long> rows = new TreeMap<>();
      for (Table<?> table : Tables.all()) {
        if (table != Tables.RUNS) {
          rows.put(table.name(), stagedRows(table));
        }
      }
      rows.put(Tables.RUNS.name(), 1L);
      Manifest whole = manifest.withContent(hash().hex(), rows);
      Path runs = new Path(stage(Tables.RUNS), "part-00000.parquet");
      ParquetTable.write(
          Tables.RUNS, List.of(row(whole)).iterator(), runs, files.fileSystem(), conf);
      claim.check();
      publication.decide(whole, claim.number());
      publication.publish(whole, claim.number());
      hasEnded = true;
      claim.stop();
      publication.tidy(key.runId());
      return whole;
    } catch (IOException e) {
      throw StoreFailures.writing(folder, e);
    }
  }

  /**
   * Ends the run without making it visible: says why in {@code _FAILED.json}, keeps finished cells
   * for a later start and lets go.
   *
   * @param reason for people, as a sentence
   * @param exitCode what the process ends with
   */
  public synchronized void fail(String reason, int exitCode) {
    if (hasEnded) {
      return;
    }
    Path file = publication.failure(key.runId());
    ObjectNode json =
        Json.MAPPER
            .createObjectNode()
            .put("run_id", key.runId())
            .put("suite", key.suite())
            .put("status", "FAILED")
            .put("exit_code", exitCode)
            .put("reason", reason)
            .put("started_at", claim.since().toString())
            .put("failed_at", clock.instant().toString())
            .put("config_hash", key.configHash());
    try {
      files.publish(file, Json.text(json) + "\n");
    } catch (IOException e) {
      throw StoreFailures.writing(file, e);
    } finally {
      close();
    }
  }

  /** Lets go of the run if it was neither sealed nor failed: another start may take it at once. */
  @Override
  public synchronized void close() {
    if (hasEnded) {
      return;
    }
    hasEnded = true;
    try {
      claim.release();
    } catch (IOException e) {
      // The claim goes stale by itself.
      claim.stop();
    }
  }

  private <T extends Record> long stagedRows(Table<T> table) throws IOException {
    for (FileStatus file : files.list(stage(table))) {
      // Left by a task that was killed.
      if (ParquetTable.isUnfinished(file.getPath())) {
        files.delete(file.getPath());
      }
    }
    long rows = 0;
    List<Path> found = files.parquetFiles(stage(table));
    if (found.isEmpty()) {
      Path file = new Path(stage(table), "part-00000.parquet");
      ParquetTable.write(table, List.<T>of().iterator(), file, files.fileSystem(), conf);
    }
    for (Path file : found) {
      rows += ParquetTable.count(file, files.fileSystem(), conf);
    }
    ReportHash part = parts.getOrDefault(table.name(), new ReportHash());
    if (part.rows() != rows) {
      throw new IllegalStateException(
          stage(table)
              + " holds "
              + rows
              + " rows, but "
              + part.rows()
              + " were hashed: every row written by Spark must be staged()");
    }
    return rows;
  }

  private static Run row(Manifest run) {
    return new Run(
        run.startedAt(),
        run.endedAt(),
        run.status().name(),
        run.exitCode(),
        run.seed(),
        run.config(),
        run.configHash(),
        Json.text(run.inputs()),
        run.reportHash(),
        run.versions().getOrDefault("assay", ""),
        run.versions().getOrDefault("spark", ""),
        run.master(),
        run.gateStatus());
  }

  private static void checkResult(Table<?> table) {
    if (table.isVolatile()) {
      throw new IllegalArgumentException(table.name() + " is written by seal()");
    }
  }
}
