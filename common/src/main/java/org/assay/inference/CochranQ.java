package org.assay.inference;

import com.google.auto.service.AutoService;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Cochran's Q: whether L models have the same accuracy on the same items. With G<sub>j</sub> right
 * answers of model j, R<sub>i</sub> models right on item i and T right answers in all,
 *
 * <pre>
 *   Q = (L - 1) (L sum G_j^2 - T^2) / (L T - sum R_i^2)
 * </pre>
 *
 * is approximately chi-squared with L - 1 degrees of freedom. Of two models it is {@link
 * McNemarUncorrected}. The effect is the largest minus the smallest accuracy; it has no sign and no
 * interval.
 *
 * <p><b>Edge results.</b> NaN without items, and when no item tells the models apart. The quotient
 * is of whole numbers and rounded three times.
 *
 * <p>Source: W. G. Cochran, "The comparison of percentages in matched samples", Biometrika 37,
 * 1950, doi:10.1093/biomet/37.3-4.256.
 */
@AutoService(ComparisonTest.class)
public final class CochranQ implements ComparisonTest {
  @Override
  public String name() {
    return "cochran-q";
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
    if (totals.n() == 0 || totals.discordant() == 0) {
      String reason = totals.n() == 0 ? "no items" : McNemar.NO_DISCORDANCE;
      return List.of(
          TestResult.undefined(name(), Subject.ALL, totals.spread(), none, totals.n(), reason));
    }
    OutcomeSquares squares = OutcomeSquares.of(totals);
    int df = totals.models() - 1;
    double q =
        BigInteger.valueOf(df).multiply(squares.models()).doubleValue()
            / squares.withinItems().doubleValue();
    return List.of(
        new TestResult(
            name(),
            Subject.ALL,
            q,
            df,
            Double.NaN,
            totals.spread(),
            none,
            ChiSquaredDistribution.of(df).survivalProbability(q),
            totals.n(),
            ""));
  }
}
