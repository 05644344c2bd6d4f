package org.assay.bootstrap;

import org.assay.metric.AveragePrecision;
import org.assay.metric.RocAuc;
import org.assay.random.Lanes;

/** The area under the ROC curve, or the average precision, from the order of the scores. */
final class Areas implements Part {
  private static final long serialVersionUID = 1L;

  /** Which area. */
  enum Curve {
    ROC,
    PRECISION_RECALL
  }

  private final int model;
  private final int metric;
  private final Curve curve;
  private final Cut cut;
  private final Ranking ranking;

  Areas(int model, int metric, Curve curve, Cut cut, Ranking ranking) {
    this.model = model;
    this.metric = metric;
    this.curve = curve;
    this.cut = cut;
    this.ranking = ranking;
  }

  @Override
  public void measure(long[] lanes, Replicates out) {
    if (curve == Curve.ROC) {
      Ranking.Pairs pairs = ranking.pairs(lanes);
      for (int at = 0; at < cut.size() * Lanes.WIDTH; at++) {
        out.set(
            model,
            metric,
            cut.first() + at / Lanes.WIDTH,
            at % Lanes.WIDTH,
            RocAuc.of(pairs.positives()[at], pairs.negatives()[at], pairs.concordance()[at]));
      }
    } else {
      Ranking.Curve found = ranking.curve(lanes);
      for (int at = 0; at < cut.size() * Lanes.WIDTH; at++) {
        out.set(
            model,
            metric,
            cut.first() + at / Lanes.WIDTH,
            at % Lanes.WIDTH,
            AveragePrecision.of(
                found.positives()[at], found.negatives()[at], found.precision()[at]));
      }
    }
  }
}
