package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Relabelling;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.frame.Slicing;
import org.assay.metric.Metric;
import org.assay.metric.Scorecard;
import org.assay.metric.Target;
import org.assay.metric.Value;
import scala.Tuple2;

/**
 * All metrics of all predictions of a job, by slice, in one pass over the frame's blocks.
 *
 * <p>Each task feeds the scorecards of every member and slice that its block meets; scorecards
 * merge exactly, so the values do not depend on how tasks ran. Sizes: a scorecard per member and
 * slice, those of metrics that rank holding one entry per row.
 */
public final class Measurement {
  /**
   * One set of predictions.
   *
   * @param target what the predictions are
   * @param cell the cell that holds them; null when they are part of the data
   * @param predicted where they are in the data; null for a cell
   * @param pool number of the pool that its rows also count in, or -1
   * @param series number of the series whose distinct rows its rows are among, or -1
   * @param relabelling labels that rows have in place of their own; null when they keep these
   */
  public record Member(
      Target target,
      CellFiles.Place cell,
      Schema.Predicted predicted,
      int pool,
      int series,
      Relabelling relabelling)
      implements Serializable {

    /** Predictions of a cell, of rows that keep their labels. */
    public Member(Target target, CellFiles.Place cell, int pool, int series) {
      this(target, cell, null, pool, series, null);
    }

    /** Predictions of a cell that stand for themselves. */
    public static Member of(Target target, CellFiles.Place cell) {
      return new Member(target, cell, null, -1, -1, null);
    }

    /** Predictions that are part of the data. */
    public static Member of(Target target, Schema.Predicted predicted) {
      return new Member(target, null, predicted, -1, -1, null);
    }
  }

  /**
   * One result.
   *
   * @param member number of the member, of the pool, or of the series
   * @param slice the slice as reports name it, "" for all rows
   * @param n number of rows of positive weight; of a series, each counted once
   * @param values by metric, in the order asked for; none for a series
   */
  public record Result(int member, String slice, long n, List<Value> values)
      implements Serializable {}

  /** The results of members and of pools, and the rows of each series. */
  public record Results(List<Result> members, List<Result> pools, List<Result> series) {

    /** These results and those of other members, pools and series, by number. */
    public Results and(Results other) {
      return new Results(
          merged(members, other.members), merged(pools, other.pools), merged(series, other.series));
    }

    private static List<Result> merged(List<Result> some, List<Result> others) {
      List<Result> all = new ArrayList<>(some);
      all.addAll(others);
      all.sort(Comparator.comparingInt(Result::member)); // stable: slices stay in order
      return all;
    }

    /** What there is when nothing was measured. */
    public static Results none() {
      return new Results(List.of(), List.of(), List.of());
    }
  }

  enum Kind {
    MEMBER,
    POOL,
    SERIES
  }

  /** Where a tally belongs to. */
  record Key(Kind kind, int member, int slice) implements Serializable {

    /**
     * The same in every process, for Spark brings together what executors know of a key by its hash
     * code. An enum's own is another one in each.
     */
    @Override
    public int hashCode() {
      return (kind.name().hashCode() * 31 + member) * 31 + slice;
    }
  }

  /** What a task knows of a key: a scorecard, or for a series its distinct rows alone. */
  private record Tally(Scorecard card, long rows) implements Serializable {
    Tally merge(Tally other) {
      if (card == null) {
        return new Tally(null, rows + other.rows);
      }
      card.merge(other.card);
      return this;
    }

    long n() {
      return card == null ? rows : card.items();
    }

    List<Value> values() {
      return card == null ? List.of() : new ArrayList<>(card.values().values());
    }
  }

  private Measurement() {}

  /**
   * Measures.
   *
   * @param files where cells are; null when all members are part of the data
   * @param slicing the slices to measure on
   */
  public static Results of(
      JavaSparkContext context,
      Frame frame,
      CellFiles files,
      List<Member> members,
      List<Metric<?>> metrics,
      Slicing slicing) {
    Broadcast<Slicing> slices = context.broadcast(slicing);
    Broadcast<List<Member>> shared = context.broadcast(new ArrayList<>(members));
    List<Metric<?>> wanted = new ArrayList<>(metrics);
    JavaPairRDD<Key, Tally> tallies =
        frame
            .blocks()
            .flatMapToPair(
                block -> {
                  try (CellFiles.Reader reader = files == null ? null : files.reader()) {
                    return tally(block, slices.value(), reader, shared.value(), wanted);
                  }
                });
    List<Tuple2<Key, Result>> results = // one per member and slice
        new ArrayList<>(
            tallies
                .reduceByKey(Tally::merge)
                .mapToPair(
                    pair ->
                        new Tuple2<>(
                            pair._1(),
                            new Result(
                                pair._1().member(),
                                slices.value().name(pair._1().slice()),
                                pair._2().n(),
                                pair._2().values())))
                .collect());
    shared.destroy();
    slices.destroy();
    results.sort(
        Comparator.comparingInt((Tuple2<Key, Result> r) -> r._1().member())
            .thenComparingInt(r -> r._1().slice()));
    return new Results(of(Kind.MEMBER, results), of(Kind.POOL, results), of(Kind.SERIES, results));
  }

  private static List<Result> of(Kind kind, List<Tuple2<Key, Result>> results) {
    return results.stream().filter(r -> r._1().kind() == kind).map(Tuple2::_2).toList();
  }

  private static Iterator<Tuple2<Key, Tally>> tally(
      Block block,
      Slicing slicing,
      CellFiles.Reader files,
      List<Member> members,
      List<Metric<?>> metrics) {
    int[][] slices = new int[slicing.cuts()][];
    Arrays.setAll(slices, cut -> slicing.codes(cut, block));
    Map<Integer, Scorecard[]> pools = new HashMap<>();
    Map<Integer, Seen> series = new HashMap<>();
    List<Tuple2<Key, Tally>> tallies = new ArrayList<>();
    Relabelling last = null;
    double[] labels = null;
    for (int m = 0; m < members.size(); m++) {
      Member member = members.get(m);
      if (m == 0 || !Objects.equals(member.relabelling(), last)) {
        last = member.relabelling();
        labels = block.labels(last);
      }
      Predictions predictions = predictions(block, files, member);
      double[] scores = new double[predictions.width()];
      Scorecard empty = Scorecard.of(member.target(), metrics);
      Scorecard[] own = new Scorecard[slicing.size()];
      Scorecard[] pool =
          member.pool() < 0
              ? null
              : pools.computeIfAbsent(member.pool(), p -> new Scorecard[slicing.size()]);
      Seen seen =
          member.series() < 0
              ? null
              : series.computeIfAbsent(member.series(), k -> new Seen(slicing.size()));
      for (int i = 0; i < predictions.size(); i++) {
        int row = predictions.row()[i];
        predictions.scores(i, scores);
        boolean isNew = seen != null && block.weight(row) > 0 && seen.isNew(row);
        for (int[] cut : slices) {
          int slice = cut[row];
          if (slice < 0) {
            continue;
          }
          if (isNew) {
            seen.count[slice]++;
          }
          for (Scorecard[] into = own; into != null; into = into == own ? pool : null) {
            if (into[slice] == null) {
              into[slice] = empty.empty();
            }
            into[slice].add(
                labels[row],
                predictions.prediction()[i],
                predictions.width() == 0 ? null : scores,
                block.weight(row));
          }
        }
      }
      emit(Kind.MEMBER, m, own, tallies);
    }
    pools.forEach((pool, all) -> emit(Kind.POOL, pool, all, tallies));
    series.forEach((number, seen) -> seen.emit(number, tallies));
    return tallies.iterator();
  }

  /** The rows of a block that some member of a series was measured on. */
  private static final class Seen {
    private final BitSet rows = new BitSet();
    private final long[] count;

    Seen(int slices) {
      count = new long[slices];
    }

    boolean isNew(int row) {
      boolean isNew = !rows.get(row);
      rows.set(row);
      return isNew;
    }

    void emit(int series, List<Tuple2<Key, Tally>> tallies) {
      for (int slice = 0; slice < count.length; slice++) {
        if (count[slice] > 0) {
          Key key = new Key(Kind.SERIES, series, slice);
          tallies.add(new Tuple2<>(key, new Tally(null, count[slice])));
        }
      }
    }
  }

  private static void emit(
      Kind kind, int member, Scorecard[] all, List<Tuple2<Key, Tally>> tallies) {
    for (int slice = 0; slice < all.length; slice++) {
      if (all[slice] != null) {
        tallies.add(new Tuple2<>(new Key(kind, member, slice), new Tally(all[slice], 0)));
      }
    }
  }

  /**
   * A member's predictions for one block.
   *
   * @param files reads cells; null when the member is part of the data
   */
  public static Predictions predictions(Block block, CellFiles.Reader files, Member member) {
    if (member.predicted() == null) {
      return files.read(member.cell(), block.number());
    }
    Schema.Predicted at = member.predicted();
    int n = block.size();
    Predictions predictions =
        new Predictions(new int[n], new double[n], at.width(), new double[n * at.width()]);
    for (int i = 0; i < n; i++) {
      predictions.row()[i] = i;
      predictions.prediction()[i] = block.predicted(at.at(), i);
      for (int j = 0; j < at.width(); j++) {
        predictions.scores()[i * at.width() + j] = block.predicted(at.at() + 1 + j, i);
      }
    }
    return predictions;
  }
}
