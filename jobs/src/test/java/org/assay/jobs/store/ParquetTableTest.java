package org.assay.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assay.UserException;
import org.assay.report.Failure;
import org.assay.report.RandomRows;
import org.assay.report.Table;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTableTest {
  private final Configuration conf = new Configuration();

  @TempDir java.nio.file.Path folder;

  @Test
  void everyTableReadsBackAsItWasWritten() throws IOException {
    for (Table<?> table : Tables.all()) {
      roundTrip(table);
    }
  }

  private <T extends Record> void roundTrip(Table<T> table) throws IOException {
    List<T> rows = RandomRows.records(table, 500, 11);
    Path file = file(table.name() + ".parquet");
    assertThat(ParquetTable.write(table, rows.iterator(), file, conf)).isEqualTo(500);
    List<T> read = ParquetTable.read(table, List.of(file), conf);
    assertThat(read).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(table.values(read.get(i))).isEqualTo(table.values(rows.get(i)));
    }
  }

  @Test
  void noRowsStillMakeAFile() throws IOException {
    for (Table<?> table : Tables.all()) {
      assertThat(writeNone(table)).isEmpty();
    }
  }

  private <T extends Record> List<T> writeNone(Table<T> table) throws IOException {
    Path file = file("none-of-" + table.name() + ".parquet");
    ParquetTable.write(table, List.<T>of().iterator(), file, conf);
    assertThat(ParquetTable.count(file, FileTree.fileSystem(file, conf), conf)).isZero();
    return ParquetTable.read(table, List.of(file), conf);
  }

  @Test
  void severalFilesAreReadInTheirOrder() throws IOException {
    List<Path> files = new ArrayList<>();
    List<Failure> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<Failure> rows = RandomRows.records(Tables.FAILURES, i * 10, i);
      files.add(file("part-" + i + ".parquet"));
      ParquetTable.write(Tables.FAILURES, rows.iterator(), files.get(i), conf);
      all.addAll(rows);
    }
    assertThat(ParquetTable.read(Tables.FAILURES, files, conf)).isEqualTo(all);
  }

  /** A task that is repeated finds the file of its first attempt. */
  @Test
  void aRepeatedTaskMayWriteItsFileAgain() throws IOException {
    List<Failure> rows = RandomRows.records(Tables.FAILURES, 20, 4);
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(ParquetTable.write(Tables.FAILURES, rows.iterator(), file("part.parquet"), conf))
          .isEqualTo(20);
      assertThat(folder.toFile().list()).containsExactly("part.parquet");
    }
    assertThat(ParquetTable.read(Tables.FAILURES, List.of(file("part.parquet")), conf))
        .isEqualTo(rows);
  }

  @Test
  void nothingIsLeftBesideTheFile() throws IOException {
    ParquetTable.write(Tables.FAILURES, List.<Failure>of().iterator(), file("only.parquet"), conf);
    assertThat(folder.toFile().list()).containsExactly("only.parquet");
  }

  @Test
  void aFileThatCouldNotBeFinishedIsRemoved() {
    List<Failure> rows =
        List.of(new Failure("a", "", "", "", "", ""), new Failure("b", null, "", "", "", ""));
    assertThatThrownBy(
            () -> ParquetTable.write(Tables.FAILURES, rows.iterator(), file("x.parquet"), conf))
        .hasMessage("failures.data must be String, not null");
    assertThat(folder.toFile().list()).isEmpty();
  }

  @Test
  void anAttemptThatFailsLeavesTheFileOfAnotherAsItWas() throws IOException {
    List<Failure> whole = RandomRows.records(Tables.FAILURES, 10, 1);
    ParquetTable.write(Tables.FAILURES, whole.iterator(), file("x.parquet"), conf);
    List<Failure> broken = List.of(new Failure("b", null, "", "", "", ""));
    assertThatThrownBy(
            () -> ParquetTable.write(Tables.FAILURES, broken.iterator(), file("x.parquet"), conf))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ParquetTable.read(Tables.FAILURES, List.of(file("x.parquet")), conf))
        .isEqualTo(whole);
    List<Failure> other = RandomRows.records(Tables.FAILURES, 5, 2);
    ParquetTable.write(Tables.FAILURES, other.iterator(), file("x.parquet"), conf);
    assertThat(ParquetTable.read(Tables.FAILURES, List.of(file("x.parquet")), conf))
        .isEqualTo(other);
    assertThat(folder.toFile().list()).containsExactly("x.parquet");
  }

  /** As a task that runs twice at once, 20 times. */
  @Test
  void severalAttemptsAtOneFileLeaveOneWholeFile() throws Exception {
    List<Failure> rows = RandomRows.records(Tables.FAILURES, 300, 1);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 20; round++) {
        Callable<Long> attempt =
            () -> ParquetTable.write(Tables.FAILURES, rows.iterator(), file("y.parquet"), conf);
        for (Future<Long> done : pool.invokeAll(Collections.nCopies(4, attempt))) {
          assertThat(done.get()).isEqualTo(300);
        }
        assertThat(ParquetTable.read(Tables.FAILURES, List.of(file("y.parquet")), conf))
            .isEqualTo(rows);
        assertThat(folder.toFile().list()).containsExactly("y.parquet");
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aFileOfAnotherTableIsRefused() throws IOException {
    Path file = file("f.parquet");
    ParquetTable.write(Tables.FAILURES, List.<Failure>of().iterator(), file, conf);
    assertThatThrownBy(() -> ParquetTable.read(Tables.FOLDS, List.of(file), conf))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith("f.parquet: has no column repeat; it is not of table folds");
    Files.writeString(
        folder.resolve("text.parquet"), "no Parquet, but long enough to have a footer");
    assertThatThrownBy(() -> ParquetTable.read(Tables.FOLDS, List.of(file("text.parquet")), conf))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("text.parquet is not a Parquet file");
  }

  private Path file(String name) {
    return new Path(new File(folder.toFile(), name).toURI());
  }
}
