package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * Equivalence by two one-sided tests: whether the difference of two models, a minus b, lies within
 * -+ margin. A small p-value speaks <em>for</em> equivalence.
 *
 * <p>p is the larger of the one-sided p-values of "difference &gt; -margin" and "difference &lt;
 * margin", and the statistic is that of the same test ({@link MarginTest}). The interval is of
 * level 2 level - 1, 90 % for a level of 95 %: it lies within the margin exactly when p &lt; 1 -
 * level.
 *
 * <p>Refused without a margin. <b>Edge results.</b> NaN without items or spread; right/wrong
 * answers that never differ have a result all the same, by {@link Tango}'s score.
 *
 * <p>Source: D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power
 * approach for assessing the equivalence of average bioavailability", Journal of Pharmacokinetics
 * and Biopharmaceutics 15, 1987, doi:10.1007/BF01068419; for paired proportions, T. Tango,
 * Statistics in Medicine 17, 1998.
 */
@AutoService(ComparisonTest.class)
public final class Tost implements ComparisonTest {
  @Override
  public String name() {
    return "tost";
  }

  @Override
  public Scope scope() {
    return Scope.PAIR;
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return MarginTest.ACCEPTS;
  }

  @Override
  public String refusal(Evidence evidence, TestSettings settings) {
    return MarginTest.refusal(evidence, settings);
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    MarginTest test = MarginTest.of(evidence, settings);
    return List.of(test.pAbove() > test.pBelow() ? test.above(name()) : test.below(name()));
  }
}
