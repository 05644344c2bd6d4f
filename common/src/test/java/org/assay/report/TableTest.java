package org.assay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.assay.UserException;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreTheComponentsInSnakeCase() {
    assertThat(names(Tables.RUNS))
        .containsExactly(
            "started_at",
            "ended_at",
            "status",
            "exit_code",
            "seed",
            "config",
            "config_hash",
            "input_fingerprints",
            "report_hash",
            "assay_version",
            "spark_version",
            "master",
            "gate_status");
    assertThat(names(Tables.SCORES))
        .containsExactly(
            "job",
            "data",
            "model",
            "slice",
            "metric",
            "params",
            "plan",
            "design",
            "repeat",
            "fold",
            "split",
            "n_train",
            "n_test",
            "value",
            "reason",
            "fit_seconds");
    assertThat(names(Tables.ESTIMATES))
        .containsExactly(
            "job",
            "data",
            "model",
            "slice",
            "metric",
            "params",
            "estimator",
            "value",
            "std_error",
            "ci_method",
            "ci_level",
            "ci_low",
            "ci_high",
            "n",
            "replicates",
            "reason",
            "ci_low_error",
            "ci_high_error");
    assertThat(names(Tables.FOLDS))
        .containsExactly(
            "job", "data", "plan", "design", "repeat", "fold", "split", "class", "rows", "weight",
            "groups", "unseen");
    assertThat(names(Tables.SELECTIONS))
        .containsExactly(
            "job",
            "data",
            "model",
            "metric",
            "repeat",
            "fold",
            "params",
            "value",
            "std_error",
            "rank",
            "selected",
            "rule");
    assertThat(names(Tables.PREDICTIONS))
        .containsExactly(
            "job",
            "data",
            "model",
            "params",
            "repeat",
            "fold",
            "row_key",
            "label",
            "prediction",
            "score",
            "scores",
            "weight");
    assertThat(names(Tables.FAILURES))
        .containsExactly("job", "data", "model", "cell", "kind", "reason");
  }

  @Test
  void digitsStayWithTheLettersBeforeThem() {
    assertThat(Table.snakeCase("df1")).isEqualTo("df1");
    assertThat(Table.snakeCase("pAdjusted")).isEqualTo("p_adjusted");
    assertThat(Table.snakeCase("minDetectableI")).isEqualTo("min_detectable_i");
  }

  @Test
  void everyTableTurnsRowsIntoObjectsAndBack() {
    for (Table<?> table : Tables.all()) {
      for (Object[] values : RandomRows.of(table, 50, 7)) {
        assertThat(roundTrip(table, values)).isEqualTo(values);
      }
    }
  }

  @Test
  void nullIsRefusedWhereItIsNotAllowed() {
    Failure failure = new Failure("cv", "d", null, "", "fit", "why");
    assertThatThrownBy(() -> Tables.FAILURES.values(failure))
        .hasMessage("failures.model must be String, not null");
    assertThatThrownBy(() -> Tables.FAILURES.row("cv", "d", "m", "", "fit", 3))
        .hasMessage("failures.reason must be String, not Integer");
    assertThatThrownBy(() -> Tables.FAILURES.row("cv")).hasMessage("failures has 6 columns, not 1");
  }

  @Test
  void anUnknownNameListsTheKnown() {
    assertThatThrownBy(() -> Tables.named("score"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "unknown table 'score'; known: runs, scores, estimates, comparisons, effects, importances, rankings, curves, replicates, folds, selections, predictions, orders, test_runs, verdicts, dependencies, failure_clusters, factor_effects, failures");
  }

  @Test
  void aSerializedTableIsTheSameTable() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(Tables.SCORES);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isSameAs(Tables.SCORES);
    }
  }

  private static <T extends Record> Object[] roundTrip(Table<T> table, Object[] values) {
    return table.values(table.row(values));
  }

  private static List<String> names(Table<?> table) {
    return table.columns().stream().map(Column::name).toList();
  }
}
