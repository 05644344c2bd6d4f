package org.assay.bootstrap;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.assay.metric.ConfusionMetric;
import org.assay.metric.Loss;
import org.assay.metric.Metric;
import org.assay.metric.RocAuc;
import org.assay.random.Lanes;

/**
 * Scored items in the form in which reweighted copies of them are measured fastest: all models,
 * metrics and slices by the same draws, eight replicates at a time.
 *
 * <p>Metrics of a confusion matrix read counts by cell, mean losses read sums, the area under the
 * ROC curve and the average precision read the order of the scores; any other metric, and all of
 * them when items have weights of their own, is fed item by item, which takes some fifty times as
 * long. Losses are summed in the order of the items, in doubles; everything else is exact.
 *
 * <p>Immutable once built, and thread-safe.
 */
public final class Replication implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int items;
  private final int models;
  private final int metrics;
  private final int slices;
  private final List<Part> parts = new ArrayList<>();

  /**
   * Prepares items.
   *
   * @param label class code or number of each item
   * @param weight of each item; null when all are 1
   * @param scored what each model says of them
   * @param metrics what to measure; each must be possible for every model's target
   * @param cuts ways of cutting the items into slices, which are numbered from 0 without gap
   */
  public Replication(
      double[] label,
      double[] weight,
      List<Scored> scored,
      List<? extends Metric<?>> metrics,
      List<Cut> cuts) {
    this(label, weight, numbered(scored), numbered(metrics), cuts);
  }

  private static <T> Map<Integer, T> numbered(List<? extends T> all) {
    Map<Integer, T> numbered = new LinkedHashMap<>();
    for (T one : all) {
      numbered.put(numbered.size(), one);
    }
    return numbered;
  }

  /**
   * Prepares items for some metrics of some models.
   *
   * @param scored what models say of the items, by their number among all models
   * @param metrics what to measure, by their number among all metrics
   */
  public Replication(
      double[] label,
      double[] weight,
      Map<Integer, Scored> scored,
      Map<Integer, Metric<?>> metrics,
      List<Cut> cuts) {
    this.items = label.length;
    this.models = scored.keySet().stream().mapToInt(m -> m + 1).max().orElse(0);
    this.metrics = metrics.keySet().stream().mapToInt(m -> m + 1).max().orElse(0);
    this.slices = cuts.stream().mapToInt(c -> c.first() + c.size()).max().orElse(0);
    List<Wanted> wanted = new ArrayList<>();
    scored.forEach((m, said) -> wanted.add(new Wanted(m, said, metrics, weight != null)));
    for (Table table : Table.of(cuts)) {
      parts.addAll(
          Cells.of(
              table,
              label,
              wanted.stream().filter(w -> !w.cells.isEmpty()).map(Wanted::asked).toList()));
    }
    Map<Table, Losses> sums = new LinkedHashMap<>();
    for (Wanted model : wanted) {
      model.losses.forEach(
          (loss, by) -> {
            double[] lost = Losses.of(loss, label, model.scored);
            for (Table table : Table.of(cuts)) {
              sums.computeIfAbsent(table, Losses::new).add(model.number, loss, by, lost);
            }
          });
    }
    parts.addAll(sums.values());
    for (Wanted model : wanted) {
      double[] scores = model.scored.scores();
      int[] ranked = model.areas.isEmpty() ? null : Ranking.sorted(scores);
      for (Cut cut : cuts) {
        if (!model.areas.isEmpty()) {
          boolean walked = model.areas.containsValue(Areas.Curve.PRECISION_RECALL);
          Ranking ranking = Ranking.of(cut, label, scores, walked, ranked);
          model.areas.forEach(
              (j, curve) -> parts.add(new Areas(model.number, j, curve, cut, ranking)));
        }
        if (!model.others.isEmpty()) {
          parts.add(new Singles(model.number, model.others, cut, label, weight, model.scored));
        }
      }
    }
  }

  /** What is to be measured of a model, by the form that it needs. */
  private static final class Wanted {
    final int number;
    final Scored scored;
    final Map<Integer, ConfusionMetric> cells = new LinkedHashMap<>();
    final Map<Loss, Map<Integer, Metric<?>>> losses = new LinkedHashMap<>();
    final Map<Integer, Areas.Curve> areas = new LinkedHashMap<>();
    final Map<Integer, Metric<?>> others = new LinkedHashMap<>();

    Wanted(int number, Scored scored, Map<Integer, Metric<?>> metrics, boolean weighted) {
      this.number = number;
      this.scored = scored;
      metrics.forEach(
          (j, metric) -> {
            switch (Form.of(metric, scored.target(), weighted)) {
              case CELLS -> cells.put(j, (ConfusionMetric) metric);
              case LOSSES ->
                  losses
                      .computeIfAbsent(Losses.lossOf(metric), l -> new LinkedHashMap<>())
                      .put(j, metric);
              case ORDER ->
                  areas.put(
                      j, metric instanceof RocAuc ? Areas.Curve.ROC : Areas.Curve.PRECISION_RECALL);
              case STATES, GROWING_STATES -> others.put(j, metric);
            }
          });
    }

    Cells.Asked asked() {
      return new Cells.Asked(number, scored.target().classes(), cells, scored.prediction());
    }
  }

  /** Number of items. */
  public int items() {
    return items;
  }

  /** Room for the values of this many replicates. */
  public Replicates room(int replicates) {
    return new Replicates(models, metrics, slices, replicates);
  }

  /** Measures the items as they are, each once; replicate 0 is the result. */
  public Replicates point() {
    return measure(ONCE);
  }

  /** Measures all replicates, one batch after another. */
  public Replicates measure(Resampling resampling) {
    Replicates all = room(resampling.replicates());
    measure(resampling, 0, Lanes.batches(resampling.replicates()), all::put);
    return all;
  }

  /**
   * Measures the batches [from, to).
   *
   * @param done receives each batch's number and values, in order
   */
  public void measure(
      Resampling resampling, int from, int to, BiConsumer<Integer, Replicates> done) {
    long[] lanes = new long[items];
    Drawn drawn = new Drawn(lanes);
    for (int batch = from; batch < to; batch++) {
      resampling.fill(batch, lanes);
      drawn.changed();
      Replicates out = room(Lanes.WIDTH);
      parts.forEach(part -> part.measure(drawn, out));
      done.accept(batch, out);
    }
  }

  /**
   * Bytes that a task holds for each of so many items: the counts of a batch, and their copy.
   *
   * @param ranked whether a metric ranks the items
   */
  public static int countBytes(long items, boolean ranked) {
    return 8 + (ranked && items > Nearer.MOST ? 8 : 0);
  }

  /**
   * Bytes of the tallies of a batch.
   *
   * @param state bytes of a state that is fed item by item
   */
  public long tallyBytes(long state) {
    return parts.stream().mapToLong(p -> p.bytes(state)).sum();
  }

  /**
   * What these items hold in the eight replicates of a batch.
   *
   * @param lanes how often each replicate draws each item
   * @param before what was found in the items before these; null when these are the first
   */
  public Tallies tally(long[] lanes, Tallies before) {
    Drawn drawn = new Drawn(lanes);
    Tally[] found = new Tally[parts.size()];
    for (int p = 0; p < found.length; p++) {
      found[p] = parts.get(p).tally(drawn, before == null ? null : before.parts[p]);
    }
    return new Tallies(found);
  }

  /**
   * Turns what was found in all pieces of the items into values.
   *
   * @param all of a replication with the same parts as this one
   * @param out receives the values of the parts
   */
  public void report(Tallies all, Replicates out) {
    for (int p = 0; p < all.parts.length; p++) {
      parts.get(p).report(all.parts[p], out);
    }
  }

  private static final Resampling ONCE =
      new Resampling() {
        private static final long serialVersionUID = 1L;

        @Override
        public int replicates() {
          return 1;
        }

        @Override
        public void fill(int batch, long[] lanes) {
          Arrays.fill(lanes, 1);
        }
      };
}
