package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
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
   * @param series number of the series whose distinct rows its rows are among, or -1
   */
  public record Member(Target target, String cell, Schema.Predicted predicted, int pool, int series)
      implements Serializable {

    /** Predictions of a cell that stand for themselves. */
    public static Member of(Target target, String cell) {
      return new Member(target, cell, null, -1, -1);
    }

    /** Predictions that are part of the data. */
    public static Member of(Target target, Schema.Predicted predicted) {
      return new Member(target, "", predicted, -1, -1);
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

    /** What there is when nothing was measured. */
    public static Results none() {
      return new Results(List.of(), List.of(), List.of());
    }
  }

  private enum Kind {
    MEMBER,
    POOL,
    SERIES
  }

  private record Key(Kind kind, int member, int spec, long code) implements Serializable {}

  /** What a task knows of a key: a scorecard, or for a series its distinct rows alone. */
  private static final class Tally implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Scorecard card;
    private long rows;

    Tally(Scorecard card) {
      this.card = card;
    }

    Tally merge(Tally other) {
      if (card != null) {
        card.merge(other.card);
      }
      rows += other.rows;
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
    JavaPairRDD<Key, Tally> tallies =
        frame
            .blocks()
            .flatMapToPair(block -> tally(block, schema, files, shared.value(), wanted, columns));
    List<Tuple2<Key, Result>> results = // one per member and slice
        tallies
            .reduceByKey(Tally::merge)
            .mapToPair(
                pair -> {
                  Key key = pair._1();
                  return new Tuple2<>(
                      key,
                      new Result(
                          key.member(),
                          name(schema, slices, columns, key),
                          pair._2().n(),
                          pair._2().values()));
                })
            .collect();
    shared.destroy();
    return new Results(of(Kind.MEMBER, results), of(Kind.POOL, results), of(Kind.SERIES, results));
  }

  private static List<Result> of(Kind kind, List<Tuple2<Key, Result>> results) {
    return results.stream()
        .filter(r -> r._1().kind() == kind)
        .map(Tuple2::_2)
        .sorted(Comparator.comparingInt(Result::member).thenComparing(Result::slice))
        .toList();
  }

  private static Iterator<Tuple2<Key, Tally>> tally(
      Block block,
      Schema schema,
      CellFiles files,
      List<Member> members,
      List<Metric<?>> metrics,
      int[][] columns) {
    Map<Key, Tally> tallies = new HashMap<>();
    Map<Integer, BitSet> seen = new HashMap<>(); // by series, the rows of this block
    for (int m = 0; m < members.size(); m++) {
      Member member = members.get(m);
      Predictions predictions = predictions(block, files, member);
      double[] scores = predictions.width() == 0 ? null : new double[predictions.width()];
      Scorecard empty = Scorecard.of(member.target(), metrics);
      for (int i = 0; i < predictions.size(); i++) {
        int row = predictions.row()[i];
        if (scores != null) {
          predictions.scores(i, scores);
        }
        double prediction = predictions.prediction()[i];
        boolean isNew = block.weight(row) > 0 && member.series() >= 0;
        if (isNew) {
          BitSet rows = seen.computeIfAbsent(member.series(), k -> new BitSet(block.size()));
          isNew = !rows.get(row);
          rows.set(row);
        }
        for (int spec = 0; spec <= columns.length; spec++) {
          long code = 0;
          for (int c = 0; spec > 0 && c < columns[spec - 1].length; c++) {
            int column = columns[spec - 1][c];
            code =
                code * (schema.dictionaries().get(column).length + 1) + block.text(column, row) + 1;
          }
          add(tallies, new Key(Kind.MEMBER, m, spec, code), empty, block, row, prediction, scores);
          if (member.pool() >= 0) {
            Key key = new Key(Kind.POOL, member.pool(), spec, code);
            add(tallies, key, empty, block, row, prediction, scores);
          }
          if (isNew) {
            Key key = new Key(Kind.SERIES, member.series(), spec, code);
            tallies.computeIfAbsent(key, k -> new Tally(null)).rows++;
          }
        }
      }
    }
    Iterator<Map.Entry<Key, Tally>> entries = tallies.entrySet().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public Tuple2<Key, Tally> next() {
        Map.Entry<Key, Tally> entry = entries.next();
        return new Tuple2<>(entry.getKey(), entry.getValue());
      }
    };
  }

  private static void add(
      Map<Key, Tally> tallies,
      Key key,
      Scorecard empty,
      Block block,
      int row,
      double prediction,
      double[] scores) {
    tallies
        .computeIfAbsent(key, k -> new Tally(empty.empty()))
        .card
        .add(block.label(row), prediction, scores, block.weight(row));
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
