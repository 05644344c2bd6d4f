package org.assay.jobs.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.assay.report.Manifest;
import org.assay.report.Tables;

/**
 * How a staged run becomes visible, and what is done about attempts that were cut off.
 *
 * <p>The order: all tables lie in staging; the manifest is written beside them, which decides that
 * this is the run; each table is moved into place, {@code runs} last; the manifest is put into its
 * place; staging is removed. Cut off before the decision, an attempt left nothing that counts, and
 * the next start clears it. Cut off after it, any later start only moves what is not in place yet.
 * Every step may be repeated.
 */
final class Publication {
  private static final String DECISION = "_manifest.json";

  private final FileTree files;

  Publication(FileTree files) {
    this.files = files;
  }

  Path tables(String runId, int claim) {
    return new Path(staging(runId), "tables-" + claim);
  }

  Path cells(String runId) {
    return new Path(staging(runId), "cells");
  }

  Path failure(String runId) {
    return files.path("_runs", runId, "_FAILED.json");
  }

  /** The manifest of a run, if it is sealed. */
  Optional<Manifest> sealed(String runId) throws IOException {
    Path file = manifest(runId);
    return files.text(file).map(text -> Json.manifest(text, file));
  }

  /** The ids of runs that something is staged for. */
  List<String> stagedRuns() throws IOException {
    return files.list(files.path("_staging")).stream()
        .filter(FileStatus::isDirectory)
        .map(status -> status.getPath().getName())
        .toList();
  }

  /** The sealed runs' ids. */
  List<String> knownRuns() throws IOException {
    return files.list(files.path("_runs")).stream()
        .filter(FileStatus::isDirectory)
        .map(status -> status.getPath().getName())
        .toList();
  }

  void decide(Manifest manifest, int claim) throws IOException {
    files.publish(new Path(tables(manifest.runId(), claim), DECISION), Json.text(manifest));
  }

  /** A run that was decided but perhaps not moved into place, with the number of its claim. */
  Optional<Decided> decided(String runId) throws IOException {
    for (FileStatus attempt : attempts(runId)) {
      Path decision = new Path(attempt.getPath(), DECISION);
      Optional<String> text = files.text(decision);
      if (text.isPresent()) {
        int claim = Integer.parseInt(attempt.getPath().getName().substring("tables-".length()));
        return Optional.of(new Decided(Json.manifest(text.get(), decision), claim));
      }
    }
    return Optional.empty();
  }

  void publish(Manifest manifest, int claim) throws IOException {
    List<String> names = new ArrayList<>(manifest.tables().keySet());
    names.remove(Tables.RUNS.name());
    names.add(Tables.RUNS.name());
    for (String name : names) {
      files.move(
          new Path(tables(manifest.runId(), claim), name),
          table(name, manifest.suite(), manifest.runId()));
    }
    files.delete(failure(manifest.runId()));
    if (!files.exists(manifest(manifest.runId()))) {
      files.publish(manifest(manifest.runId()), Json.text(manifest));
    }
  }

  /** Removes what a sealed run no longer needs. It is sealed whether or not this succeeds. */
  void tidy(String runId) {
    try {
      files.delete(staging(runId));
      for (FileStatus file : files.list(files.path("_runs", runId))) {
        if (file.getPath().getName().startsWith("claim-")
            || file.getPath().getName().startsWith(".")) {
          files.delete(file.getPath());
        }
      }
    } catch (IOException e) {
      // The next start with this id tries again.
    }
  }

  /** Removes the tables of attempts that were never decided, wherever they lie. */
  void clearTables(String runId) throws IOException {
    for (FileStatus attempt : attempts(runId)) {
      files.delete(attempt.getPath());
    }
    for (FileStatus table : files.list(files.root())) {
      String name = table.getPath().getName();
      if (table.isDirectory() && !name.startsWith("_") && !name.startsWith(".")) {
        for (FileStatus suite : files.list(table.getPath())) {
          if (suite.isDirectory() && suite.getPath().getName().startsWith("suite=")) {
            files.delete(new Path(suite.getPath(), "run_id=" + runId));
          }
        }
      }
    }
    files.delete(failure(runId));
  }

  /**
   * Removes all cells, each one's mark first, so that no cell looks complete when this is cut off.
   */
  void clearCells(String runId) throws IOException {
    for (FileStatus cell : files.list(cells(runId))) {
      files.delete(new Path(cell.getPath(), StagedRun.CELL_DONE));
    }
    files.delete(cells(runId));
  }

  Path table(String name, String suite, String runId) {
    return files.path(name, "suite=" + suite, "run_id=" + runId);
  }

  private Path manifest(String runId) {
    return files.path("_runs", runId, "manifest.json");
  }

  private Path staging(String runId) {
    return files.path("_staging", runId);
  }

  private List<FileStatus> attempts(String runId) throws IOException {
    return files.list(staging(runId)).stream()
        .filter(
            status ->
                status.isDirectory() && status.getPath().getName().matches("tables-[0-9]{1,9}"))
        .toList();
  }

  record Decided(Manifest manifest, int claim) {}
}
