package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Holm's post-hoc test of mean ranks of k models on n data sets: z = (R<sub>a</sub> -
 * R<sub>b</sub>) / sqrt(k (k + 1) / (6 n)) of each pair, its two-sided normal p-values adjusted by
 * {@link Adjustment#HOLM}. With a control the pairs are the control against each other model, the
 * control as a; without one they are all pairs.
 *
 * <p>Rejects whatever {@link BonferroniDunn} does, and more. The effect is the mean rank of a minus
 * that of b, negative when a is better; there is no interval, for the steps of the procedure have
 * none. <b>Edge results.</b> NaN without data sets and with an undefined value.
 *
 * <p>Source: S. Holm, Scandinavian Journal of Statistics 6, 1979, 65-70. J. Demsar, JMLR 7, 2006,
 * 1-30.
 */
@AutoService(ComparisonTest.class)
public final class HolmPostHoc implements ComparisonTest {
  @Override
  public String name() {
    return "holm";
  }

  @Override
  public Scope scope() {
    return Scope.POST_HOC;
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.SCORE_TABLE);
  }

  @Override
  public String refusal(Evidence evidence, TestSettings settings) {
    return settings.control() < 0
        ? null
        : PostHoc.refusal((ScoreTable) evidence, settings.control());
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    ScoreTable table = (ScoreTable) evidence;
    MeanRanks.Ranks ranks = MeanRanks.Ranks.of(table);
    List<Subject> pairs =
        settings.control() < 0 ? table.pairs() : PostHoc.againstControl(table, settings.control());
    double[] p =
        Adjustment.HOLM.adjust(
            pairs.stream()
                .mapToDouble(pair -> StudentT.twoSided(PostHoc.z(ranks, pair), StudentT.NORMAL))
                .toArray());
    List<TestResult> results = new ArrayList<>();
    for (int i = 0; i < p.length; i++) {
      Subject pair = pairs.get(i);
      results.add(
          PostHoc.result(
              name(), pair, ranks, PostHoc.z(ranks, pair), p[i], Double.NaN, settings.level()));
    }
    return results;
  }
}
