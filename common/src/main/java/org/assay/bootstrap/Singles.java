package org.assay.bootstrap;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assay.metric.Metric;
import org.assay.metric.Scorecard;
import org.assay.random.Lanes;

/** Any metrics, items of any weight: each replicate's items are fed one by one. */
final class Singles implements Part {
  private static final long serialVersionUID = 1L;

  private final int model;
  private final Map<Integer, Metric<?>> metrics;
  private final Cut cut;
  private final double[] label;
  private final double[] weight;
  private final Scored scored;

  Singles(
      int model,
      Map<Integer, Metric<?>> metrics,
      Cut cut,
      double[] label,
      double[] weight,
      Scored scored) {
    this.model = model;
    this.metrics = metrics;
    this.cut = cut;
    this.label = label;
    this.weight = weight;
    this.scored = scored;
  }

  /** A scorecard for each slice, by lane. */
  private record Cards(Scorecard[][] lanes) implements Tally {
    @Override
    public void merge(Tally next) {
      for (int k = 0; k < lanes.length; k++) {
        for (int s = 0; s < lanes[k].length; s++) {
          lanes[k][s].merge(((Cards) next).lanes[k][s]);
        }
      }
    }
  }

  @Override
  public Tally tally(Drawn drawn, Tally before) {
    Scorecard[][] cards = new Scorecard[Lanes.WIDTH][];
    Arrays.setAll(cards, k -> cards(drawn.lanes(), k));
    return new Cards(cards);
  }

  @Override
  public void report(Tally all, Replicates out) {
    for (int k = 0; k < Lanes.WIDTH; k++) {
      report(((Cards) all).lanes[k], k, out);
    }
  }

  /** One lane after the other, for some states grow with the items. */
  @Override
  public void measure(Drawn drawn, Replicates out) {
    for (int k = 0; k < Lanes.WIDTH; k++) {
      report(cards(drawn.lanes(), k), k, out);
    }
  }

  private Scorecard[] cards(long[] lanes, int k) {
    Scorecard empty = Scorecard.of(scored.target(), List.copyOf(metrics.values()));
    double[] scores = scored.width() == 0 ? null : new double[scored.width()];
    Scorecard[] cards = new Scorecard[cut.size()];
    Arrays.setAll(cards, s -> empty.empty());
    for (int i = 0; i < lanes.length; i++) {
      int count = Lanes.get(lanes[i], k);
      int slice = cut.code() == null ? 0 : cut.code()[i];
      if (count == 0 || slice == cut.size()) {
        continue;
      }
      if (scores != null) {
        System.arraycopy(scored.scores(), i * scores.length, scores, 0, scores.length);
      }
      cards[slice].add(
          label[i], scored.prediction()[i], scores, weight == null ? count : count * weight[i]);
    }
    return cards;
  }

  private void report(Scorecard[] cards, int k, Replicates out) {
    for (int s = 0; s < cards.length; s++) {
      int place = 0;
      for (int metric : metrics.keySet()) {
        out.set(model, metric, cut.first() + s, k, cards[s].value(place++));
      }
    }
  }

  @Override
  public long bytes(long state) {
    return state * metrics.size() * cut.size() * Lanes.WIDTH;
  }
}
