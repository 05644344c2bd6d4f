package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * Nadeau and Bengio's corrected resampled t-test of the differences of two models on the splits of
 * one data set: t = mean / ({@link CorrectedT}'s corrected standard error), with m - 1 degrees of
 * freedom for m splits. The effect is the mean of a minus b, with the corrected interval.
 *
 * <p>The default for values measured on splits, random or folds. <b>Edge results.</b> NaN with
 * fewer than two splits, with a value that is undefined, and when all differences are equal:
 * without spread there is nothing to compare with.
 *
 * <p>Source: C. Nadeau and Y. Bengio, Machine Learning 52, 2003, doi:10.1023/A:1024068626366.
 */
@AutoService(ComparisonTest.class)
public final class CorrectedResampledT implements ComparisonTest {
  @Override
  public String name() {
    return "corrected-resampled-t";
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
    return List.of(Difference.of((FoldScores) evidence).test(name(), settings.level()));
  }
}
