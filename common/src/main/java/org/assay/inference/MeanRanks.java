package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assay.metric.Metric.Direction;

/**
 * The mean rank of each of k models over n data sets: 1 for the best on each, equal values share
 * the mean of their ranks. In [1, k], of mean (k + 1) / 2. What {@link Friedman} and the post-hoc
 * tests compare.
 *
 * <p>NaN without data sets, and for all models when any value is undefined. Source: J. Demsar,
 * "Statistical comparisons of classifiers over multiple data sets", JMLR 7, 2006, 1-30.
 */
@AutoService(EffectSize.class)
public final class MeanRanks implements EffectSize {
  @Override
  public String name() {
    return "mean-rank";
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.SCORE_TABLE);
  }

  @Override
  public List<Effect> effects(Evidence evidence, TestSettings settings) {
    ScoreTable table = (ScoreTable) evidence;
    Ranks ranks = Ranks.of(table);
    List<Effect> effects = new ArrayList<>();
    for (int model = 0; model < table.models(); model++) {
      effects.add(
          new Effect(
              name(),
              Subject.of(model),
              ranks.mean(model),
              Interval.none(settings.level()),
              table.n(),
              ranks.defect()));
    }
    return effects;
  }

  /**
   * Ranks of all models on all data sets.
   *
   * @param n number of data sets
   * @param doubledSums twice the sum of the ranks of each model
   * @param ties sum of t^3 - t over groups of t equal values of a data set
   * @param defect why there are none; empty when there are
   */
  record Ranks(int n, long[] doubledSums, double ties, String defect) {

    static Ranks of(ScoreTable table) {
      long[] sums = new long[table.models()];
      if (!table.defect().isEmpty()) {
        return new Ranks(table.n(), sums, 0, table.defect());
      }
      double ties = 0;
      double sign = table.direction() == Direction.HIGHER_IS_BETTER ? -1 : 1;
      for (double[] row : table.values()) {
        double[] worse = new double[row.length];
        for (int m = 0; m < row.length; m++) {
          worse[m] = sign * row[m];
        }
        Midranks ranks = Midranks.of(worse);
        ties += ranks.ties();
        for (int m = 0; m < row.length; m++) {
          sums[m] += ranks.doubled()[m];
        }
      }
      return new Ranks(table.n(), sums, ties, "");
    }

    int models() {
      return doubledSums.length;
    }

    /** The mean rank of a model; NaN when there are none. */
    double mean(int model) {
      return defect.isEmpty() ? doubledSums[model] / (2.0 * n) : Double.NaN;
    }

    /** Mean rank of a minus mean rank of b; negative when a is better. */
    double difference(int a, int b) {
      return defect.isEmpty() ? (doubledSums[a] - doubledSums[b]) / (2.0 * n) : Double.NaN;
    }

    /** The standard error of a difference of two mean ranks under the hypothesis, without ties. */
    double standardError() {
      return Math.sqrt(models() * (models() + 1.0) / (6.0 * n));
    }
  }
}
