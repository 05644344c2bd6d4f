package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.fit.Examples;
import org.assay.importance.Attribution;
import org.assay.importance.FeatureGroups;
import org.assay.importance.Game;
import org.assay.importance.Interventional;
import org.assay.importance.Precision;
import org.assay.importance.Sage;
import org.assay.importance.Shapley;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.frame.RawRows;
import org.assay.metric.Loss;
import org.assay.metric.Target;
import org.assay.random.Keyed;

/**
 * Divides what fitted models say of some rows among the inputs of these. Rows to explain are drawn
 * from those that a model is tested on, the background from those that it was fitted to; a piece of
 * work is a few rows of one model, so that results do not depend on the cluster.
 */
public final class Attributions {

  /**
   * How much is done.
   *
   * @param rows to explain of each model, at most
   * @param background rows that stand in for what is not told, at most
   * @param pairs of orders of the inputs, an order and its reverse, where there are more inputs
   *     than are looked at in all orders
   */
  public record Size(int rows, int background, int pairs) implements Serializable {

    /** Whether all orders are looked at. */
    public boolean isExact(int players) {
      return players <= Shapley.MOST;
    }

    /** How a game of so many players is played, for people. */
    public String describe(int players) {
      return (isExact(players)
              ? "all orders of " + players + " inputs"
              : pairs + " pairs of orders of " + players + " inputs")
          + " for each of "
          + rows
          + " rows at most, against "
          + background
          + " background rows at most";
    }
  }

  /**
   * What was found of the rows of a model.
   *
   * @param value by row and input
   * @param error by row and input, the standard error of the draw of orders; 0 when exact
   * @param weight of the rows
   * @param none by row, what is said when nothing is told; the mean over outputs
   * @param all by row, what is said when all is told; the mean over outputs
   * @param pairs of orders for each row; 0 for all orders
   * @param background number of background rows
   * @param evaluations rows that the model answered
   */
  public record ByRow(
      double[][] value,
      double[][] error,
      double[] weight,
      double[] none,
      double[] all,
      int pairs,
      int background,
      long evaluations)
      implements Serializable {}

  /** Rows of a piece of work. */
  private static final int PIECE = 8;

  private final JavaSparkContext context;
  private final Frame frame;
  private final CellFiles files;
  private final List<InputSet> players;
  private final Size size;
  private final Keyed function;
  private final Progress progress;

  /**
   * Divides among these inputs.
   *
   * @param players sets of inputs, none in two
   * @param seed of the draws of rows and of orders
   */
  public Attributions(
      JavaSparkContext context,
      Frame frame,
      CellFiles files,
      List<InputSet> players,
      Size size,
      long seed,
      Progress progress) {
    this.context = context;
    this.frame = frame;
    this.files = files;
    this.players = List.copyOf(players);
    this.size = size;
    this.function = Keyed.of(seed, "importance attributions");
    this.progress = progress;
  }

  /** The game of a row, given that of what a model says of it. */
  private interface Question extends Serializable {
    Game of(Game told, double label);
  }

  /** What is taken of an input's contributions to outputs. */
  private enum Take {
    SIZE,
    VALUE
  }

  /** A model with its rows, for tasks. */
  private record Task(
      ModelFunction function, FeatureGroups groups, Examples rows, Examples background, Size size)
      implements Serializable {}

  private record Piece(int member, int from, int to) implements Serializable {}

  /**
   * Sizes of contributions to the predictions: to the score, on average to those of all classes, or
   * to the number.
   */
  public List<ByRow> shapley(String what, List<Explainer.Member> members) {
    return of(what, members, (told, label) -> told, Take.SIZE);
  }

  /**
   * What inputs take off the mean of a loss: of a model that gives its mean over the background for
   * what it is not told.
   *
   * @param loss of a label, a prediction (the class of the largest mean score) and mean scores
   * @param sign -1 for a mean of what is to be large
   */
  public List<ByRow> sage(
      String what, List<Explainer.Member> members, Target target, Loss loss, int sign) {
    Sage.OutputLoss own = new OfOutputs(loss, target, sign);
    return of(what, members, (told, label) -> Sage.ofRow(told, own, label), Take.VALUE);
  }

  /** A loss of what a model says on average. */
  private record OfOutputs(Loss loss, Target target, int sign) implements Sage.OutputLoss {
    @Override
    public double of(double label, double[] outputs, int at) {
      if (!target.task().isClassification()) {
        return sign * loss.of(label, outputs[at], new double[0]);
      }
      int width = target.classes() == 2 ? 1 : target.classes();
      double[] scores = Arrays.copyOfRange(outputs, at, at + width);
      int best = width == 1 && scores[0] > 0.5 ? 1 : 0;
      for (int c = 1; c < width; c++) {
        best = scores[c] > scores[best] ? c : best;
      }
      return sign * loss.of(label, best, scores);
    }
  }

  private List<ByRow> of(
      String what, List<Explainer.Member> members, Question question, Take take) {
    if (members.get(0).isPipeline()) {
      List<ByRow> all = new ArrayList<>();
      members.forEach(member -> all.add(pipeline(what, member, question, take)));
      return all;
    }
    List<DrawnRows.From> from = DrawnRows.from(members, files, frame.schema());
    List<Examples> rows =
        DrawnRows.examples(
            context,
            frame,
            from,
            RawRows.Part.TEST,
            size.rows(),
            function.derive(0),
            what + ": draw rows");
    List<Examples> background =
        DrawnRows.examples(
            context,
            frame,
            from,
            RawRows.Part.TRAIN,
            size.background(),
            function.derive(1),
            what + ": draw a background");
    List<Task> tasks = new ArrayList<>();
    List<int[]> numbers = new ArrayList<>(); // of each model, the players that it knows
    List<Piece> pieces = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      Preparation preparation = from.get(m).fitted().preparation();
      int[] starts = preparation.starts();
      List<String> names = new ArrayList<>();
      List<int[]> columns = new ArrayList<>();
      List<Integer> known = new ArrayList<>();
      for (int p = 0; p < players.size(); p++) {
        int[] own =
            Arrays.stream(players.get(p).features())
                .flatMap(f -> IntStream.range(starts[f], starts[f + 1]))
                .toArray();
        if (own.length > 0) {
          names.add(Integer.toString(p));
          columns.add(own);
          known.add(p);
        }
      }
      numbers.add(known.stream().mapToInt(Integer::intValue).toArray());
      tasks.add(
          new Task(
              new ModelFunction(from.get(m).fitted()),
              new FeatureGroups(preparation.width(), names, columns.toArray(int[][]::new)),
              rows.get(m),
              background.get(m),
              size));
      for (int at = 0; at < rows.get(m).size(); at += PIECE) {
        pieces.add(new Piece(m, at, Math.min(rows.get(m).size(), at + PIECE)));
      }
    }
    Broadcast<List<Task>> sent = context.broadcast(tasks);
    Keyed orders = function.derive(2);
    Found[] found = new Found[pieces.size()];
    Broadcast<List<Piece>> where = context.broadcast(pieces);
    try {
      Tasks.run(
          context,
          what,
          pieces.size(),
          number -> found(sent.value(), where.value().get(number), question, take, orders),
          (number, one) -> found[number] = one,
          progress);
    } finally {
      sent.destroy();
      where.destroy();
    }
    List<ByRow> all = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      all.add(together(m, numbers.get(m), tasks.get(m), pieces, found));
    }
    return all;
  }

  /** What is known of the rows of a piece. */
  private record Found(double[][][] rows, long evaluations) implements Serializable {}

  private static Found found(
      List<Task> tasks, Piece piece, Question question, Take take, Keyed orders) {
    Task task = tasks.get(piece.member());
    double[][][] rows = new double[piece.to() - piece.from()][][];
    Interventional game =
        new Interventional(
            task.function(), task.groups(), task.background().features(), task.background().size());
    for (int i = 0; i < rows.length; i++) {
      int row = piece.from() + i;
      game.explain(task.rows().features(), row);
      Game own = question.of(game, task.rows().label()[row]);
      rows[i] = taken(play(own, task.size(), orders.derive(row)), take);
    }
    return new Found(rows, game.evaluations());
  }

  private static Attribution play(Game game, Size size, Keyed orders) {
    return size.isExact(game.players())
        ? Shapley.exact(game)
        : Shapley.sampled(game, orders, Precision.fixed(size.pairs()));
  }

  /** The same of a saved pipeline. */
  private ByRow pipeline(String what, Explainer.Member member, Question question, Take take) {
    PipelineGames games = new PipelineGames(context, frame, files, member, players);
    int outputs = games.outputs();
    List<DrawnRows.From> from =
        List.of(new DrawnRows.From(member.placement(), member.replicate(), null));
    List<DrawnRows.Drawn> rows =
        DrawnRows.of(
                context,
                frame,
                from,
                RawRows.Part.TEST,
                size.rows(),
                function.derive(0),
                what + ": draw rows")
            .get(0);
    List<DrawnRows.Drawn> background =
        DrawnRows.of(
                context,
                frame,
                from,
                RawRows.Part.TRAIN,
                size.background(),
                function.derive(1),
                what + ": draw a background")
            .get(0);
    Keyed orders = function.derive(2);
    List<List<BitSet>> coalitions = new ArrayList<>();
    long evaluations = 0;
    for (int i = 0; i < rows.size(); i++) {
      PipelineGames.Asked asked = new PipelineGames.Asked(players.size(), outputs);
      play(question.of(asked, rows.get(i).label()), size, orders.derive(i));
      coalitions.add(asked.coalitions());
      evaluations += (long) asked.coalitions().size() * background.size();
    }
    double[][] answers =
        games.answers(
            what,
            rows.stream().map(DrawnRows.Drawn::raw).toList(),
            background.stream().map(DrawnRows.Drawn::raw).toList(),
            coalitions,
            outputs,
            progress);
    int n = rows.size();
    ByRow all =
        new ByRow(
            new double[n][],
            new double[n][],
            rows.stream().mapToDouble(DrawnRows.Drawn::weight).toArray(),
            new double[n],
            new double[n],
            size.isExact(players.size()) ? 0 : size.pairs(),
            background.size(),
            evaluations);
    for (int i = 0; i < n; i++) {
      Game told = new PipelineGames.Answered(players.size(), outputs, answers[i]);
      double[][] found =
          taken(play(question.of(told, rows.get(i).label()), size, orders.derive(i)), take);
      all.value()[i] = found[0];
      all.error()[i] = found[1];
      all.none()[i] = found[2][0];
      all.all()[i] = found[2][1];
    }
    return all;
  }

  /** By input, values and errors, on average over outputs; then what nobody and all are worth. */
  private static double[][] taken(Attribution found, Take take) {
    int outputs = found.all().length;
    double[][] taken = new double[3][found.value().length];
    for (int p = 0; p < found.value().length; p++) {
      for (int k = 0; k < outputs; k++) {
        double value = found.value()[p][k];
        taken[0][p] += (take == Take.SIZE ? Math.abs(value) : value) / outputs;
        taken[1][p] += found.standardError()[p][k] / outputs;
      }
    }
    taken[2] =
        new double[] {
          Arrays.stream(found.none()).average().orElse(0),
          Arrays.stream(found.all()).average().orElse(0)
        };
    return taken;
  }

  private ByRow together(int member, int[] known, Task task, List<Piece> pieces, Found[] found) {
    int n = task.rows().size();
    double[][] value = new double[n][players.size()];
    double[][] error = new double[n][players.size()];
    double[] none = new double[n];
    double[] all = new double[n];
    long evaluations = 0;
    for (int k = 0; k < pieces.size(); k++) {
      Piece piece = pieces.get(k);
      if (piece.member() != member) {
        continue;
      }
      evaluations += found[k].evaluations();
      for (int i = piece.from(); i < piece.to(); i++) {
        double[][] row = found[k].rows()[i - piece.from()];
        for (int p = 0; p < known.length; p++) {
          value[i][known[p]] = row[0][p];
          error[i][known[p]] = row[1][p];
        }
        none[i] = row[2][0];
        all[i] = row[2][1];
      }
    }
    return new ByRow(
        value,
        error,
        task.rows().weight(),
        none,
        all,
        size.isExact(known.length) ? 0 : size.pairs(),
        task.background().size(),
        evaluations);
  }
}
