package org.assay.bootstrap;

import org.assay.metric.Value;
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
  public Tally tally(Drawn drawn, Tally before) {
    return curve == Curve.ROC
        ? ranking.pairs(drawn)
        : ranking.curve(drawn, (Ranking.Ranked) before);
  }

  @Override
  public void report(Tally all, Replicates out) {
    for (int at = 0; at < cut.size() * Lanes.WIDTH; at++) {
      Value value =
          curve == Curve.ROC ? ((Ranking.Pairs) all).area(at) : ((Ranking.Curve) all).area(at);
      out.set(model, metric, cut.first() + at / Lanes.WIDTH, at % Lanes.WIDTH, value);
    }
  }

  @Override
  public long bytes(long state) {
    return 56L * cut.size() * Lanes.WIDTH;
  }
}
