package org.assay.inference;

import com.google.auto.service.AutoService;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.apache.commons.statistics.distribution.FDistribution;

/**
 * The F-test for classifiers: whether L models have the same accuracy on the same n items, by an
 * analysis of variance of right (1) and wrong (0) answers with models and items as factors,
 *
 * <pre>
 *   F = (SS_models / (L - 1)) / (SS_rest / ((L - 1) (n - 1)))
 * </pre>
 *
 * with L - 1 and (L - 1)(n - 1) degrees of freedom. Some programs take (L - 1) n for the latter; it
 * is Looney's, (n - 1), here. The effect is the largest minus the smallest accuracy; it has no sign
 * and no interval.
 *
 * <p><b>Edge results.</b> NaN with fewer than two items, when no item tells the models apart, and
 * when all items that do are divided in the same way, so that nothing is left to compare with. Sums
 * of squares are exact.
 *
 * <p>Source: S. W. Looney, "A statistical technique for comparing the accuracies of several
 * classifiers", Pattern Recognition Letters 8, 1988, doi:10.1016/0167-8655(88)90016-5.
 */
@AutoService(ComparisonTest.class)
public final class LooneyF implements ComparisonTest {
  @Override
  public String name() {
    return "f-test";
  }

  @Override
  public Scope scope() {
    return Scope.OMNIBUS;
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.OUTCOME_TOTALS);
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    OutcomeTotals totals = (OutcomeTotals) evidence;
    Interval none = Interval.none(settings.level());
    OutcomeSquares squares = OutcomeSquares.of(totals);
    String reason =
        totals.n() == 0
            ? "no items"
            : totals.discordant() == 0
                ? McNemar.NO_DISCORDANCE
                : squares.rest().signum() == 0
                    ? "every item divides the models in the same way, so nothing is left to compare with"
                    : "";
    if (!reason.isEmpty()) {
      return List.of(
          TestResult.undefined(name(), Subject.ALL, totals.spread(), none, totals.n(), reason));
    }
    double df1 = totals.models() - 1;
    double df2 = df1 * (totals.n() - 1);
    double f =
        squares.models().multiply(BigInteger.valueOf(totals.n() - 1)).doubleValue()
            / squares.rest().doubleValue();
    return List.of(
        new TestResult(
            name(),
            Subject.ALL,
            f,
            df1,
            df2,
            totals.spread(),
            none,
            FDistribution.of(df1, df2).survivalProbability(f),
            totals.n(),
            ""));
  }
}
