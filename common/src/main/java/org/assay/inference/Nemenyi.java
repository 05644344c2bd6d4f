package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Nemenyi's post-hoc test of all pairs of k models on n data sets: two models differ when their
 * mean ranks are apart by the critical difference q / sqrt(2) sqrt(k (k + 1) / (6 n)), q the
 * quantile of the {@link StudentizedRange}.
 *
 * <p>One result per pair. The statistic is sqrt(2) (R<sub>a</sub> - R<sub>b</sub>) / sqrt(k (k + 1)
 * / (6 n)); its p-value is by the studentized range and holds for all pairs together. The effect is
 * the mean rank of a minus that of b, negative when a is better, and the interval is the effect -+
 * critical difference: all intervals hold together.
 *
 * <p>The standard error is that without ties, as in Demsar's: with ties the test is cautious.
 * <b>Edge results.</b> NaN without data sets and with an undefined value.
 *
 * <p>Source: P. B. Nemenyi, Distribution-free multiple comparisons, thesis, Princeton 1963. J.
 * Demsar, JMLR 7, 2006, 1-30.
 */
@AutoService(ComparisonTest.class)
public final class Nemenyi implements ComparisonTest {
  @Override
  public String name() {
    return "nemenyi";
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
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    ScoreTable table = (ScoreTable) evidence;
    MeanRanks.Ranks ranks = MeanRanks.Ranks.of(table);
    double reach = criticalDifference(ranks, settings.alpha());
    List<TestResult> results = new ArrayList<>();
    for (Subject pair : table.pairs()) {
      double statistic =
          Math.sqrt(2) * ranks.difference(pair.a(), pair.b()) / ranks.standardError();
      double p =
          ranks.defect().isEmpty()
              ? StudentizedRange.above(Math.abs(statistic), table.models())
              : Double.NaN;
      results.add(PostHoc.result(name(), pair, ranks, statistic, p, reach, settings.level()));
    }
    return results;
  }

  /** The smallest difference of mean ranks that is significant at alpha, for all pairs together. */
  static double criticalDifference(MeanRanks.Ranks ranks, double alpha) {
    return StudentizedRange.quantile(alpha, ranks.models()) / Math.sqrt(2) * ranks.standardError();
  }
}
