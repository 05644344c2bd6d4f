package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * McNemar's test without correction for continuity: (b - c)<sup>2</sup> / (b + c) is approximately
 * chi-squared with 1 degree of freedom, where b items were got right by model a alone and c by
 * model b alone.
 *
 * <p>Good from about b + c = 10 on, and equal to {@link CochranQ} of two models. Effect and
 * interval: {@link McNemar}'s difference of accuracies, by {@link Tango}, whose interval leaves out
 * 0 exactly when this test rejects.
 *
 * <p><b>Edge results.</b> NaN without items, and when b + c = 0.
 *
 * <p>Source: Q. McNemar, Psychometrika 12, 1947, doi:10.1007/BF02295996.
 */
@AutoService(ComparisonTest.class)
public final class McNemarUncorrected implements ComparisonTest {
  @Override
  public String name() {
    return "mcnemar-uncorrected";
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
    double apart = o.onlyA() - o.onlyB();
    return List.of(McNemar.chiSquared(name(), o, apart * apart / o.discordant(), settings.level()));
  }
}
