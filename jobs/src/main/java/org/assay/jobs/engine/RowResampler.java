package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.assay.bootstrap.Form;
import org.assay.bootstrap.KeyedResampling;
import org.assay.bootstrap.Replicates;
import org.assay.bootstrap.Replication;
import org.assay.bootstrap.Scored;
import org.assay.bootstrap.Tallies;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.ByNumber;
import org.assay.jobs.frame.Frame;
import org.assay.metric.AveragePrecision;
import org.assay.metric.Metric;
import org.assay.metric.RocAuc;
import org.assay.random.Lanes;
import scala.Tuple2;

/**
 * The engine {@code score}, cut by rows: each task tallies some consecutive pieces of the rows in
 * all replicates of a pass; the tallies merge in the order of the pieces.
 *
 * <p>Counts and losses are tallied block by block. For metrics that rank, rows are sorted by score
 * once per model: a shuffle by ranges of (score, key), whose bounds are quantiles of the first rows
 * in canonical order, so that ranges are about equal even when all scores are. A tie that goes on
 * in the next range is mended when tallies merge. The average precision needs to know how many rows
 * each replicate has before a range, so it takes a second walk.
 *
 * <p>Blocks, ranges and groups of them depend on the data alone, and so does every sum, to the bit.
 * A task holds the rows of one block or range and the tallies of its pass.
 */
public final class RowResampler implements AutoCloseable {
  /** Rows that the bounds of ranges are taken from. */
  private static final long SAMPLE = 1 << 18;

  /** Rows of a piece of a range: their counts stay in a core's cache. */
  private static final int PIECE = 1 << 16;

  private final JavaSparkContext context;
  private final Frame frame;
  private final BootstrapPlan plan;
  private final Progress progress;
  private final Items.Reader reader;
  private final Broadcast<Items.Reader> shared;
  private final JavaRDD<Items> items;
  private final Map<Integer, JavaRDD<Items>> sorted = new HashMap<>();
  private final int metrics;
  private final Map<Integer, Metric<?>> summed = new LinkedHashMap<>();

  /** Number of the area under the ROC curve, and of the average precision; -1 without. */
  private int roc = -1;

  private int precision = -1;

  /** Over a frame, for these metrics of the reader's models. */
  public RowResampler(
      JavaSparkContext context,
      Frame frame,
      Items.Reader reader,
      List<? extends Metric<?>> metrics,
      BootstrapPlan plan,
      Progress progress) {
    this.context = context;
    this.frame = frame;
    this.plan = plan;
    this.progress = progress;
    this.reader = reader;
    this.metrics = metrics.size();
    for (int j = 0; j < metrics.size(); j++) {
      Metric<?> metric = metrics.get(j);
      boolean ranks =
          !reader.weighted()
              && Form.unweighted(metric, reader.none().scored().get(0).target()) == Form.ORDER;
      if (!ranks) {
        summed.put(j, metric);
      } else if (metric instanceof RocAuc) {
        roc = j;
      } else {
        precision = j;
      }
    }
    this.shared = context.broadcast(reader);
    Broadcast<Items.Reader> read = shared;
    this.items = frame.blocks().map(block -> read.value().read(block));
  }

  /** Number of items in each slice. */
  public long[] counts() {
    int slices = reader.slicing().size();
    return items
        .map(piece -> piece.counts(slices))
        .treeReduce(
            (a, b) -> {
              for (int s = 0; s < slices; s++) {
                a[s] += b[s];
              }
              return a;
            });
  }

  /**
   * Measures all replicates of a resampling in the slices [from, to), renumbered from 0.
   *
   * @param what the work as a person reads it
   */
  public Replicates run(String what, KeyedResampling resampling, int from, int to) {
    int models = reader.models().size();
    Replicates all = new Replicates(models, metrics, to - from, resampling.replicates());
    int batches = Lanes.batches(resampling.replicates());
    for (int first = 0; first < batches; first += plan.batches()) {
      int count = Math.min(plan.batches(), batches - first);
      String part =
          count == batches
              ? what
              : what + " " + first * Lanes.WIDTH + " to " + (first + count) * Lanes.WIDTH;
      Pass pass = new Pass(reader, resampling, first, count, from, to);
      Replicates[] values = new Replicates[count];
      Arrays.setAll(values, b -> new Replicates(models, metrics, to - from, Lanes.WIDTH));
      if (!summed.isEmpty()) {
        walk(part, items, pass, -1, summed, null, values, (g, before) -> {});
      }
      for (int m = 0; m < models && (roc >= 0 || precision >= 0); m++) {
        rank(part + ", model " + (m + 1) + " by score", pass, m, values);
      }
      for (int b = 0; b < count; b++) {
        all.put(first + b, values[b]);
      }
    }
    return all;
  }

  /** The metrics that rank, of one model. */
  private void rank(String what, Pass pass, int model, Replicates[] values) {
    JavaRDD<Items> rows = sorted.computeIfAbsent(model, this::sort);
    List<Tallies[]> before = new ArrayList<>();
    walk(
        what,
        rows,
        pass,
        model,
        Map.of(roc, new RocAuc()),
        null,
        roc < 0 ? null : values,
        (group, running) -> {
          if (precision >= 0) {
            before.add(
                running == null
                    ? null
                    : Arrays.stream(running).map(Tallies::ranked).toArray(Tallies[]::new));
          }
        });
    if (precision >= 0) {
      Broadcast<List<Tallies[]>> counted = context.broadcast(before);
      walk(
          what + ", precision",
          rows,
          pass,
          model,
          Map.of(precision, new AveragePrecision()),
          counted,
          values,
          (group, running) -> {});
      counted.destroy();
    }
  }

  /** What a pass measures: batches [first, first + count) in slices [from, to). */
  private record Pass(
      Items.Reader reader, KeyedResampling resampling, int first, int count, int from, int to)
      implements Serializable {

    Replication replication(Items piece, int model, Map<Integer, Metric<?>> metrics) {
      Map<Integer, Scored> scored = new LinkedHashMap<>();
      for (int m = 0; m < piece.scored().size(); m++) {
        scored.put(model < 0 ? m : model, piece.scored().get(m));
      }
      return new Replication(
          piece.label(), piece.weight(), scored, metrics, piece.cuts(reader.slicing(), from, to));
    }

    /** The tallies of consecutive pieces, by batch. */
    Tallies[] tally(
        Iterator<Items> pieces, int model, Map<Integer, Metric<?>> metrics, Tallies[] before) {
      Tallies[] found = new Tallies[count];
      while (pieces.hasNext()) {
        Items piece = pieces.next();
        Replication replication = replication(piece, model, metrics);
        long[] keys = piece.group() == null ? piece.key() : piece.group();
        long[] lanes = new long[keys.length];
        for (int b = 0; b < count; b++) {
          resampling.fill(first + b, keys, lanes);
          Tallies ahead = found[b] != null ? found[b] : before == null ? null : before[b];
          Tallies here = replication.tally(lanes, ahead);
          if (found[b] == null) {
            found[b] = here;
          } else {
            found[b].merge(here);
          }
        }
      }
      return found;
    }
  }

  /**
   * Tallies pieces in groups, and reports what all hold.
   *
   * @param model the one model of the pieces; -1 for all models
   * @param before what was found before each group; null when that does not matter
   * @param values receives what was found, by batch; null when nothing shall
   * @param reached receives the number of each group, in order, and the tallies before it
   */
  private void walk(
      String what,
      JavaRDD<Items> pieces,
      Pass pass,
      int model,
      Map<Integer, Metric<?>> wanted,
      Broadcast<List<Tallies[]>> before,
      Replicates[] values,
      BiConsumer<Integer, Tallies[]> reached) {
    JavaRDD<Items> grouped = Consecutive.groups(pieces, plan.groups());
    int groups = grouped.getNumPartitions();
    Broadcast<Pass> sent = context.broadcast(pass);
    Map<Integer, Metric<?>> metrics = new LinkedHashMap<>(wanted);
    JavaRDD<Tallies[]> tallied =
        grouped.mapPartitionsWithIndex(
            (group, of) ->
                Collections.singleton(
                        sent.value()
                            .tally(
                                of,
                                model,
                                metrics,
                                before == null ? null : before.value().get(group)))
                    .iterator(),
            true);
    InOrder order = new InOrder(reached);
    Tasks.over(context, what, tallied, groups, Iterator::next, order::receive, progress);
    sent.destroy();
    if (values != null) {
      Items none = model < 0 ? reader.none() : reader.none().ranked(model);
      Replication empty = pass.replication(none, model, metrics);
      for (int b = 0; b < values.length; b++) {
        empty.report(order.running[b], values[b]);
      }
    }
  }

  /** Merges the results of groups in the order of the groups, whatever order they arrive in. */
  private static final class InOrder {
    private final BiConsumer<Integer, Tallies[]> reached;
    private final Map<Integer, Tallies[]> early = new HashMap<>();
    private int next;
    private Tallies[] running;

    InOrder(BiConsumer<Integer, Tallies[]> reached) {
      this.reached = reached;
    }

    void receive(int group, Tallies[] found) {
      early.put(group, found);
      for (Tallies[] here = early.remove(next); here != null; here = early.remove(next)) {
        reached.accept(next, running);
        if (running == null) {
          running = here;
        } else {
          for (int b = 0; b < here.length; b++) {
            running[b].merge(here[b]);
          }
        }
        next++;
      }
    }
  }

  /** Bounds between ranges of (score, key), the highest score first. */
  private record Bounds(double[] score, long[] key) implements Serializable {
    int range(double s, long k) {
      int low = 0;
      int high = score.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        boolean after = score[middle] == s ? key[middle] < k : score[middle] > s;
        if (after) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  private Bounds bounds(int model) {
    int ranges = plan.ranges();
    if (ranges == 1) {
      return new Bounds(new double[0], new long[0]);
    }
    int blocks = 1;
    while (blocks < frame.blockCount() && frame.start(blocks) < SAMPLE) {
      blocks++;
    }
    List<Items> first = new ArrayList<>(Collections.nCopies(blocks, null));
    Tasks.over(
        context,
        "bounds of scores",
        items,
        blocks,
        of -> of.next().ranked(model),
        first::set,
        Progress.silent());
    Items sample = Items.concatenated(first.get(0), first);
    double[] score = sample.scored().get(0).scores();
    long[] key = sample.key();
    int[] order =
        IntStream.range(0, score.length)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> -score[i]).thenComparingLong(i -> key[i]))
            .mapToInt(i -> i)
            .toArray();
    int count = order.length == 0 ? 0 : ranges - 1;
    Bounds bounds = new Bounds(new double[count], new long[count]);
    for (int r = 0; r < count; r++) {
      int at = order[(int) ((r + 1L) * order.length / ranges)];
      bounds.score[r] = score[at];
      bounds.key[r] = key[at];
    }
    return bounds;
  }

  /** The rows by one model's score, the highest first, in pieces; kept until {@link #close}. */
  private JavaRDD<Items> sort(int model) {
    Broadcast<Bounds> bounds = context.broadcast(bounds(model));
    Items none = reader.none().ranked(model);
    int ranges = plan.ranges();
    return Consecutive.groups(items, plan.groups()) // so many files for each range to read from
        .flatMapToPair(
            piece -> {
              Items rows = piece.ranked(model);
              double[] score = rows.scored().get(0).scores();
              int[][] parts = new int[ranges][];
              int[] sizes = new int[ranges];
              int[] range = new int[score.length];
              for (int i = 0; i < score.length; i++) {
                range[i] = bounds.value().range(score[i], rows.key()[i]);
                sizes[range[i]]++;
              }
              Arrays.setAll(parts, r -> new int[sizes[r]]);
              Arrays.fill(sizes, 0);
              for (int i = 0; i < score.length; i++) {
                parts[range[i]][sizes[range[i]]++] = i;
              }
              return IntStream.range(0, ranges)
                  .filter(r -> sizes[r] > 0)
                  .mapToObj(r -> new Tuple2<>(r, rows.select(parts[r], 0, sizes[r])))
                  .iterator();
            })
        .partitionBy(new ByNumber(ranges))
        .mapPartitions(
            parts -> {
              List<Items> all = new ArrayList<>();
              parts.forEachRemaining(part -> all.add(part._2()));
              Items rows = Items.concatenated(none, all);
              int[] order = rows.scored().get(0).ranked();
              List<Items> pieces = new ArrayList<>();
              for (int from = 0; from == 0 || from < order.length; from += PIECE) {
                pieces.add(rows.select(order, from, Math.min(order.length, from + PIECE)));
              }
              return pieces.iterator();
            })
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  /** Forgets the sorted rows. */
  @Override
  public void close() {
    sorted.values().forEach(JavaRDD::unpersist);
    shared.destroy();
  }
}
