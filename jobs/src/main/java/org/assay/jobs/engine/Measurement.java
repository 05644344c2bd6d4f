package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
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
   * @param cell the cell that holds them, or empty when they are part of the data
   * @param predicted where they are in the data; null for a cell
   * @param pool number of the pool that its rows also count in, or -1
   */
  public record Member(Target target, String cell, Schema.Predicted predicted, int pool)
      implements Serializable {}

  /**
   * One result.
   *
   * @param member number of the member, or of the pool
   * @param slice the slice as reports name it, "" for all rows
   * @param n number of rows
   * @param values by metric, in the order asked for
   */
  public record Result(int member, String slice, long n, List<Value> values)
      implements Serializable {}

  /** The results of members and of pools. */
  public record Results(List<Result> members, List<Result> pools) {}

  private record Key(boolean pooled, int member, int slice) implements Serializable {}

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
    JavaPairRDD<Key, Scorecard> cards =
        frame
            .blocks()
            .flatMapToPair(block -> tally(block, slices.value(), files, shared.value(), wanted));
    List<Tuple2<Key, Result>> results = // one per member and slice
        new ArrayList<>(
            cards
                .reduceByKey(
                    (a, b) -> {
                      a.merge(b);
                      return a;
                    })
                .mapToPair(
                    pair ->
                        new Tuple2<>(
                            pair._1(),
                            new Result(
                                pair._1().member(),
                                slices.value().name(pair._1().slice()),
                                pair._2().items(),
                                new ArrayList<>(pair._2().values().values()))))
                .collect());
    shared.destroy();
    slices.destroy();
    results.sort(
        Comparator.comparingInt((Tuple2<Key, Result> r) -> r._1().member())
            .thenComparingInt(r -> r._1().slice()));
    List<Result> ofMembers = new ArrayList<>();
    List<Result> ofPools = new ArrayList<>();
    results.forEach(r -> (r._1().pooled() ? ofPools : ofMembers).add(r._2()));
    return new Results(ofMembers, ofPools);
  }

  private static Iterator<Tuple2<Key, Scorecard>> tally(
      Block block,
      Slicing slicing,
      CellFiles files,
      List<Member> members,
      List<Metric<?>> metrics) {
    int[][] slices = new int[slicing.cuts()][];
    Arrays.setAll(slices, cut -> slicing.codes(cut, block));
    Map<Integer, Scorecard[]> pools = new HashMap<>();
    List<Tuple2<Key, Scorecard>> cards = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      Member member = members.get(m);
      Predictions predictions = predictions(block, files, member);
      double[] scores = new double[predictions.width()];
      Scorecard empty = Scorecard.of(member.target(), metrics);
      Scorecard[] own = new Scorecard[slicing.size()];
      Scorecard[] pool =
          member.pool() < 0
              ? null
              : pools.computeIfAbsent(member.pool(), p -> new Scorecard[slicing.size()]);
      for (int i = 0; i < predictions.size(); i++) {
        int row = predictions.row()[i];
        predictions.scores(i, scores);
        for (int[] cut : slices) {
          int slice = cut[row];
          if (slice < 0) {
            continue;
          }
          for (Scorecard[] into = own; into != null; into = into == own ? pool : null) {
            if (into[slice] == null) {
              into[slice] = empty.empty();
            }
            into[slice].add(
                block.label(row),
                predictions.prediction()[i],
                predictions.width() == 0 ? null : scores,
                block.weight(row));
          }
        }
      }
      emit(false, m, own, cards);
    }
    pools.forEach((pool, all) -> emit(true, pool, all, cards));
    return cards.iterator();
  }

  private static void emit(
      boolean pooled, int member, Scorecard[] all, List<Tuple2<Key, Scorecard>> cards) {
    for (int slice = 0; slice < all.length; slice++) {
      if (all[slice] != null) {
        cards.add(new Tuple2<>(new Key(pooled, member, slice), all[slice]));
      }
    }
  }

  /** A member's predictions for one block. */
  public static Predictions predictions(Block block, CellFiles files, Member member) {
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
