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
    Value refused = refused(state.labeled(1), state.labeled(0));
    return refused == null ? Value.of(area(state.scores(1, 0), state.scores(0, 0))) : refused;
  }

  /**
   * The area when the pairs have been counted.
   *
   * @param positives total weight of the positives
   * @param negatives total weight of the negatives
   * @param concordance twice the weight of the pairs whose positive scores higher, plus that of the
   *     pairs that tie
   */
  public static Value of(long positives, long negatives, long concordance) {
    Value refused = refused(positives, negatives);
    return refused == null ? Value.of(concordance / (2.0 * positives * negatives)) : refused;
  }

  private static Value refused(double positives, double negatives) {
    if (positives == 0 && negatives == 0) {
      return Value.undefined("no items of positive weight");
    }
    if (positives == 0) {
      return Value.undefined("no label is positive");
    }
    return negatives == 0 ? Value.undefined("no label is negative") : null;
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
