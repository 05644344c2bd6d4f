package org.assay.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.assay.UserException;
import org.assay.report.Manifest;
import org.assay.report.ReportHash;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {
  private static final RunKey KEY = SampleRun.KEY;
  private final Configuration conf = new Configuration();

  @TempDir java.nio.file.Path output;

  @Test
  void aSealedRunReadsBackAsAWhole() throws Exception {
    RunStore store = store(Duration.ZERO);
    StagedRun run = claimed(store, KEY, Remains.CLEAR);
    SampleRun.work(run);
    assertThat(store.sealedRuns()).isEmpty();
    Manifest sealed = run.seal(SampleRun.manifest(KEY));

    assertThat(store.sealedRuns()).containsExactly(sealed);
    assertThat(store.read(Tables.SCORES, KEY.runId())).isEqualTo(SampleRun.SCORES);
    assertThat(store.read(Tables.ESTIMATES, KEY.runId())).isEqualTo(SampleRun.ESTIMATES);
    assertThat(store.read(Tables.PREDICTIONS, KEY.runId())).isEqualTo(SampleRun.PREDICTIONS);
    assertThat(store.read(Tables.FAILURES, KEY.runId())).isEqualTo(SampleRun.FAILURES);
    assertThat(store.read(Tables.FOLDS, KEY.runId())).isEmpty();
    assertThat(sealed.tables())
        .containsEntry("scores", 4L)
        .containsEntry("folds", 0L)
        .containsEntry("runs", 1L)
        .hasSize(Tables.all().size());
    assertThat(sealed.failures()).isEqualTo(1);
    ReportHash hash = new ReportHash();
    SampleRun.PREDICTIONS.forEach(row -> hash.add(Tables.PREDICTIONS, row));
    SampleRun.FAILURES.forEach(row -> hash.add(Tables.FAILURES, row));
    SampleRun.SCORES.forEach(row -> hash.add(Tables.SCORES, row));
    SampleRun.ESTIMATES.forEach(row -> hash.add(Tables.ESTIMATES, row));
    assertThat(sealed.reportHash()).isEqualTo(hash.hex());
    assertThat(store.read(Tables.RUNS, KEY.runId()))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.reportHash()).isEqualTo(hash.hex());
              assertThat(row.startedAt()).isEqualTo(SampleRun.START);
              assertThat(row.inputFingerprints())
                  .startsWith("{\"d\":{\"rows\":569,\"hash\":\"ab12\",\"files\":3");
              assertThat(row.sparkVersion()).isEqualTo("4.1.0");
            });
    assertThat(files()).contains("_runs/" + KEY.runId() + "/manifest.json");
    assertThat(files())
        .noneMatch(f -> f.startsWith("_staging/") || f.contains("claim-") || f.endsWith(".crc"));
  }

  @Test
  void aSealedRunIsNotDoneTwice() {
    Manifest sealed = seal(store(Duration.ZERO), KEY);
    assertThat(store(Duration.ZERO).claim(KEY, Remains.CLEAR))
        .isEqualTo(new Claim.AlreadySealed(sealed));
    assertThat(store(Duration.ZERO).claim(KEY, Remains.RESUME))
        .isEqualTo(new Claim.AlreadySealed(sealed));
  }

  @Test
  void otherSettingsUnderTheSameIdAreRefused() {
    RunKey other = new RunKey(KEY.suite(), KEY.runId(), "1234567890abcdef");
    StagedRun run = claimed(store(Duration.ZERO), KEY, Remains.CLEAR);
    run.close();
    assertThatThrownBy(() -> store(Duration.ZERO).claim(other, Remains.RESUME))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "run id '20261124T001359Z-3fa9': was begun with other settings (hash c0ffeec0ffee, now 1234567890ab)."
                + " Use the same settings, or another --run-id");
    seal(store(Duration.ZERO), KEY);
    assertThatThrownBy(() -> store(Duration.ZERO).claim(other, Remains.CLEAR))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "was sealed with other settings (hash c0ffeec0ffee, now 1234567890ab)");
  }

  @Test
  void aRunThatAnotherProcessWorksOnIsRefused() {
    claimed(store(Duration.ZERO), KEY, Remains.CLEAR);
    assertThatThrownBy(() -> store(Duration.ofSeconds(59)).claim(KEY, Remains.CLEAR))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "run id '20261124T001359Z-3fa9': process " + ProcessHandle.current().pid() + " on ")
        .hasMessageContaining(
            "has been working on it since 2026-11-24T00:13:59Z, last sign of life 2026-11-24T00:13:59Z")
        .hasMessageContaining("use another --run-id");
  }

  @Test
  void aClaimWithoutAHeartbeatIsTakenOverAndItsHolderIsShutOut() {
    StagedRun slow = claimed(store(Duration.ZERO), KEY, Remains.CLEAR);
    SampleRun.work(slow);
    StagedRun next = claimed(store(Duration.ofSeconds(60)), KEY, Remains.CLEAR);
    assertThatThrownBy(() -> slow.seal(SampleRun.manifest(KEY)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("was taken over by process " + ProcessHandle.current().pid());
    SampleRun.work(next);
    next.seal(SampleRun.manifest(KEY));
    assertThat(store(Duration.ZERO).read(Tables.SCORES, KEY.runId())).isEqualTo(SampleRun.SCORES);
  }

  @Test
  void aClaimOfAProcessThatHasEndedIsTakenOverAtOnce() throws Exception {
    ProcessIdentity here = ProcessIdentity.current();
    Process process =
        new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-version")
            .start();
    ProcessIdentity child =
        new ProcessIdentity(
            here.host(),
            here.space(),
            process.pid(),
            process.info().startInstant().orElse(Instant.EPOCH));
    process.waitFor();
    ProcessIdentity reused =
        new ProcessIdentity(
            here.host(), here.space(), here.pid(), here.started().minusSeconds(100));
    ProcessIdentity elsewhere =
        new ProcessIdentity("other-host", here.space(), process.pid(), child.started());
    ProcessIdentity contained =
        new ProcessIdentity(here.host(), "pid:[1]", process.pid(), child.started());
    assertThat(child.hasEnded(here)).isTrue();
    assertThat(reused.hasEnded(here)).isTrue();
    assertThat(here.hasEnded(here)).isFalse();
    assertThat(elsewhere.hasEnded(here)).isFalse();
    assertThat(contained.hasEnded(here)).isFalse();

    claimed(store(Duration.ZERO, child), KEY, Remains.CLEAR);
    claimed(store(Duration.ZERO), KEY, Remains.CLEAR).close();
    claimed(store(Duration.ZERO, elsewhere), KEY, Remains.CLEAR);
    assertThatThrownBy(() -> store(Duration.ZERO).claim(KEY, Remains.CLEAR))
        .hasMessageContaining("on other-host");
  }

  @Test
  void aBeatKeepsTheClaim() throws IOException {
    FileTree files = FileTree.at(path(), conf);
    Claims early = new Claims(files, clock(Duration.ZERO), ProcessIdentity.current());
    assertThat(early.take(KEY, 1)).isPresent();
    Claims later = new Claims(files, clock(Duration.ofSeconds(70)), ProcessIdentity.current());
    assertThat(later.last(KEY.runId()).orElseThrow().isFree()).isTrue();
    HeldClaim held =
        new HeldClaim(later, files, clock(Duration.ofSeconds(50)), KEY.runId(), 1, SampleRun.START);
    held.beat();
    assertThat(later.last(KEY.runId()).orElseThrow().isFree()).isFalse();
    held.release();
    assertThat(later.last(KEY.runId()).orElseThrow().isFree()).isTrue();
  }

  @Test
  void ofManyStartsAtOnceExactlyOneGetsTheRun() throws Exception {
    int threads = 12;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 25; round++) {
        RunKey key = new RunKey("nightly", "run-" + round, "aa");
        if (round % 2 == 1) {
          // Half of the rounds fight over a stale claim.
          claimed(store(Duration.ZERO), key, Remains.CLEAR);
        }
        CyclicBarrier barrier = new CyclicBarrier(threads);
        List<Future<Boolean>> claims = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          Callable<Boolean> start =
              () -> {
                RunStore store = store(Duration.ofSeconds(100));
                barrier.await();
                try {
                  return store.claim(key, Remains.CLEAR) instanceof Claim.Claimed;
                } catch (UserException e) {
                  assertThat(e).hasMessageContaining("has been working on it").hasNoCause();
                  return false;
                }
              };
          claims.add(pool.submit(start));
        }
        int winners = 0;
        for (Future<Boolean> claim : claims) {
          winners += claim.get() ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aFailedRunSaysWhyAndKeepsItsCells() throws Exception {
    StagedRun run = claimed(store(Duration.ZERO), KEY, Remains.CLEAR);
    FileSystem fs = FileSystem.getLocal(conf).getRaw();
    SampleRun.write(fs, SampleRun.done(run, "logit"));
    run.fail("the cluster went away", 1);
    java.nio.file.Path failed =
        output.resolve("_runs").resolve(KEY.runId()).resolve("_FAILED.json");
    assertThat(failed)
        .content()
        .contains("\"reason\" : \"the cluster went away\"", "\"exit_code\" : 1");
    assertThat(store(Duration.ZERO).sealedRuns()).isEmpty();

    StagedRun again = claimed(store(Duration.ZERO), KEY, Remains.RESUME);
    assertThat(failed).doesNotExist();
    assertThat(fs.exists(SampleRun.done(again, "logit"))).isTrue();
    again.close();
    StagedRun anew = claimed(store(Duration.ZERO), KEY, Remains.CLEAR);
    assertThat(fs.exists(SampleRun.done(anew, "logit"))).isFalse();
    anew.close();
  }

  @Test
  void rowsThatWereNotHashedAreNotSealed() throws Exception {
    StagedRun run = claimed(store(Duration.ZERO), KEY, Remains.CLEAR);
    Path byOthers = new Path(run.stage(Tables.PREDICTIONS), "part-0-of-spark.parquet");
    ParquetTable.write(Tables.PREDICTIONS, SampleRun.PREDICTIONS.iterator(), byOthers, conf);
    Files.writeString(
        java.nio.file.Path.of(
            new Path(run.stage(Tables.PREDICTIONS), ".part-1.parquet.x.unfinished").toUri()),
        "torn");
    assertThatThrownBy(() -> run.seal(SampleRun.manifest(KEY)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("holds 2 rows, but 0 were hashed");
    ReportHash part = new ReportHash();
    SampleRun.PREDICTIONS.forEach(row -> part.add(Tables.PREDICTIONS, row));
    run.staged(Tables.PREDICTIONS, part);
    assertThat(run.seal(SampleRun.manifest(KEY)).reportHash()).isEqualTo(part.hex());
    assertThat(store(Duration.ZERO).read(Tables.PREDICTIONS, KEY.runId()))
        .isEqualTo(SampleRun.PREDICTIONS);
    assertThat(files()).noneMatch(f -> f.endsWith(".unfinished"));
  }

  @Test
  void aFullDiskIsOneClearMessageAndNothingIsVisible() throws Exception {
    KillableFileSystem disk = new KillableFileSystem("kill", -1);
    RunStore store =
        RunStore.in(
            FileTree.of(disk, new Path(output.toString())),
            conf,
            clock(Duration.ZERO),
            ProcessIdentity.current());
    StagedRun run = claimed(store, KEY, Remains.CLEAR);
    run.write(Tables.SCORES, SampleRun.SCORES);
    disk.failWrites(new IOException("No space left on device"));
    assertThatThrownBy(() -> run.write(Tables.ESTIMATES, SampleRun.ESTIMATES))
        .isInstanceOfSatisfying(
            UserException.class, e -> assertThat(e.kind().exitCode()).isEqualTo(1))
        .hasMessageMatching(
            "cannot write kill:/.*/estimates/part-00000.parquet: No space left on device\\. No part of this run is visible.*");
    assertThatThrownBy(() -> run.seal(SampleRun.manifest(KEY)))
        .hasMessageContaining("No space left on device");
    assertThat(store.sealedRuns()).isEmpty();
    assertThat(files()).noneMatch(f -> f.startsWith("scores/") || f.startsWith("runs/"));
  }

  @Test
  void anOutputThatCannotBeWrittenIsRefusedWithItsPath() throws IOException {
    java.nio.file.Path file = Files.writeString(output.resolve("file"), "no folder");
    RunStore store = RunStore.open(file.resolve("reports").toString(), conf);
    assertThatThrownBy(() -> store.claim(KEY, Remains.CLEAR))
        .isInstanceOfSatisfying(
            UserException.class, e -> assertThat(e.kind()).isEqualTo(UserException.Kind.USAGE))
        .hasMessageContaining("output file:" + file + "/reports cannot be used: ")
        .hasMessageContaining("--output");
    assertThatThrownBy(() -> RunStore.open("nosuch://x/y", conf))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("nosuch");
  }

  @Test
  void namesThatCannotBeFoldersAreRefused() {
    for (String name :
        List.of("", "a/b", "..", "_runs", ".hidden", "a b", "ş", "x".repeat(101), "a=b")) {
      assertThatThrownBy(() -> new RunKey("s", name, "aa"))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith("run id '" + name + "': must be 1 to 100 of");
      assertThatThrownBy(() -> new RunKey(name, "r", "aa"))
          .hasMessageStartingWith("name '" + name + "'");
    }
    String first = RunKey.freshId(SampleRun.START);
    assertThat(first).matches("20261124T001359Z-[0-9a-f]{4}");
    assertThat(new RunKey("s", first, "aa").runId())
        .isLessThan(RunKey.freshId(SampleRun.START.plusSeconds(1)));
  }

  @Test
  void anUnknownRunListsThoseThereAre() {
    assertThatThrownBy(() -> store(Duration.ZERO).read(Tables.SCORES, "x"))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith("; there is no sealed run at all");
    seal(store(Duration.ZERO), KEY);
    assertThatThrownBy(() -> store(Duration.ZERO).read(Tables.SCORES, "x"))
        .hasMessageStartingWith("no sealed run 'x' in file:")
        .hasMessageEndingWith("; sealed: 20261124T001359Z-3fa9");
  }

  @Test
  void runsAreListedByTheirStart() {
    RunKey b = new RunKey("nightly", "b", "aa");
    RunKey a = new RunKey("nightly", "a", "aa");
    seal(store(Duration.ZERO), b);
    seal(store(Duration.ZERO), a);
    seal(store(Duration.ZERO), KEY);
    assertThat(store(Duration.ZERO).sealedRuns())
        .extracting(Manifest::runId)
        .containsExactly(KEY.runId(), "a", "b");
  }

  @Test
  void aBrokenManifestIsNamed() throws IOException {
    seal(store(Duration.ZERO), KEY);
    java.nio.file.Path file = output.resolve("_runs").resolve(KEY.runId()).resolve("manifest.json");
    Files.writeString(file, Files.readString(file).substring(0, 100));
    assertThatThrownBy(() -> store(Duration.ZERO).sealedRuns())
        .isInstanceOf(UserException.class)
        .hasMessageContaining("manifest.json is broken: ");
  }

  private Manifest seal(RunStore store, RunKey key) {
    StagedRun run = claimed(store, key, Remains.CLEAR);
    SampleRun.work(run);
    return run.seal(SampleRun.manifest(key));
  }

  private RunStore store(Duration after) {
    return store(after, ProcessIdentity.current());
  }

  private RunStore store(Duration after, ProcessIdentity process) {
    try {
      return RunStore.in(FileTree.at(path(), conf), conf, clock(after), process);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Path path() {
    return new Path(output.toUri());
  }

  private static Clock clock(Duration after) {
    return Clock.fixed(SampleRun.START.plus(after), ZoneOffset.UTC);
  }

  private static StagedRun claimed(RunStore store, RunKey key, Remains remains) {
    return ((Claim.Claimed) store.claim(key, remains)).run();
  }

  private Set<String> files() throws IOException {
    try (Stream<java.nio.file.Path> all = Files.walk(output)) {
      return all.filter(Files::isRegularFile)
          .map(f -> output.relativize(f).toString())
          .collect(java.util.stream.Collectors.toCollection(TreeSet::new));
    }
  }
}
