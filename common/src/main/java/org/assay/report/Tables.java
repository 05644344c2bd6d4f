package org.assay.report;

import java.util.List;
import java.util.stream.Collectors;
import org.assay.UserException;

/**
 * The tables of a report. This is the one place that lists them: a new table is its record and a
 * line here.
 */
public final class Tables {
  /** What ran: one row per sealed run. */
  public static final Table<Run> RUNS = Table.of("runs", Run.class);

  /** What each replicate measured. */
  public static final Table<Score> SCORES = Table.of("scores", Score.class);

  /** What the replicates say together. */
  public static final Table<Estimate> ESTIMATES = Table.of("estimates", Estimate.class);

  /** Which inputs models depend on, and how much. */
  public static final Table<ImportanceRow> IMPORTANCES =
      Table.of("importances", ImportanceRow.class);

  /** How far orders of inputs agree. */
  public static final Table<RankingRow> RANKINGS = Table.of("rankings", RankingRow.class);

  /** What models make of changed inputs, point by point. */
  public static final Table<CurveRow> CURVES = Table.of("curves", CurveRow.class);

  /** What each replicate of a bootstrap or a permutation measured, where that was asked for. */
  public static final Table<Replicate> REPLICATES = Table.of("replicates", Replicate.class);

  /** What tests say of models. */
  public static final Table<Comparison> COMPARISONS = Table.of("comparisons", Comparison.class);

  /** How large differences are, and how large ones could be seen. */
  public static final Table<EffectRow> EFFECTS = Table.of("effects", EffectRow.class);

  /** What each train/test split is made of. */
  public static final Table<Fold> FOLDS = Table.of("folds", Fold.class);

  /** Which parameters were chosen, and against which others. */
  public static final Table<Selection> SELECTIONS = Table.of("selections", Selection.class);

  /** What models answered, row by row. */
  public static final Table<Prediction> PREDICTIONS = Table.of("predictions", Prediction.class);

  /** In which orders tests were run. */
  public static final Table<TestOrder> ORDERS = Table.of("orders", TestOrder.class);

  /** What each test did in each run. */
  public static final Table<TestRun> TEST_RUNS = Table.of("test_runs", TestRun.class);

  /** Which tests cannot be trusted, and how that shows. */
  public static final Table<TestVerdict> VERDICTS = Table.of("verdicts", TestVerdict.class);

  /** Which tests are to blame for others. */
  public static final Table<TestDependency> DEPENDENCIES =
      Table.of("dependencies", TestDependency.class);

  /** Failures of tests that have one reason. */
  public static final Table<FailureClusterRow> FAILURE_CLUSTERS =
      Table.of("failure_clusters", FailureClusterRow.class);

  /** What the environment does to tests. */
  public static final Table<FactorEffectRow> FACTOR_EFFECTS =
      Table.of("factor_effects", FactorEffectRow.class);

  /** What could not be measured, and why. */
  public static final Table<Failure> FAILURES = Table.of("failures", Failure.class);

  private static final List<Table<?>> ALL =
      List.of(
          RUNS,
          SCORES,
          ESTIMATES,
          COMPARISONS,
          EFFECTS,
          IMPORTANCES,
          RANKINGS,
          CURVES,
          REPLICATES,
          FOLDS,
          SELECTIONS,
          PREDICTIONS,
          ORDERS,
          TEST_RUNS,
          VERDICTS,
          DEPENDENCIES,
          FAILURE_CLUSTERS,
          FACTOR_EFFECTS,
          FAILURES);

  private Tables() {}

  /** All tables, {@link #RUNS} first. */
  public static List<Table<?>> all() {
    return ALL;
  }

  /**
   * The table of a name.
   *
   * @throws UserException if there is none; the message lists those there are
   */
  public static Table<?> named(String name) {
    for (Table<?> table : ALL) {
      if (table.name().equals(name)) {
        return table;
      }
    }
    throw UserException.usage(
        "unknown table '"
            + name
            + "'; known: "
            + ALL.stream().map(Table::name).collect(Collectors.joining(", ")));
  }
}
