package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.FDistribution;

/**
 * Friedman's test of k models on n data sets, and the F of Iman and Davenport beside it. With mean
 * ranks R<sub>j</sub> ({@link MeanRanks}) and groups of t tied values on a data set,
 *
 * <pre>
 *   chi2 = 12 n / (k (k + 1)) (sum R_j^2 - k (k + 1)^2 / 4) / (1 - sum (t^3 - t) / (n k (k^2 - 1)))
 *   F    = (n - 1) chi2 / (n (k - 1) - chi2)
 * </pre>
 *
 * chi2 has approximately a chi-squared distribution with k - 1 degrees of freedom and is too
 * cautious; F is closer, with k - 1 and (k - 1)(n - 1). Two results: "friedman" and
 * "iman-davenport". The effect of both is Kendall's W ({@link KendallsW}), without interval.
 *
 * <p><b>Edge results.</b> NaN without data sets, with an undefined value, and when every data set
 * ties all models. F is NaN as well for one data set, and when all data sets rank the models alike,
 * for then it is infinite. Order of data sets does not matter.
 *
 * <p>Sources: M. Friedman, JASA 32, 1937, doi:10.1080/01621459.1937.10503522. R. L. Iman and J. M.
 * Davenport, Communications in Statistics A9, 1980, doi:10.1080/03610928008827904. J. Demsar, JMLR
 * 7, 2006, 1-30, leaves out the correction for ties.
 */
@AutoService(ComparisonTest.class)
public final class Friedman implements ComparisonTest {
  private static final String F = "iman-davenport";

  @Override
  public String name() {
    return "friedman";
  }

  @Override
  public Scope scope() {
    return Scope.OMNIBUS;
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.SCORE_TABLE);
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    ScoreTable table = (ScoreTable) evidence;
    MeanRanks.Ranks ranks = MeanRanks.Ranks.of(table);
    Interval none = Interval.none(settings.level());
    int n = table.n();
    int k = table.models();
    double chi2 = chiSquared(ranks);
    String defect =
        !ranks.defect().isEmpty()
            ? ranks.defect()
            : Double.isNaN(chi2) ? "every data set ties all models" : "";
    if (!defect.isEmpty()) {
      return List.of(
          TestResult.undefined(name(), Subject.ALL, Double.NaN, none, n, defect),
          TestResult.undefined(F, Subject.ALL, Double.NaN, none, n, defect));
    }
    double most = (double) n * (k - 1);
    TestResult friedman =
        new TestResult(
            name(),
            Subject.ALL,
            chi2,
            k - 1,
            Double.NaN,
            chi2 / most,
            none,
            ChiSquaredDistribution.of(k - 1).survivalProbability(chi2),
            n,
            "");
    return List.of(friedman, imanDavenport(friedman, k));
  }

  /** The statistic, corrected for ties; NaN when all is tied or nothing is ranked. */
  static double chiSquared(MeanRanks.Ranks ranks) {
    double n = ranks.n();
    double k = ranks.models();
    // 4 times the sum of (rank sum - n (k + 1) / 2)^2, of whole numbers.
    double squares = 0;
    for (long doubled : ranks.doubledSums()) {
      double apart = doubled - n * (k + 1);
      squares += apart * apart;
    }
    double untied = n * k * (k * k - 1) - ranks.ties();
    return untied > 0 && ranks.defect().isEmpty()
        ? Math.min(n * (k - 1), 3 * (k - 1) * squares / untied)
        : Double.NaN;
  }

  private TestResult imanDavenport(TestResult friedman, int k) {
    long n = friedman.n();
    double most = (double) n * (k - 1);
    double chi2 = friedman.statistic();
    String reason =
        n == 1
            ? "one data set"
            : chi2 >= most * (1 - 1e-14)
                ? "all data sets rank the models alike, so the statistic is infinite"
                : "";
    if (!reason.isEmpty()) {
      return TestResult.undefined(
          F, Subject.ALL, friedman.effect(), friedman.interval(), n, reason);
    }
    double f = statistic(chi2, n, k);
    double df1 = k - 1;
    double df2 = df1 * (n - 1);
    return new TestResult(
        F,
        Subject.ALL,
        f,
        df1,
        df2,
        friedman.effect(),
        friedman.interval(),
        FDistribution.of(df1, df2).survivalProbability(f),
        n,
        "");
  }

  /** Iman and Davenport's F of a Friedman statistic. */
  static double statistic(double chi2, long n, int k) {
    return (n - 1) * chi2 / (n * (k - 1.0) - chi2);
  }
}
