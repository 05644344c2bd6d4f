package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.assay.config.RunConfig;
import org.assay.jobs.store.RunStore;
import org.assay.report.Estimate;
import org.assay.report.Manifest;
import org.assay.report.Prediction;
import org.assay.report.Table;
import org.assay.report.Tables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What readers other than ours find: every table by a glob over the files, with the columns that
 * the design promises.
 */
class DuckDbTest {
  private static final Map<String, String> PROMISED =
      Map.of(
          "runs",
          "started_at, ended_at, status, exit_code, seed, config, config_hash, input_fingerprints, report_hash, assay_version, spark_version, master, gate_status",
          "scores",
          "job, data, model, slice, metric, params, plan, repeat, fold, split, n_train, n_test, value, fit_seconds",
          "estimates",
          "job, data, model, slice, metric, estimator, value, std_error, ci_method, ci_level, ci_low, ci_high, n, replicates",
          "predictions",
          "job, data, model, repeat, fold, row_key, label, prediction, score, weight",
          "failures",
          "job, data, model, cell, kind, reason");

  @TempDir static Path output;

  private static Connection duck;
  private static RunStore store;
  private static Manifest run;

  @BeforeAll
  static void runAndConnect() throws SQLException {
    Shared.spark();
    run = run("all", "first");
    run("none", "second"); // beside it in every glob, without predictions
    store = RunStore.open(output.toString(), new Configuration());
    duck = DriverManager.getConnection("jdbc:duckdb:");
  }

  private static Manifest run(String keep, String id) {
    RunConfig config =
        RunConfig.read(
            ConfigFactory.parseString(
                """
                name = small, output = "%s"
                data.iris {
                  path = "%s", id = id, label = species, task = classification
                  derive { size = "if(sepal_length_cm > 6, 'groß ı 日本', 'small')" }, exclude = [size], slices = [size]
                }
                models.base { estimator = baseline }
                jobs = [ { job = cross-validate, name = cv, plan { kind = k-fold, folds = 3, stratify = true }, metrics = [accuracy, log-loss], keep = %s } ]
                """
                    .formatted(output, Shared.data("iris.csv"), keep)));
    return Runner.of(config, List.of()).run(id, false, Progress.silent()).manifest();
  }

  @AfterAll
  static void disconnect() throws SQLException {
    duck.close();
  }

  private static String table(String name) {
    return "(select * from read_parquet('"
        + output
        + "/"
        + name
        + "/*/*/*.parquet', hive_partitioning = true) where run_id = 'first')";
  }

  private static List<List<Object>> query(String sql) throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      List<List<Object>> rows = new ArrayList<>();
      while (results.next()) {
        List<Object> row = new ArrayList<>();
        for (int c = 1; c <= results.getMetaData().getColumnCount(); c++) {
          row.add(results.getObject(c));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static Map<String, String> columns(String name) throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    query("describe select * from " + table(name))
        .forEach(row -> columns.put((String) row.get(0), (String) row.get(1)));
    return columns;
  }

  @Test
  void everyPromisedColumnIsThere() throws SQLException {
    for (Map.Entry<String, String> promised : PROMISED.entrySet()) {
      assertThat(columns(promised.getKey()))
          .as(promised.getKey())
          .containsKeys(promised.getValue().split(", "));
    }
  }

  @Test
  void everyTableHasTheColumnsOfItsRecordAndTheRunItBelongsTo() throws SQLException {
    for (Table<?> table : Tables.all()) {
      Map<String, String> columns = columns(table.name());
      List<String> expected =
          new ArrayList<>(table.columns().stream().map(org.assay.report.Column::name).toList());
      expected.addAll(List.of("run_id", "suite"));
      assertThat(columns.keySet()).as(table.name()).containsExactlyElementsOf(expected);
      for (org.assay.report.Column column : table.columns()) {
        String type =
            switch (column.type()) {
              case TEXT -> "VARCHAR";
              case INT -> "INTEGER";
              case LONG -> "BIGINT";
              case DOUBLE -> "DOUBLE";
              case BOOLEAN -> "BOOLEAN";
              case DOUBLES -> "DOUBLE[]";
              case INSTANT -> "TIMESTAMP WITH TIME ZONE";
            };
        assertThat(columns.get(column.name()))
            .as(table.name() + "." + column.name())
            .isEqualTo(type);
      }
      assertThat(columns.get("suite")).isEqualTo("VARCHAR");
      assertThat(columns.get("run_id")).isEqualTo("VARCHAR");
    }
  }

  @Test
  void everyTableHasTheRowsThatTheManifestCounts() throws SQLException {
    assertThat(run.tables()).hasSameSizeAs(Tables.all());
    for (Map.Entry<String, Long> rows : run.tables().entrySet()) {
      assertThat(query("select count(*) from " + table(rows.getKey())))
          .as(rows.getKey())
          .containsExactly(List.of(rows.getValue()));
    }
    assertThat(run.tables())
        .containsEntry("predictions", 150L)
        .containsEntry("scores", 3L * 3 * 2)
        .containsEntry("failures", 0L);
    assertThat(query("select suite, run_id, report_hash from " + table("runs")))
        .containsExactly(List.of("small", "first", run.reportHash()));
    assertThat(query("select epoch_us(started_at) from " + table("runs")))
        .containsExactly(List.of(ChronoUnit.MICROS.between(Instant.EPOCH, run.startedAt())));
  }

  @Test
  void theValuesAreThoseOfOurOwnReader() throws SQLException {
    List<Estimate> estimates = store.read(Tables.ESTIMATES, run.runId());
    List<List<Object>> seen =
        query("select slice, metric, estimator, value, n from " + table("estimates"));
    assertThat(seen).anySatisfy(row -> assertThat(row.get(0)).isEqualTo("size=groß ı 日本"));
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(
            estimates.stream()
                .map(e -> List.<Object>of(e.slice(), e.metric(), e.estimator(), e.value(), e.n()))
                .toList());
    List<Prediction> predictions = store.read(Tables.PREDICTIONS, run.runId());
    assertThat(
            query(
                "select row_key, fold, label, prediction, scores[3] from "
                    + table("predictions")
                    + " where score is null"))
        .containsExactlyInAnyOrderElementsOf(
            predictions.stream()
                .map(
                    p ->
                        List.<Object>of(
                            p.rowKey(), p.fold(), p.label(), p.prediction(), p.scores()[2]))
                .toList());
  }

  /**
   * The question that the tables are for: accuracy of a slice from the predictions, against the
   * table of estimates.
   */
  @Test
  void predictionsGiveTheEstimateAgain() throws SQLException {
    List<List<Object>> both =
        query(
            "select (select avg((label = prediction)::double) from "
                + table("predictions")
                + "), value from "
                + table("estimates")
                + " where estimator = 'pooled-out-of-fold' and metric = 'accuracy' and slice = ''");
    assertThat(both).hasSize(1);
    assertThat((Double) both.get(0).get(0)).isEqualTo((Double) both.get(0).get(1));
  }
}
