package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * Dietterich's 5x2cv paired t-test: in five repeats of two folds, with the differences
 * x<sub>r1</sub>, x<sub>r2</sub> of two models in repeat r and s<sub>r</sub><sup>2</sup> =
 * (x<sub>r1</sub> - x<sub>r2</sub>)<sup>2</sup> / 2,
 *
 * <pre>
 *   t = x_11 / sqrt((s_1^2 + .. + s_5^2) / 5)
 * </pre>
 *
 * with 5 degrees of freedom. The effect is the mean of all ten differences, a minus b, without an
 * interval: the statistic looks at the first difference only, and depends on which that is. {@link
 * FiveByTwoF} does not.
 *
 * <p><b>Edge results.</b> NaN when a difference is undefined, and when there is no spread in any
 * repeat. Refused for other numbers of repeats and folds.
 *
 * <p>Source: T. G. Dietterich, Neural Computation 10, 1998, doi:10.1162/089976698300017197.
 */
@AutoService(ComparisonTest.class)
public final class FiveByTwoT implements ComparisonTest {
  @Override
  public String name() {
    return "five-by-two-t";
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
    double t = x.first() / Math.sqrt(x.variances() / 5);
    return List.of(
        new TestResult(
            name(),
            Subject.PAIR,
            t,
            5,
            Double.NaN,
            x.mean(),
            none,
            StudentT.twoSided(t, 5),
            10,
            ""));
  }
}
