package org.assay.inference;

import java.util.List;
import org.assay.metric.Value;

/**
 * What a metric's values on the splits of a plan say of its expected value.
 *
 * <p>For the values x<sub>1</sub> .. x<sub>m</sub> of m splits, over all folds and repeats, with
 * mean x&#772; and s<sup>2</sup> = sum (x<sub>i</sub> - x&#772;)<sup>2</sup> / (m - 1):
 *
 * <pre>
 *   mean-of-folds      mean, with the corrected standard error and interval of {@link CorrectedT}
 *   sd-of-folds        s
 *   naive-se-of-folds  s / sqrt(m), which takes the splits for independent; for comparison only
 * </pre>
 *
 * <p>A split counts as one value, whatever the number of its rows.
 *
 * <p><b>Edge results.</b> A split without a value, because its fit failed or the metric is
 * undefined there: all three are NaN, and the reason says how many splits have none and why the
 * first has not; leaving it out would be a choice made by its result. Otherwise those of {@link
 * CorrectedT}.
 *
 * <p>Pure and thread-safe.
 */
public final class FoldEstimates {
  private FoldEstimates() {}

  /**
   * The three estimates, in the order above.
   *
   * @param folds one value per split
   * @param nTrain mean number of training rows of a split, positive
   * @param nTest mean number of test rows of a split, positive
   * @param level of the interval, in (0, 1)
   * @throws IllegalArgumentException if a size or the level is out of its range
   */
  public static List<PointEstimate> of(
      List<Value> folds, double nTrain, double nTest, double level) {
    int m = folds.size();
    CorrectedT t =
        CorrectedT.of(folds.stream().mapToDouble(Value::value).toArray(), nTrain, nTest, level);
    List<Value> undefined = folds.stream().filter(v -> !v.isDefined()).toList();
    String reason =
        undefined.isEmpty()
            ? t.note()
            : undefined.size() + " of " + m + " folds have no value: " + undefined.get(0).reason();
    return List.of(
        new PointEstimate("mean-of-folds", t.mean(), t.standardError(), t.interval(), m, reason),
        PointEstimate.bare("sd-of-folds", t.sd(), m, reason),
        PointEstimate.bare("naive-se-of-folds", t.naiveError(), m, reason));
  }

  /**
   * The same of the rows that each split trains on: {@code train-mean-of-folds}, {@code
   * train-sd-of-folds}. No interval, for the training sets of folds are much the same rows.
   *
   * @param folds one value per split
   */
  public static List<PointEstimate> ofTraining(List<Value> folds) {
    List<PointEstimate> all = of(folds, 1, 1, 0.95); // mean and sd depend on none of these
    PointEstimate mean = all.get(0);
    PointEstimate sd = all.get(1);
    String reason = folds.size() > 1 && Double.isNaN(sd.value()) ? mean.reason() : "";
    return List.of(
        PointEstimate.bare("train-" + mean.estimator(), mean.value(), folds.size(), reason),
        PointEstimate.bare("train-" + sd.estimator(), sd.value(), folds.size(), mean.reason()));
  }
}
