package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * The post-hoc test of Bonferroni and Dunn: a control against each of the other k - 1 models on n
 * data sets. The control differs from a model when their mean ranks are apart by the critical
 * difference z sqrt(k (k + 1) / (6 n)), with z the normal quantile at alpha / (2 (k - 1)).
 *
 * <p>One result per other model, with the control as a. The statistic is z = (R<sub>a</sub> -
 * R<sub>b</sub>) / sqrt(k (k + 1) / (6 n)); p = min(1, (k - 1) P(|Z| &gt; |z|)) holds for all of
 * them together. The effect is the mean rank of a minus that of b, negative when the control is
 * better, and the interval is the effect -+ critical difference.
 *
 * <p>Refused without a control. <b>Edge results.</b> NaN without data sets and with an undefined
 * value.
 *
 * <p>Source: O. J. Dunn, "Multiple comparisons among means", JASA 56, 1961,
 * doi:10.1080/01621459.1961.10482090. J. Demsar, JMLR 7, 2006, 1-30.
 */
@AutoService(ComparisonTest.class)
public final class BonferroniDunn implements ComparisonTest {
  @Override
  public String name() {
    return "bonferroni-dunn";
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
    return PostHoc.refusal((ScoreTable) evidence, settings.control());
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    ScoreTable table = (ScoreTable) evidence;
    MeanRanks.Ranks ranks = MeanRanks.Ranks.of(table);
    double reach = criticalDifference(ranks, settings.alpha());
    return PostHoc.againstControl(table, settings.control()).stream()
        .map(
            pair -> {
              double z = PostHoc.z(ranks, pair);
              double p = Math.min(1, (table.models() - 1) * StudentT.twoSided(z, StudentT.NORMAL));
              return PostHoc.result(name(), pair, ranks, z, p, reach, settings.level());
            })
        .toList();
  }

  /**
   * The smallest difference of mean ranks from a control that is significant at alpha, for all
   * other models together.
   */
  static double criticalDifference(MeanRanks.Ranks ranks, double alpha) {
    return StudentT.normalQuantile(alpha / (2 * (ranks.models() - 1))) * ranks.standardError();
  }
}
