package org.assay.jobs.store;

import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assay.UserException;
import org.assay.report.Manifest;
import org.assay.report.Table;

/**
 * The sealed runs below one output, and the way to add one.
 *
 * <p>A run is claimed by one process, staged out of sight, and moved into place with its manifest
 * last; a process killed at any moment leaves either nothing that counts or a whole run that the
 * next start puts into place. Readers see sealed runs only. Thread-safe.
 *
 * <p>Whoever reads the tables directly, by a glob over the files, should join {@code runs}, which
 * becomes visible after all other tables: while a run is moved into place, or after a kill just
 * then, some tables may show a run that others do not show yet.
 */
public final class RunStore {
  private final FileTree files;
  private final Configuration conf;
  private final Clock clock;
  private final Claims claims;
  private final Publication publication;

  private RunStore(FileTree files, Configuration conf, Clock clock, ProcessIdentity self) {
    this.files = files;
    this.conf = conf;
    this.clock = clock;
    this.claims = new Claims(files, clock, self);
    this.publication = new Publication(files);
  }

  /**
   * The store of an output.
   *
   * @param output a URI of any Hadoop file system, or a path of the default one; it need not exist
   * @throws UserException if there is no such file system or it cannot be reached
   */
  public static RunStore open(String output, Configuration conf) {
    try {
      return in(
          FileTree.at(new Path(output), conf), conf, Clock.systemUTC(), ProcessIdentity.current());
    } catch (IOException e) {
      throw UserException.usage(
          "output "
              + output
              + ": "
              + FileTree.reason(e)
              + ". Name another place with --output or in the key output, or add its file system to the class path");
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          "output '"
              + output
              + "' is no path or URI: "
              + e.getMessage()
              + ". Name another place with --output or in the key output");
    }
  }

  static RunStore in(FileTree files, Configuration conf, Clock clock, ProcessIdentity self) {
    return new RunStore(files, conf, clock, self);
  }

  /** Where the store is, as a full URI. */
  public Path output() {
    return files.root();
  }

  /**
   * Takes a run for this process, unless it is done.
   *
   * <p>What a killed process had decided is moved into place first, of this run and of every other.
   * What an unfinished attempt staged is removed, except cells with {@link Remains#RESUME}.
   *
   * @throws UserException (usage) if another process works on the run, if the run exists with other
   *     settings, or if the output cannot be written; the message says who, which, and the way out
   */
  public Claim claim(RunKey key, Remains remains) {
    HeldClaim claim = null;
    try {
      finishDecidedRuns();
      while (true) {
        Optional<Manifest> sealed = publication.sealed(key.runId());
        if (sealed.isPresent()) {
          checkSettings(key, sealed.get().configHash(), "sealed");
          publication.tidy(key.runId());
          return new Claim.AlreadySealed(sealed.get());
        }
        Optional<Claims.Holder> last = claims.last(key.runId());
        if (last.isPresent()) {
          checkSettings(key, last.get().configHash(), "begun");
          checkFree(key, last.get());
        }
        claim = claims.take(key, last.map(Claims.Holder::number).orElse(0) + 1).orElse(null);
        if (claim == null) {
          continue;
        }
        if (publication.sealed(key.runId()).isPresent()) {
          // Sealed by another between the two looks.
          claim.stop();
          continue;
        }
        Optional<Publication.Decided> decided = publication.decided(key.runId());
        if (decided.isPresent()) {
          // Decided by another between the two looks, which then was killed.
          finish(decided.get(), claim);
          continue;
        }
        publication.clearTables(key.runId());
        if (remains == Remains.CLEAR) {
          publication.clearCells(key.runId());
        }
        claim.beat();
        return new Claim.Claimed(new StagedRun(key, files, conf, clock, claim, publication));
      }
    } catch (IOException e) {
      if (claim != null) {
        claim.stop();
      }
      throw StoreFailures.opening(files.root(), e);
    } catch (RuntimeException | Error e) {
      if (claim != null) {
        claim.stop();
      }
      throw e;
    }
  }

  /** The sealed runs, newest last: by their start, then by id. */
  public List<Manifest> sealedRuns() {
    try {
      List<Manifest> runs = new ArrayList<>();
      for (String runId : publication.knownRuns()) {
        publication.sealed(runId).ifPresent(runs::add);
      }
      runs.sort(Comparator.comparing(Manifest::startedAt).thenComparing(Manifest::runId));
      return runs;
    } catch (IOException e) {
      throw StoreFailures.reading(files.root(), e);
    }
  }

  /**
   * A sealed run.
   *
   * @throws UserException if there is none of this id; the message lists the newest there are
   */
  public Manifest sealedRun(String runId) {
    RunKey.check("run id", runId);
    try {
      Optional<Manifest> run = publication.sealed(runId);
      if (run.isPresent()) {
        return run.get();
      }
    } catch (IOException e) {
      throw StoreFailures.reading(files.root(), e);
    }
    List<Manifest> runs = sealedRuns();
    String known =
        runs.subList(Math.max(0, runs.size() - 10), runs.size()).stream()
            .map(Manifest::runId)
            .collect(Collectors.joining(", "));
    throw UserException.usage(
        "no sealed run '"
            + runId
            + "' in "
            + files.root()
            + (runs.isEmpty()
                ? "; there is no sealed run at all"
                : "; " + (runs.size() > 10 ? "the newest" : "sealed") + ": " + known));
  }

  /**
   * All rows of a table of a sealed run, held in memory; for large tables see {@link #rows}.
   *
   * @throws UserException if there is no such sealed run
   */
  public <T extends Record> List<T> read(Table<T> table, String runId) {
    try (TableRows<T> rows = rows(table, runId)) {
      return rows.toList();
    }
  }

  /**
   * The rows of a table of a sealed run, one by one; to be closed. None when the run was sealed
   * before the table existed.
   *
   * @throws UserException if there is no such sealed run
   */
  public <T extends Record> TableRows<T> rows(Table<T> table, String runId) {
    Manifest run = sealedRun(runId);
    Path folder = publication.table(table.name(), run.suite(), runId);
    try {
      List<Path> found = files.parquetFiles(folder);
      if (found.isEmpty() && run.tables().containsKey(table.name())) {
        throw UserException.input(
            folder
                + " has no files, though run "
                + runId
                + " is sealed with this table: was it removed?");
      }
      return new TableRows<>(table, found, files.fileSystem(), conf);
    } catch (IOException e) {
      throw StoreFailures.reading(folder, e);
    }
  }

  /** Where a table of a sealed run lies, for readers of whole tables. */
  public Path folder(Table<?> table, Manifest run) {
    return publication.table(table.name(), run.suite(), run.runId());
  }

  /** Moves runs into place that were decided by processes which then were killed. */
  private void finishDecidedRuns() throws IOException {
    for (String runId : publication.stagedRuns()) {
      Optional<Publication.Decided> decided = publication.decided(runId);
      if (decided.isEmpty() || publication.sealed(runId).isPresent()) {
        continue;
      }
      Optional<Claims.Holder> last = claims.last(runId);
      if (last.isPresent() && !last.get().isFree()) {
        continue;
      }
      Manifest manifest = decided.get().manifest();
      RunKey key = new RunKey(manifest.suite(), runId, manifest.configHash());
      Optional<HeldClaim> claim = claims.take(key, last.map(Claims.Holder::number).orElse(0) + 1);
      if (claim.isPresent()) {
        finish(decided.get(), claim.get());
      }
    }
  }

  private void finish(Publication.Decided decided, HeldClaim claim) throws IOException {
    try {
      publication.publish(decided.manifest(), decided.claim());
    } finally {
      claim.stop();
    }
    publication.tidy(decided.manifest().runId());
  }

  private void checkSettings(RunKey key, String configHash, String state) {
    if (!configHash.isEmpty() && !configHash.equals(key.configHash())) {
      throw UserException.usage(
          "run id '"
              + key.runId()
              + "': was "
              + state
              + " with other settings (hash "
              + shortened(configHash)
              + ", now "
              + shortened(key.configHash())
              + "). Use the same settings, or another --run-id");
    }
  }

  private void checkFree(RunKey key, Claims.Holder holder) {
    if (!holder.isFree()) {
      throw UserException.usage(
          "run id '"
              + key.runId()
              + "': "
              + holder.who()
              + " has been working on it since "
              + holder.since().truncatedTo(ChronoUnit.SECONDS)
              + ", last sign of life "
              + holder.sign().truncatedTo(ChronoUnit.SECONDS)
              + ". Wait for it, use another --run-id, or stop it and start again "
              + Claims.STALE.toSeconds()
              + " s later");
    }
  }

  private static String shortened(String hash) {
    return hash.length() <= 12 ? hash : hash.substring(0, 12);
  }
}
