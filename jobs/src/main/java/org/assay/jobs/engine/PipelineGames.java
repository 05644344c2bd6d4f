package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.assay.importance.Game;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.RawRows;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.model.SavedPipeline;
import scala.Tuple2;

/**
 * Games of rows whose coalitions a saved pipeline is asked for: what is asked is written down
 * first, then the pipeline answers all rows that are made of two, then the games are played with
 * its answers. As {@link org.assay.importance.Interventional} says, of columns as the source has
 * them.
 */
final class PipelineGames {
  private final JavaSparkContext context;
  private final SparkSession spark;
  private final Schema schema;
  private final Explainer.Member member;
  private final PipelineModel model;
  private final int[][] players;

  /**
   * Games of a pipeline.
   *
   * @param players sets of inputs, none in two
   */
  PipelineGames(
      JavaSparkContext context,
      Frame frame,
      CellFiles files,
      Explainer.Member member,
      List<InputSet> players) {
    this.context = context;
    this.spark = SparkSession.active();
    this.schema = frame.schema();
    this.member = member;
    this.model = member.pipeline(files);
    this.players = players.stream().map(InputSet::features).toArray(int[][]::new);
  }

  /** Numbers that it gives for a row. */
  int outputs() {
    return Math.max(1, reader(RawRows.of(spark, schema, context.emptyRDD())).width());
  }

  private SavedPipeline.Reader reader(Dataset<Row> rows) {
    return SavedPipeline.reader(
        SavedPipeline.answered(model, member.model(), schema, rows), schema, member.model());
  }

  /** Writes down which coalitions are asked for; they are all worth 0. */
  static final class Asked implements Game {
    private final int players;
    private final int outputs;
    private final List<BitSet> coalitions = new ArrayList<>();

    Asked(int players, int outputs) {
      this.players = players;
      this.outputs = outputs;
    }

    List<BitSet> coalitions() {
      return coalitions;
    }

    @Override
    public int players() {
      return players;
    }

    @Override
    public int outputs() {
      return outputs;
    }

    @Override
    public void values(BitSet[] asked, double[] out) {
      for (BitSet coalition : asked) {
        coalitions.add((BitSet) coalition.clone());
      }
      Arrays.fill(out, 0, asked.length * outputs, 0);
    }
  }

  /** Gives what coalitions are worth, in the order in which they were written down. */
  static final class Answered implements Game {
    private final int players;
    private final int outputs;
    private final double[] values;
    private int at;

    Answered(int players, int outputs, double[] values) {
      this.players = players;
      this.outputs = outputs;
      this.values = values;
    }

    @Override
    public int players() {
      return players;
    }

    @Override
    public int outputs() {
      return outputs;
    }

    @Override
    public void values(BitSet[] asked, double[] out) {
      System.arraycopy(values, at, out, 0, asked.length * outputs);
      at += asked.length * outputs;
    }
  }

  /**
   * What tasks share.
   *
   * @param coalitions by row
   */
  private record Shared(
      List<Row> rows, List<Row> background, List<List<BitSet>> coalitions, int[][] players)
      implements Serializable {

    /** Row {@code i} with all but a coalition's columns those of a background row. */
    Row made(int i, BitSet coalition, int b) {
      Row own = rows.get(i);
      Object[] values = new Object[own.length()];
      for (int k = 0; k < values.length; k++) {
        values[k] = own.get(k);
      }
      values[1] = i;
      for (int p = 0; p < players.length; p++) {
        for (int feature : players[p]) {
          if (!coalition.get(p)) {
            values[2 + feature] = background.get(b).get(2 + feature);
          }
        }
      }
      return RowFactory.create(values);
    }

    Iterator<Row> made(int from, int to) {
      return IntStream.range(from, to)
          .boxed()
          .flatMap(
              i ->
                  coalitions.get(i).stream()
                      .flatMap(
                          coalition ->
                              IntStream.range(0, background.size())
                                  .mapToObj(b -> made(i, coalition, b))))
          .iterator();
    }

    /** Means over the background, by coalition and output. */
    double[] means(int i, Iterator<SavedPipeline.Placed> answers, int outputs) {
      int count = coalitions.get(i).size();
      double[] means = new double[count * outputs];
      for (int c = 0; c < count; c++) {
        for (int b = 0; b < background.size(); b++) {
          SavedPipeline.Placed answer = answers.hasNext() ? answers.next() : null;
          if (answer == null || answer.row() != i) {
            throw new IllegalStateException(
                "the pipeline dropped rows or changed their order; it must answer each row where it stands");
          }
          for (int k = 0; k < outputs; k++) {
            means[c * outputs + k] +=
                (answer.scores().length == 0 ? answer.prediction() : answer.scores()[k])
                    / background.size();
          }
        }
      }
      return means;
    }
  }

  /**
   * What the pipeline says of coalitions.
   *
   * @param coalitions by row
   * @return by row, means over the background by coalition and output
   */
  double[][] answers(
      String what,
      List<Row> rows,
      List<Row> background,
      List<List<BitSet>> coalitions,
      int outputs,
      Progress progress) {
    Broadcast<Shared> sent =
        context.broadcast(
            new Shared(
                new ArrayList<>(rows),
                new ArrayList<>(background),
                new ArrayList<>(coalitions),
                players));
    int n = rows.size();
    Steps steps = Steps.of(context, what, n, progress);
    double[][] all = new double[n][];
    try {
      List<Integer> numbers = IntStream.range(0, n).boxed().toList();
      // A row in each partition, and what the pipeline makes of it stays there.
      JavaRDD<Row> made =
          context.parallelize(numbers, Math.max(1, n)).flatMap(i -> sent.value().made(i, i + 1));
      Dataset<Row> scored =
          SavedPipeline.answered(model, member.model(), schema, RawRows.of(spark, schema, made));
      SavedPipeline.Reader reader = SavedPipeline.reader(scored, schema, member.model());
      List<Tuple2<Integer, double[]>> found = // some numbers per row
          reader
              .read(scored)
              .mapPartitionsWithIndex(
                  (i, answers) -> {
                    double[] means = sent.value().means(i, answers, outputs);
                    steps.add(1);
                    return List.of(new Tuple2<>(i, means)).iterator();
                  },
                  true)
              .collect();
      found.forEach(row -> all[row._1()] = row._2());
    } finally {
      progress.end();
      sent.destroy();
    }
    return all;
  }
}
