package org.assay.jobs.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assay.importance.Exchange;
import org.assay.importance.FeatureGroups;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Preparation;

/** Answers of models that are asked in the task itself. */
final class DirectAnswers {
  private DirectAnswers() {}

  /** Answers some rows for one model. */
  static AnswerTally answer(RowExchange.Rows piece, Questions.Work work, Questions shared) {
    AnswerTally.Rows tallied = AnswerTally.Rows.of(piece, shared, work);
    AnswerTally tally =
        new AnswerTally(work, tallied, shared, new boolean[shared.metrics().size()]);
    int[] tested = work.tested(piece);
    int[] row = Arrays.stream(tested).map(i -> i - piece.from()).toArray();
    Preparation preparation = work.fitted().preparation();
    int width = preparation.width();
    FeatureGroups groups = groups(preparation, shared.sets());
    FittedModel.Asked asked = work.fitted().asked(groups, preparation.largest(shared.ends()));
    Exchange exchange = asked.exchange();
    int outputs = exchange.outputs();
    int scoreWidth = work.fitted().width();
    int step =
        Math.min(
            Math.max(64, Math.min(4096, (1 << 19) / Math.max(1, width))),
            Math.max(64, (1 << 21) / Math.max(1, outputs * groups.size())));
    int[] place = new int[step];
    Arrays.setAll(place, i -> i);
    double[] prediction = new double[step];
    double[] scores = new double[step * scoreWidth];
    double[] plain = new double[step * outputs];
    double[][] changed = new double[groups.size()][step * outputs];
    for (int from = 0; from < tested.length; from += step) {
      int n = Math.min(step, tested.length - from);
      Exchange.Prepared own =
          exchange.prepare(rows(preparation, piece.block(), tested, from, n, 0), n);
      exchange.predict(own, 0, n, plain);
      for (int repeat = 0; repeat < shared.span().repeats(); repeat++) {
        if (repeat == 0 && shared.span().baseline()) {
          asked.answer(plain, n, prediction, scores);
          tally.add(AnswerTally.NONE, 0, row, from, n, prediction, scores, scoreWidth);
        }
        Exchange.Prepared donors =
            exchange.prepare(
                rows(preparation, piece.donors().get(repeat), tested, from, n, piece.from()), n);
        exchange.exchange(own, 0, n, donors, place, changed);
        int group = 0;
        for (int set = 0; set < shared.sets().size(); set++) {
          boolean isEmpty =
              group == groups.size() || !groups.names().get(group).equals(Integer.toString(set));
          asked.answer(isEmpty ? plain : changed[group++], n, prediction, scores);
          tally.add(set, repeat, row, from, n, prediction, scores, scoreWidth);
        }
      }
    }
    return tally;
  }

  /** Rows as they are learned from. */
  private static double[] rows(
      Preparation preparation, Block block, int[] tested, int from, int n, int less) {
    int width = preparation.width();
    double[] rows = new double[n * width];
    for (int i = 0; i < n; i++) {
      preparation.features(block, tested[from + i] - less, rows, i * width);
    }
    return rows;
  }

  /** The columns of each set, by its number; sets without columns are left out. */
  static FeatureGroups groups(Preparation preparation, List<InputSet> sets) {
    int[] starts = preparation.starts();
    List<String> names = new ArrayList<>();
    List<int[]> columns = new ArrayList<>();
    for (int set = 0; set < sets.size(); set++) {
      int[] own = columns(sets.get(set), starts);
      if (own.length > 0) {
        names.add(Integer.toString(set));
        columns.add(own);
      }
    }
    return new FeatureGroups(preparation.width(), names, columns.toArray(int[][]::new));
  }

  private static int[] columns(InputSet set, int[] starts) {
    return Arrays.stream(set.features())
        .flatMap(f -> IntStream.range(starts[f], starts[f + 1]))
        .toArray();
  }
}
