package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * Bouckaert and Frank's corrected repeated k-fold cross-validation test. For the differences of two
 * models in r repeats of k folds, with mean x&#772; and standard deviation s (with k r - 1),
 *
 * <pre>
 *   t = x&#772; / (s sqrt(1 / (k r) + 1 / (k - 1)))
 * </pre>
 *
 * with k r - 1 degrees of freedom: {@link CorrectedResampledT} with the ratio of test to training
 * rows that k folds have. The effect is the mean of a minus b, with the corrected interval.
 *
 * <p>Refused for random splits and for repeats of different numbers of folds. <b>Edge results</b>
 * as {@link CorrectedResampledT}.
 *
 * <p>Source: R. R. Bouckaert and E. Frank, "Evaluating the replicability of significance tests for
 * comparing learning algorithms", PAKDD 2004, doi:10.1007/978-3-540-24775-3_3.
 */
@AutoService(ComparisonTest.class)
public final class BouckaertFrank implements ComparisonTest {
  @Override
  public String name() {
    return "bouckaert-frank";
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
    if (scores.splits() != FoldScores.Splits.FOLDS) {
      return "needs repeats of k-fold cross-validation, found random splits;"
          + " corrected-resampled-t is for those";
    }
    if (scores.repeats() > 0 && (scores.folds() < 2 || !scores.hasFolds(scores.folds()))) {
      return "needs repeats of the same number of 2 folds or more, found " + scores.shape();
    }
    return null;
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    FoldScores scores = (FoldScores) evidence;
    CorrectedT t =
        CorrectedT.of(scores.differences(), Math.max(1, scores.folds() - 1), 1, settings.level());
    return List.of(Difference.of(t, scores.direction()).test(name(), settings.level()));
  }
}
