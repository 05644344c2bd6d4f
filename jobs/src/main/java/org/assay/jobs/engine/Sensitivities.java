package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.fit.Examples;
import org.assay.importance.Sensitivity;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Feature;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.RawRows;
import org.assay.random.Keyed;

/**
 * What fitted models say when one number of a row is moved and the others stay: of rows drawn from
 * those that they are tested on, by steps in standard deviations of those that they were fitted to.
 * Rows count alike, whatever their weights.
 */
public final class Sensitivities {

  /**
   * What was found of a model with one size of steps.
   *
   * @param slope by feature of the frame: half of the mean change from below to above; NaN for more
   *     than one output
   * @param swing by feature: half of the mean size of that change, on average over outputs
   * @param error by feature, the standard error of the swing
   * @param n rows
   * @param evaluations rows that the model answered
   */
  public record Found(double[] slope, double[] swing, double[] error, long n, long evaluations) {}

  private record Piece(int member, int step, int from, int to) implements Serializable {}

  /** A model with rows to move, for tasks. */
  private record Task(ModelFunction function, Examples rows, double[][] steps)
      implements Serializable {
    Sensitivity of(Piece piece) {
      int width = rows.width();
      Sensitivity found = new Sensitivity(steps[piece.step()], function.outputs());
      found.add(
          function,
          Arrays.copyOfRange(rows.features(), piece.from() * width, piece.to() * width),
          piece.to() - piece.from());
      return found;
    }
  }

  /** Rows of a piece of work. */
  private static final int PIECE = 64;

  private Sensitivities() {}

  /**
   * Moves rows.
   *
   * @param steps in standard deviations
   * @param rows of each model, at most
   * @return by member and step
   */
  public static List<List<Found>> of(
      String what,
      JavaSparkContext context,
      Frame frame,
      CellFiles files,
      List<Explainer.Member> members,
      double[] steps,
      int rows,
      long seed,
      Progress progress) {
    List<DrawnRows.From> from = DrawnRows.from(members, files, frame.schema());
    List<Examples> drawn =
        DrawnRows.examples(
            context,
            frame,
            from,
            RawRows.Part.TEST,
            rows,
            Keyed.of(seed, "importance sensitivity"),
            what + ": draw rows");
    double[][] deviations = Spread.of(context, frame, from);
    List<Task> tasks = new ArrayList<>();
    List<Piece> pieces = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      int[] starts = from.get(m).fitted().preparation().starts();
      double[][] moves = new double[steps.length][deviations[m].length];
      for (int f = 0; f < starts.length - 1; f++) {
        if (frame.schema().features().get(f).kind() != Feature.Kind.TEXT) {
          for (int j = starts[f]; j < starts[f + 1]; j++) {
            for (int s = 0; s < steps.length; s++) {
              moves[s][j] = steps[s] * deviations[m][j];
            }
          }
        }
      }
      tasks.add(new Task(new ModelFunction(from.get(m).fitted()), drawn.get(m), moves));
      for (int s = 0; s < steps.length; s++) {
        for (int at = 0; at < drawn.get(m).size(); at += PIECE) {
          pieces.add(new Piece(m, s, at, Math.min(drawn.get(m).size(), at + PIECE)));
        }
      }
    }
    Sensitivity[][] all = new Sensitivity[members.size()][steps.length];
    Broadcast<List<Task>> sent = context.broadcast(tasks);
    Broadcast<List<Piece>> where = context.broadcast(pieces);
    try {
      Tasks.run(
          context,
          what,
          pieces.size(),
          number -> {
            Piece piece = where.value().get(number);
            return sent.value().get(piece.member()).of(piece);
          },
          (number, one) -> {
            // Exact sums: in any order.
            Piece piece = pieces.get(number);
            if (all[piece.member()][piece.step()] == null) {
              all[piece.member()][piece.step()] = one;
            } else {
              all[piece.member()][piece.step()].merge(one);
            }
          },
          progress);
    } finally {
      sent.destroy();
      where.destroy();
    }
    List<List<Found>> found = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      int[] starts = from.get(m).fitted().preparation().starts();
      int outputs = tasks.get(m).function().outputs();
      List<Found> own = new ArrayList<>();
      for (int s = 0; s < steps.length; s++) {
        own.add(found(all[m][s], starts, outputs));
      }
      found.add(own);
    }
    return found;
  }

  private static Found found(Sensitivity all, int[] starts, int outputs) {
    int features = starts.length - 1;
    double[] slope = new double[features];
    double[] swing = new double[features];
    double[] error = new double[features];
    for (int f = 0; f < features; f++) {
      for (int j = starts[f]; j < starts[f + 1]; j++) {
        for (int k = 0; k < outputs; k++) {
          slope[f] += outputs == 1 ? all.slopes().value(j, k) : Double.NaN;
          swing[f] += all.swings().value(j, k) / outputs;
          error[f] += all.swings().standardError(j, k) / outputs;
        }
      }
    }
    return new Found(slope, swing, error, all.slopes().count(), all.slopes().evaluations());
  }
}
