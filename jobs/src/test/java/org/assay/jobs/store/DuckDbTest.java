package org.assay.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.assay.report.Column;
import org.assay.report.Table;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What another reader makes of the files: DuckDB 1.4, by a glob over each table with hive
 * partitioning.
 */
class DuckDbTest {
  @TempDir Path output;

  @Test
  void readsEveryTableWithItsColumnsAndTypes() throws SQLException {
    RunStore store = RunStore.open(output.toString(), new Configuration());
    for (String id : List.of("a", "b")) {
      RunKey key = new RunKey("nightly", id, "aa");
      StagedRun run = ((Claim.Claimed) store.claim(key, Remains.CLEAR)).run();
      if (id.equals("a")) {
        SampleRun.work(run);
      }
      run.seal(SampleRun.manifest(key));
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = connection.createStatement()) {
      for (Table<?> table : Tables.all()) {
        List<String> expected = new ArrayList<>();
        table.columns().forEach(c -> expected.add(c.name() + " " + type(c)));
        expected.add("run_id VARCHAR");
        expected.add("suite VARCHAR");
        assertThat(
                lines(
                    sql,
                    "SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM "
                        + glob(table)
                        + ")"))
            .containsExactlyElementsOf(expected);
      }
      assertThat(
              lines(
                  sql,
                  "SELECT model || ' ' || avg(value) FROM "
                      + glob(Tables.SCORES)
                      + " WHERE run_id = 'a' AND NOT isnan(value) GROUP BY model ORDER BY model"))
          .containsExactly("forest 0.95", "logit 0.92");
      assertThat(
              lines(
                  sql,
                  "SELECT row_key || ' ' || coalesce(label, '?') || ' ' || coalesce(scores::VARCHAR, '?') FROM "
                      + glob(Tables.PREDICTIONS)))
          .containsExactly("k1 yes [0.75, 0.25]", "kı2 ? ?");
      assertThat(
              lines(
                  sql,
                  "SET TimeZone = 'UTC'; SELECT started_at::VARCHAR FROM "
                      + glob(Tables.RUNS)
                      + " WHERE run_id = 'a'"))
          .containsExactly("2026-11-24 00:13:59.123456+00");
      assertThat(lines(sql, "SELECT count(*)::VARCHAR FROM " + glob(Tables.FOLDS)))
          .containsExactly("0");
    }
  }

  private String glob(Table<?> table) {
    return "read_parquet('"
        + output
        + "/"
        + table.name()
        + "/*/*/*.parquet', hive_partitioning = true)";
  }

  private static String type(Column column) {
    return switch (column.type()) {
      case TEXT -> "VARCHAR";
      case INT -> "INTEGER";
      case LONG -> "BIGINT";
      case DOUBLE -> "DOUBLE";
      case BOOLEAN -> "BOOLEAN";
      case DOUBLES -> "DOUBLE[]";
      case INSTANT -> "TIMESTAMP WITH TIME ZONE";
    };
  }

  private static List<String> lines(Statement sql, String query) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (ResultSet rows = sql.executeQuery(query)) {
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
    }
    return lines;
  }
}
