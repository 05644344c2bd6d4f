package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
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
  /** The slice of all rows. */
  public static final String ALL = "";

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

  private record Key(boolean pooled, int member, int spec, long code) implements Serializable {}

  private Measurement() {}

  /**
   * Measures.
   *
   * @param files where cells are; null when all members are part of the data
   * @param slices combinations of columns whose values are reported apart
   */
  public static Results of(
      JavaSparkContext context,
      Frame frame,
      CellFiles files,
      List<Member> members,
      List<Metric<?>> metrics,
      List<List<String>> slices) {
    Schema schema = frame.schema();
    int[][] columns =
        slices.stream()
            .map(s -> s.stream().mapToInt(schema.texts()::indexOf).toArray())
            .toArray(int[][]::new);
    Broadcast<List<Member>> shared = context.broadcast(new ArrayList<>(members));
    List<Metric<?>> wanted = new ArrayList<>(metrics);
    JavaPairRDD<Key, Scorecard> cards =
        frame
            .blocks()
            .flatMapToPair(block -> tally(block, schema, files, shared.value(), wanted, columns));
    List<Tuple2<Key, Result>> results = // one per member and slice
        cards
            .reduceByKey(
                (a, b) -> {
                  a.merge(b);
                  return a;
                })
            .mapToPair(
                pair -> {
                  Key key = pair._1();
                  List<Value> values = new ArrayList<>(pair._2().values().values());
                  return new Tuple2<>(
                      key,
                      new Result(
                          key.member(),
                          name(schema, slices, columns, key),
                          pair._2().items(),
                          values));
                })
            .collect();
    shared.destroy();
    List<Result> ofMembers = new ArrayList<>();
    List<Result> ofPools = new ArrayList<>();
    results.forEach(r -> (r._1().pooled() ? ofPools : ofMembers).add(r._2()));
    java.util.Comparator<Result> order =
        java.util.Comparator.comparingInt(Result::member).thenComparing(Result::slice);
    ofMembers.sort(order);
    ofPools.sort(order);
    return new Results(ofMembers, ofPools);
  }

  private static Iterator<Tuple2<Key, Scorecard>> tally(
      Block block,
      Schema schema,
      CellFiles files,
      List<Member> members,
      List<Metric<?>> metrics,
      int[][] columns) {
    Map<Key, Scorecard> cards = new HashMap<>();
    for (int m = 0; m < members.size(); m++) {
      Member member = members.get(m);
      Predictions predictions = predictions(block, files, member);
      double[] scores = new double[predictions.width()];
      Scorecard empty = Scorecard.of(member.target(), metrics);
      for (int i = 0; i < predictions.size(); i++) {
        int row = predictions.row()[i];
        predictions.scores(i, scores);
        for (int spec = 0; spec <= columns.length; spec++) {
          long code = 0;
          for (int c = 0; spec > 0 && c < columns[spec - 1].length; c++) {
            int column = columns[spec - 1][c];
            code =
                code * (schema.dictionaries().get(column).length + 1) + block.text(column, row) + 1;
          }
          for (int pooled = 0; pooled < (member.pool() >= 0 ? 2 : 1); pooled++) {
            Key key = new Key(pooled == 1, pooled == 1 ? member.pool() : m, spec, code);
            cards
                .computeIfAbsent(key, k -> empty.empty())
                .add(
                    block.label(row),
                    predictions.prediction()[i],
                    predictions.width() == 0 ? null : scores,
                    block.weight(row));
          }
        }
      }
    }
    Iterator<Map.Entry<Key, Scorecard>> entries = cards.entrySet().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public Tuple2<Key, Scorecard> next() {
        Map.Entry<Key, Scorecard> entry = entries.next();
        return new Tuple2<>(entry.getKey(), entry.getValue());
      }
    };
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

  private static String name(Schema schema, List<List<String>> slices, int[][] columns, Key key) {
    if (key.spec() == 0) {
      return ALL;
    }
    long code = key.code();
    List<String> parts = new ArrayList<>();
    for (int c = columns[key.spec() - 1].length - 1; c >= 0; c--) {
      String[] dictionary = schema.dictionaries().get(columns[key.spec() - 1][c]);
      int value = (int) (code % (dictionary.length + 1));
      code /= dictionary.length + 1;
      parts.add(
          slices.get(key.spec() - 1).get(c) + "=" + (value == 0 ? "null" : dictionary[value - 1]));
    }
    Collections.reverse(parts);
    return String.join(",", parts);
  }
}
