package org.assay.jobs.engine;

import java.util.Iterator;
import org.apache.spark.sql.Row;
import org.assay.jobs.frame.RawRows;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.model.SavedPipeline;

/** The rows of a piece, each followed by its variants, in an order that both ends know. */
record PipelineVariants(RowExchange.Rows piece, Questions shared) {
  private int perRow() {
    return (shared.span().baseline() ? 1 : 0) + shared.span().repeats() * shared.sets().size();
  }

  Iterator<Row> rows(Schema schema) {
    int[] tested = shared.works().get(0).tested(piece);
    int each = perRow();
    boolean[][] replaced = new boolean[shared.sets().size()][schema.features().size()];
    for (int s = 0; s < replaced.length; s++) {
      for (int f : shared.sets().get(s).features()) {
        replaced[s][f] = true;
      }
    }
    return new Iterator<>() {
      private long at;

      @Override
      public boolean hasNext() {
        return at < (long) tested.length * each;
      }

      @Override
      public Row next() {
        int row = tested[(int) (at / each)];
        int variant = (int) (at++ % each) - (shared.span().baseline() ? 1 : 0);
        int set = variant < 0 ? 0 : variant % replaced.length;
        return RawRows.row(
            schema,
            piece.block(),
            row,
            variant < 0 ? piece.block() : piece.donors().get(variant / replaced.length),
            row - piece.from(),
            variant < 0 ? null : replaced[set]);
      }
    };
  }

  AnswerTally tally(Iterator<SavedPipeline.Placed> answered) {
    AnswerTally tally =
        new AnswerTally(
            shared.works().get(0),
            AnswerTally.Rows.of(piece, shared, shared.works().get(0)),
            shared,
            new boolean[shared.metrics().size()]);
    int sets = shared.sets().size();
    for (int row : shared.works().get(0).tested(piece)) {
      for (int k = 0; k < perRow(); k++) {
        int variant = k - (shared.span().baseline() ? 1 : 0);
        SavedPipeline.Placed answer = answered.hasNext() ? answered.next() : null;
        if (answer == null || answer.row() != row) {
          throw new IllegalStateException(
              "the pipeline dropped rows or changed their order; it must answer each row where it stands");
        }
        tally.add(
            variant < 0 ? AnswerTally.NONE : variant % sets,
            variant < 0 ? 0 : variant / sets,
            row - piece.from(),
            answer.prediction(),
            answer.scores().length == 0 ? null : answer.scores());
      }
    }
    return tally;
  }
}
