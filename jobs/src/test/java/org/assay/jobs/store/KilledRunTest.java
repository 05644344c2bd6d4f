package org.assay.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assay.jobs.store.KillableFileSystem.Killed;
import org.assay.report.Manifest;
import org.assay.report.ReportHash;
import org.assay.report.Table;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a run at every single change to the file system, and looks at what readers see and what the
 * next start makes of it.
 */
class KilledRunTest {
  private static final RunKey KEY = SampleRun.KEY;
  private static final int NEVER = -1;

  /** By then every claim is stale, also one that only the time of its file is known of. */
  private static final Duration LATER = Duration.ofDays(1);

  private static final Configuration CONF = new Configuration();

  @TempDir java.nio.file.Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"file", "kill"})
  void readersSeeNothingOrTheWholeAndTheNextStartCompletes(String scheme) throws IOException {
    java.nio.file.Path undisturbed = folder.resolve("undisturbed");
    int changes = attempt(undisturbed, scheme, NEVER, Duration.ZERO, Remains.CLEAR).changes();
    Set<String> expected = files(undisturbed);
    assertThat(changes).isGreaterThan(50);

    int seenSealed = 0;
    for (int k = 1; k <= changes; k++) {
      java.nio.file.Path output = folder.resolve("k" + k);
      assertThat(attempt(output, scheme, k, Duration.ZERO, Remains.CLEAR).wasKilled())
          .as("killed before change %d of %d", k, changes)
          .isTrue();
      seenSealed += nothingOrTheWhole(output);

      Remains remains = k % 2 == 0 ? Remains.CLEAR : Remains.RESUME;
      assertThat(attempt(output, scheme, NEVER, LATER, remains).wasKilled()).isFalse();
      assertThat(nothingOrTheWhole(output)).isEqualTo(1);
      assertThat(files(output)).as("killed before change %d", k).isEqualTo(expected);
    }
    // Only the last steps, which tidy up, come after the seal.
    assertThat(seenSealed).isBetween(2, changes);
  }

  /**
   * 60 pairs of kills with a fixed seed: the second one hits the attempt that mends what the first
   * one left.
   */
  @Test
  void aSecondKillChangesNothing() throws IOException {
    int changes =
        attempt(folder.resolve("undisturbed"), "kill", NEVER, Duration.ZERO, Remains.CLEAR)
            .changes();
    Set<String> expected = files(folder.resolve("undisturbed"));
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      java.nio.file.Path output = folder.resolve("pair-" + i);
      Remains remains = random.nextBoolean() ? Remains.CLEAR : Remains.RESUME;
      attempt(output, "kill", 1 + random.nextInt(changes), Duration.ZERO, remains);
      attempt(output, "kill", 1 + random.nextInt(changes), LATER, remains);
      nothingOrTheWhole(output);
      attempt(output, "kill", NEVER, LATER.multipliedBy(2), Remains.RESUME);
      assertThat(nothingOrTheWhole(output)).isEqualTo(1);
      assertThat(files(output)).isEqualTo(expected);
    }
  }

  @Test
  void theNextRunPutsADecidedOneIntoPlace() throws IOException {
    int changes =
        attempt(folder.resolve("undisturbed"), "file", NEVER, Duration.ZERO, Remains.CLEAR)
            .changes();
    int mended = 0;
    for (int k = 1; k <= changes; k++) {
      java.nio.file.Path output = folder.resolve("k" + k);
      attempt(output, "file", k, Duration.ZERO, Remains.CLEAR);
      int before = nothingOrTheWhole(output);
      RunStore store = store(output, new KillableFileSystem("file", NEVER), LATER);
      ((Claim.Claimed) store.claim(new RunKey("nightly", "another", "bb"), Remains.CLEAR))
          .run()
          .close();
      int after = nothingOrTheWhole(output);
      if (before == 0 && after == 1) {
        mended++;
      }
      if (after == 0) {
        assertThat(visibleTables(output)).as("killed before change %d", k).isEmpty();
      }
    }
    // Every move of a table and the manifest's own steps.
    assertThat(mended).isGreaterThanOrEqualTo(Tables.all().size());
  }

  private record Outcome(boolean wasKilled, int changes) {}

  private static Outcome attempt(
      java.nio.file.Path output, String scheme, int killAt, Duration after, Remains remains)
      throws IOException {
    KillableFileSystem fs = new KillableFileSystem(scheme, killAt);
    try {
      Claim claim = store(output, fs, after).claim(KEY, remains);
      if (claim instanceof Claim.Claimed claimed) {
        try (StagedRun run = claimed.run()) {
          SampleRun.work(run, fs);
          run.seal(SampleRun.manifest(KEY));
        }
      }
      return new Outcome(false, fs.changes());
    } catch (Killed e) {
      return new Outcome(true, fs.changes());
    }
  }

  /**
   * The number of sealed runs, 0 or 1, after making sure that a sealed one is whole and an unsealed
   * one shows no row in runs.
   */
  private static int nothingOrTheWhole(java.nio.file.Path output) throws IOException {
    RunStore store = store(output, new KillableFileSystem("file", NEVER), Duration.ZERO);
    List<Manifest> runs = store.sealedRuns();
    Set<String> visible = visibleTables(output);
    if (visible.contains(Tables.RUNS.name())) {
      assertThat(visible).hasSize(Tables.all().size());
    }
    if (runs.isEmpty()) {
      return 0;
    }
    assertThat(runs).hasSize(1);
    ReportHash hash = new ReportHash();
    for (Table<?> table : Tables.all()) {
      assertThat(count(store, table, hash)).isEqualTo(runs.get(0).tables().get(table.name()));
    }
    assertThat(runs.get(0).reportHash()).isEqualTo(hash.hex());
    assertThat(hash.rows()).isEqualTo(9);
    return 1;
  }

  private static <T extends Record> long count(RunStore store, Table<T> table, ReportHash hash) {
    List<T> rows = store.read(table, KEY.runId());
    if (!table.isVolatile()) {
      rows.forEach(row -> hash.add(table, row));
    }
    return rows.size();
  }

  private static RunStore store(java.nio.file.Path output, KillableFileSystem fs, Duration after) {
    Clock clock = Clock.offset(Clock.systemUTC(), after);
    return RunStore.in(
        FileTree.of(fs, new Path(output.toString())), CONF, clock, ProcessIdentity.current());
  }

  private static Set<String> visibleTables(java.nio.file.Path output) {
    return files(output).stream()
        .filter(f -> !f.startsWith("_") && f.contains("run_id=" + KEY.runId()))
        .map(f -> f.substring(0, f.indexOf('/')))
        .collect(Collectors.toSet());
  }

  private static Set<String> files(java.nio.file.Path output) {
    if (!Files.exists(output)) {
      return Set.of();
    }
    try (Stream<java.nio.file.Path> all = Files.walk(output)) {
      return all.filter(Files::isRegularFile)
          .map(f -> output.relativize(f).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
