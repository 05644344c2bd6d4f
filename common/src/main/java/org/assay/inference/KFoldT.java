package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * The plain paired t-test of the differences of two models on the k folds of one cross-validation,
 * with k - 1 degrees of freedom. The effect is the mean of a minus b with Student's interval.
 *
 * <p>Its training sets overlap, so it rejects true hypotheses too often, and its note says so:
 * there for comparison, and only when asked for by name. Refused for more than one repeat and for
 * random splits. <b>Edge results</b> as {@link CorrectedResampledT}, which is the test to use.
 *
 * <p>Source: T. G. Dietterich, "Approximate statistical tests for comparing supervised
 * classification learning algorithms", Neural Computation 10, 1998, doi:10.1162/089976698300017197.
 */
@AutoService(ComparisonTest.class)
public final class KFoldT implements ComparisonTest {
  @Override
  public String name() {
    return "k-fold-t";
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
    FoldScores scores = (FoldScores) evidence;
    if (scores.splits() != FoldScores.Splits.FOLDS || scores.repeats() > 1) {
      return "needs one repeat of folds, found "
          + (scores.splits() == FoldScores.Splits.RANDOM ? "random splits" : scores.shape())
          + "; corrected-resampled-t is for those";
    }
    return null;
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    return List.of(
        PlainT.of(
            name(),
            (FoldScores) evidence,
            settings.level(),
            "takes folds for independent though their training sets overlap, so it rejects too often"));
  }
}
