package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.apache.commons.statistics.distribution.FDistribution;

/**
 * Alpaydin's combined 5x2cv F-test: in five repeats of two folds, with the differences
 * x<sub>r1</sub>, x<sub>r2</sub> of two models in repeat r and s<sub>r</sub><sup>2</sup> =
 * (x<sub>r1</sub> - x<sub>r2</sub>)<sup>2</sup> / 2,
 *
 * <pre>
 *   F = (sum of all ten x^2) / (2 (s_1^2 + .. + s_5^2))
 * </pre>
 *
 * with 10 and 5 degrees of freedom. The effect is the mean of all ten differences, a minus b,
 * without an interval.
 *
 * <p><b>Edge results.</b> NaN when a difference is undefined, and when there is no spread in any
 * repeat. Refused for other numbers of repeats and folds.
 *
 * <p>Source: E. Alpaydin, "Combined 5 x 2 cv F test for comparing supervised classification
 * learning algorithms", Neural Computation 11, 1999, doi:10.1162/089976699300016007.
 */
@AutoService(ComparisonTest.class)
public final class FiveByTwoF implements ComparisonTest {
  @Override
  public String name() {
    return "five-by-two-f";
  }

  @Override
  public Scope scope() {
    return Scope.PAIR;
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.FOLD_SCORES);
  }

  @Override
  public String refusal(Evidence evidence, TestSettings settings) {
    return FiveByTwoDifferences.refusal((FoldScores) evidence);
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    FiveByTwoDifferences x = FiveByTwoDifferences.of((FoldScores) evidence);
    Interval none = Interval.none(settings.level());
    if (!x.defect().isEmpty()) {
      return List.of(TestResult.undefined(name(), Subject.PAIR, x.mean(), none, 10, x.defect()));
    }
    double f = x.squares() / (2 * x.variances());
    return List.of(
        new TestResult(
            name(),
            Subject.PAIR,
            f,
            10,
            5,
            x.mean(),
            none,
            FDistribution.of(10, 5).survivalProbability(f),
            10,
            ""));
  }
}
