package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The area under the precision-recall curve as a step function: the sum over distinct scores s,
 * from the highest, of (R(s) - R(previous s)) P(s), where P and R are precision and recall when the
 * items with a score of at least s are called positive.
 *
 * <p>In (0, 1]; the share of positives when all scores are equal. Not interpolated. Undefined when
 * no label is positive, where scikit-learn's {@code average_precision_score} warns and returns 0.
 * Binary only.
 *
 * <p>Computed by one walk down the sorted scores, O(n log n); the relative error is about 4e-16.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class AveragePrecision implements RankedMetric {
  @Override
  public String name() {
    return "average-precision";
  }

  /**
   * The area when it has been summed.
   *
   * @param positives total weight of the positives
   * @param negatives total weight of the negatives
   * @param sum of the precision at each positive, times its weight
   */
  public static Value of(double positives, double negatives, double sum) {
    return positives == 0
        ? Value.undefined(negatives == 0 ? "no items of positive weight" : "no label is positive")
        : Value.of(Math.min(1, sum / positives));
  }

  @Override
  public Value value(Ranked state) {
    if (state.labeled(1) == 0) {
      return of(0, state.labeled(0), 0);
    }
    Multiset positives = state.scores(1, 0);
    Multiset negatives = state.scores(0, 0);
    positives.settle();
    negatives.settle();
    ExactSum truePositives = new ExactSum();
    ExactSum calledPositives = new ExactSum();
    ExactSum sum = new ExactSum();
    int j = negatives.size() - 1;
    for (int i = positives.size() - 1; i >= 0; ) {
      double score = positives.value(i);
      int end = i;
      for (; end >= 0 && positives.value(end) == score; end--) {
        truePositives.add(positives.weight(end));
        calledPositives.add(positives.weight(end));
      }
      for (; j >= 0 && negatives.value(j) >= score; j--) {
        calledPositives.add(negatives.weight(j));
      }
      double precision = truePositives.value() / calledPositives.value();
      for (; i > end; i--) {
        sum.addProduct(positives.weight(i), precision);
      }
    }
    return of(truePositives.value(), state.labeled(0), sum.value());
  }
}
