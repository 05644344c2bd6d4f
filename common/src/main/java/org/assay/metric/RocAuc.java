package org.assay.metric;

import com.google.auto.service.AutoService;

/**
 * The area under the receiver operating characteristic: the probability that a random positive has
 * a higher score than a random negative, ties counting half. (sum over pairs of a positive i and a
 * negative j of w<sub>i</sub> w<sub>j</sub> ([s<sub>i</sub> &gt; s<sub>j</sub>] + [s<sub>i</sub> =
 * s<sub>j</sub>] / 2)) / (sum of w<sub>i</sub>)(sum of w<sub>j</sub>).
 *
 * <p>In [0, 1]; 0.5 when all scores are equal. Undefined when the labels are all of one class,
 * where scikit-learn's {@code roc_auc_score} raises an error. Binary only.
 *
 * <p>Computed by one walk down the sorted scores, O(n log n). Whole weights: the numerator is exact
 * and rounded once; others: the relative error is about 4e-16.
 *
 * <p>Source: J. A. Hanley and B. J. McNeil, "The meaning and use of the area under a receiver
 * operating characteristic (ROC) curve", 1982, doi:10.1148/radiology.143.1.7063747.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class RocAuc implements RankedMetric {
  @Override
  public String name() {
    return "roc-auc";
  }

  @Override
  public Value value(Ranked state) {
    if (state.labeled(0) == 0 && state.labeled(1) == 0) {
      return Value.undefined("no items of positive weight");
    }
    if (state.labeled(1) == 0) {
      return Value.undefined("no label is positive");
    }
    if (state.labeled(0) == 0) {
      return Value.undefined("no label is negative");
    }
    return Value.of(area(state.scores(1, 0), state.scores(0, 0)));
  }

  /** The area for these two sets, neither of which is empty. */
  static double area(Multiset positives, Multiset negatives) {
    positives.settle();
    negatives.settle();
    // Powers of two bring the totals near 1, so that their product neither overflows nor vanishes;
    // no other bit changes.
    double positive = positives.total().value();
    double negative = negatives.total().value();
    double scalePositive = Math.scalb(1.0, -Math.getExponent(positive));
    double scaleNegative = Math.scalb(1.0, -Math.getExponent(negative));
    ExactSum above = new ExactSum();
    ExactSum area = new ExactSum();
    int i = positives.size() - 1;
    for (int j = negatives.size() - 1; j >= 0; ) {
      double score = negatives.value(j);
      for (; i >= 0 && positives.value(i) > score; i--) {
        above.add(positives.weight(i));
      }
      double before = above.value();
      for (; i >= 0 && positives.value(i) == score; i--) {
        above.add(positives.weight(i));
      }
      double ranked = (before + above.value()) / 2 * scalePositive;
      for (; j >= 0 && negatives.value(j) == score; j--) {
        area.addProduct(negatives.weight(j) * scaleNegative, ranked);
      }
    }
    return Math.min(1, area.value() / (positive * scalePositive * (negative * scaleNegative)));
  }
}
