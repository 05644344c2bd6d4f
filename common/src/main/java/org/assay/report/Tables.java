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

  /** What could not be measured, and why. */
  public static final Table<Failure> FAILURES = Table.of("failures", Failure.class);

  private static final List<Table<?>> ALL =
      List.of(
          RUNS,
          SCORES,
          ESTIMATES,
          COMPARISONS,
          EFFECTS,
          REPLICATES,
          FOLDS,
          SELECTIONS,
          PREDICTIONS,
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
