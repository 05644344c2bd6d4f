package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * McNemar's test with Edwards's correction for continuity: max(0, |b - c| - 1)<sup>2</sup> / (b +
 * c) is approximately chi-squared with 1 degree of freedom, where b items were got right by model a
 * alone and c by model b alone.
 *
 * <p>An approximation of {@link McNemarExact}, as cautious as that; there for comparison. Effect
 * and interval: {@link McNemar}'s difference of accuracies, by {@link Tango}.
 *
 * <p><b>Edge results.</b> NaN without items, and when b + c = 0. When b = c the statistic is 0 as
 * in R, where some programs have 1 / (b + c).
 *
 * <p>Source: A. L. Edwards, "Note on the correction for continuity in testing the significance of
 * the difference between correlated proportions", Psychometrika 13, 1948, doi:10.1007/BF02289261.
 */
@AutoService(ComparisonTest.class)
public final class McNemarCorrected implements ComparisonTest {
  @Override
  public String name() {
    return "mcnemar-corrected";
  }

  @Override
  public Scope scope() {
    return Scope.PAIR;
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.PAIRED_OUTCOMES);
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    PairedOutcomes o = (PairedOutcomes) evidence;
    double apart = Math.max(0, Math.abs(o.onlyA() - o.onlyB()) - 1);
    return List.of(McNemar.chiSquared(name(), o, apart * apart / o.discordant(), settings.level()));
  }
}
