package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * The plain paired t-test of the differences of two models on m random splits, with m - 1 degrees
 * of freedom. The effect is the mean of a minus b with Student's interval.
 *
 * <p>Its training and test sets overlap, so with enough splits it rejects any hypothesis, and its
 * note says so: there for comparison, and only when asked for by name. <b>Edge results</b> as
 * {@link CorrectedResampledT}, which is the test to use.
 *
 * <p>Source: T. G. Dietterich, "Approximate statistical tests for comparing supervised
 * classification learning algorithms", Neural Computation 10, 1998, doi:10.1162/089976698300017197.
 */
@AutoService(ComparisonTest.class)
public final class ResampledT implements ComparisonTest {
  @Override
  public String name() {
    return "resampled-t";
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
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    return List.of(
        PlainT.of(
            name(),
            (FoldScores) evidence,
            settings.level(),
            "takes splits for independent though they overlap, so it rejects far too often"));
  }
}
