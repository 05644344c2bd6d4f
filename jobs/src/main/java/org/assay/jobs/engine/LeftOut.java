package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.inference.LeaveOneOutBootstrap;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.ByNumber;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Slicing;
import org.assay.metric.Loss;
import org.assay.metric.Value;
import scala.Tuple2;

/**
 * The leave-one-out bootstrap of the losses of some series, by slice: one pass over the predictions
 * of all replicates, and one over the draws for standard errors.
 *
 * <p>A task has a block, reads the predictions of a replicate at a time, and keeps numbers per row
 * and loss only. Sums are merged in the order of the blocks.
 */
public final class LeftOut {
  /** Blocks whose sums one task merges. */
  private static final int GROUP = 32;

  /** Estimates that a task of the second pass works on at once. */
  private static final int TOGETHER = 32;

  private LeftOut() {}

  /**
   * What is drawn.
   *
   * @param sizes number of rows of each stratum; one when there are no strata
   * @param units whether rows or whole groups are
   */
  public record Drawn(Placement placement, long[] sizes, Units units) implements Serializable {
    int stratum(Block block, int row) {
      return sizes.length == 1 ? 0 : placement.strata().of(block.label(row));
    }
  }

  /** Units of the draws. */
  public enum Units {
    ROWS,
    GROUPS
  }

  /**
   * An estimate.
   *
   * @param never rows that no replicate leaves out
   */
  public record Result(Value value, Value standardError, long never) {}

  /** By series, slice and loss: null where a series has no rows of a slice. */
  public record Results(Result[][][] found) {
    /** The result of a loss in a slice; null without rows. */
    public Result of(int series, int slice, int loss) {
      return found[series][slice] == null ? null : found[series][slice][loss];
    }
  }

  private record Task(
      List<List<CellFiles.Place>> series, List<Loss> losses, Slicing slicing, Drawn drawn)
      implements Serializable {
    int replicates() {
      return drawn.placement().design().replicates();
    }
  }

  /**
   * Measures.
   *
   * @param what the work as a person reads it
   * @param series the predictions of each series, by replicate
   */
  public static Results of(
      JavaSparkContext context,
      String what,
      Frame frame,
      CellFiles files,
      List<List<CellFiles.Place>> series,
      List<Loss> losses,
      Slicing slicing,
      Drawn drawn,
      Progress progress) {
    Task task = new Task(new ArrayList<>(series), new ArrayList<>(losses), slicing, drawn);
    Broadcast<Task> shared = context.broadcast(task);
    try {
      int groups = (frame.blockCount() + GROUP - 1) / GROUP;
      LeaveOneOutBootstrap[][][] sums = new LeaveOneOutBootstrap[series.size()][slicing.size()][];
      InOrder<LeaveOneOutBootstrap[][][]> merged = new InOrder<>(part -> merge(sums, part));
      Tasks.over(
          context,
          what + ": mean losses of the rows left out",
          frame
              .blocks()
              .mapToPair(
                  block ->
                      new Tuple2<>(
                          block.number() / GROUP,
                          new Tuple2<>(block.number(), losses(block, files, shared.value()))))
              .groupByKey(new ByNumber(groups))
              .values(),
          groups,
          group -> inOrder(group.next()),
          merged::receive,
          progress);
      return results(context, what, frame, shared, sums, progress);
    } finally {
      shared.destroy();
    }
  }

  private static LeaveOneOutBootstrap[][][] inOrder(
      Iterable<Tuple2<Integer, LeaveOneOutBootstrap[][][]>> blocks) {
    SortedMap<Integer, LeaveOneOutBootstrap[][][]> sorted = new TreeMap<>();
    blocks.forEach(block -> sorted.put(block._1(), block._2()));
    LeaveOneOutBootstrap[][][] sums = sorted.remove(sorted.firstKey());
    sorted.values().forEach(part -> merge(sums, part));
    return sums;
  }

  private static void merge(LeaveOneOutBootstrap[][][] sums, LeaveOneOutBootstrap[][][] part) {
    for (int s = 0; s < sums.length; s++) {
      for (int slice = 0; slice < sums[s].length; slice++) {
        if (sums[s][slice] == null) {
          sums[s][slice] = part[s][slice];
        } else if (part[s][slice] != null) {
          for (int l = 0; l < part[s][slice].length; l++) {
            sums[s][slice][l].merge(part[s][slice][l]);
          }
        }
      }
    }
  }

  /** Takes parts as they come and hands them on in order. */
  private static final class InOrder<T> {
    private final java.util.function.Consumer<T> next;
    private final SortedMap<Integer, T> early = new TreeMap<>();
    private int due;

    InOrder(java.util.function.Consumer<T> next) {
      this.next = next;
    }

    void receive(int number, T part) {
      early.put(number, part);
      while (!early.isEmpty() && early.firstKey() == due) {
        next.accept(early.remove(due++));
      }
    }
  }

  private static LeaveOneOutBootstrap[][][] losses(Block block, CellFiles files, Task task) {
    LeaveOneOutBootstrap[][][] sums =
        new LeaveOneOutBootstrap[task.series().size()][task.slicing().size()][];
    int[][] slices = new int[task.slicing().cuts()][];
    Arrays.setAll(slices, cut -> task.slicing().codes(cut, block));
    try (CellFiles.Reader reader = files.reader()) {
      for (int s = 0; s < sums.length; s++) {
        OfBlock one = new OfBlock(block, reader, task, task.series().get(s), slices, sums[s]);
        one.means();
        one.departures();
      }
    }
    return sums;
  }

  /** The losses of one series in one block. */
  private static final class OfBlock {
    private final Block block;
    private final CellFiles.Reader reader;
    private final Task task;
    private final List<CellFiles.Place> places;
    private final int[][] slices;
    private final LeaveOneOutBootstrap[][] sums;
    private final double[][] mean;

    OfBlock(
        Block block,
        CellFiles.Reader reader,
        Task task,
        List<CellFiles.Place> places,
        int[][] slices,
        LeaveOneOutBootstrap[][] sums) {
      this.block = block;
      this.reader = reader;
      this.task = task;
      this.places = places;
      this.slices = slices;
      this.sums = sums;
      this.mean = new double[task.losses().size()][block.size()];
    }

    private interface OfRow {
      void take(int row, double prediction, double[] scores);
    }

    private void each(int replicate, OfRow rows) {
      Predictions predictions = reader.read(places.get(replicate), block.number());
      double[] scores = predictions.width() == 0 ? null : new double[predictions.width()];
      for (int i = 0; i < predictions.size(); i++) {
        if (scores != null) {
          predictions.scores(i, scores);
        }
        rows.take(predictions.row()[i], predictions.prediction()[i], scores);
      }
    }

    private double loss(int loss, int row, double prediction, double[] scores) {
      return task.losses().get(loss).of(block.label(row), prediction, scores);
    }

    void means() {
      int[] times = new int[block.size()];
      for (int b = 0; b < places.size(); b++) {
        each(
            b,
            (row, prediction, scores) -> {
              times[row]++;
              for (int l = 0; l < mean.length; l++) {
                mean[l][row] += loss(l, row, prediction, scores);
              }
            });
      }
      for (int i = 0; i < block.size(); i++) {
        for (int l = 0; l < mean.length; l++) {
          mean[l][i] /= times[i]; // 0 / 0 of a row that is never left out is NaN
        }
        if (block.weight(i) > 0) {
          for (int[] cut : slices) {
            for (int l = 0; cut[i] >= 0 && l < mean.length; l++) {
              of(cut[i])[l].add(task.drawn().stratum(block, i), block.weight(i), mean[l][i]);
            }
          }
        }
      }
    }

    private LeaveOneOutBootstrap[] of(int slice) {
      if (sums[slice] == null) {
        sums[slice] = new LeaveOneOutBootstrap[mean.length];
        Arrays.setAll(
            sums[slice],
            l -> new LeaveOneOutBootstrap(task.replicates(), task.drawn().sizes().length));
      }
      return sums[slice];
    }

    void departures() {
      double[] factor =
          Arrays.stream(task.drawn().sizes()).mapToDouble(LeaveOneOutBootstrap::factor).toArray();
      for (int b = 0; b < places.size(); b++) {
        int replicate = b;
        int[] drawn = task.drawn().placement().weights(b, block);
        for (int i = 0; i < drawn.length; i++) {
          if (drawn[i] != 1 && block.weight(i) > 0) {
            for (int[] cut : slices) {
              for (int l = 0; cut[i] >= 0 && l < mean.length; l++) {
                if (!Double.isNaN(mean[l][i])) {
                  of(cut[i])[l].draw(b, drawn[i], block.weight(i), mean[l][i]);
                }
              }
            }
          }
        }
        each(
            b,
            (row, prediction, scores) -> {
              double weight = block.weight(row);
              double times = factor[task.drawn().stratum(block, row)] * weight;
              for (int l = 0; weight > 0 && l < mean.length; l++) {
                double departure = times * (loss(l, row, prediction, scores) - mean[l][row]);
                for (int[] cut : slices) {
                  if (cut[row] >= 0) {
                    of(cut[row])[l].depart(replicate, departure);
                  }
                }
              }
            });
      }
    }
  }

  private static Results results(
      JavaSparkContext context,
      String what,
      Frame frame,
      Broadcast<Task> shared,
      LeaveOneOutBootstrap[][][] sums,
      Progress progress) {
    List<LeaveOneOutBootstrap> all = new ArrayList<>();
    for (LeaveOneOutBootstrap[][] series : sums) {
      for (LeaveOneOutBootstrap[] slice : series) {
        if (slice != null) {
          all.addAll(Arrays.asList(slice));
        }
      }
    }
    Task task = shared.value();
    boolean known = task.drawn().units() == Units.ROWS;
    LeaveOneOutBootstrap.Influence influence =
        known ? influence(context, what, frame, shared, all, progress) : null;
    Result[][][] results = new Result[sums.length][task.slicing().size()][];
    int at = 0;
    for (int s = 0; s < sums.length; s++) {
      for (int slice = 0; slice < sums[s].length; slice++) {
        if (sums[s][slice] != null) {
          results[s][slice] = new Result[sums[s][slice].length];
          for (int l = 0; l < results[s][slice].length; l++) {
            LeaveOneOutBootstrap one = sums[s][slice][l];
            Value error =
                known
                    ? one.standardError(task.drawn().sizes(), influence, at)
                    : Value.undefined("its standard error is for rows that are drawn one by one");
            results[s][slice][l] = new Result(one.value(), error, one.never());
            at++;
          }
        }
      }
    }
    return new Results(results);
  }

  private static LeaveOneOutBootstrap.Influence influence(
      JavaSparkContext context,
      String what,
      Frame frame,
      Broadcast<Task> shared,
      List<LeaveOneOutBootstrap> all,
      Progress progress) {
    int replicates = shared.value().replicates();
    double[][] byReplicate = new double[replicates][all.size()];
    for (int k = 0; k < all.size(); k++) {
      double[] own = all.get(k).departures();
      for (int b = 0; b < replicates; b++) {
        byReplicate[b][k] = own[b];
      }
    }
    Broadcast<double[][]> departures = context.broadcast(byReplicate);
    LeaveOneOutBootstrap.Influence sum = new LeaveOneOutBootstrap.Influence(all.size(), replicates);
    InOrder<LeaveOneOutBootstrap.Influence> merged = new InOrder<>(sum::merge);
    try {
      Tasks.over(
          context,
          what + ": standard errors",
          frame.blocks(),
          frame.blockCount(),
          blocks ->
              influence(blocks.next(), shared.value().drawn().placement(), departures.value()),
          merged::receive,
          progress);
      return sum;
    } finally {
      departures.destroy();
    }
  }

  private static LeaveOneOutBootstrap.Influence influence(
      Block block, Placement placement, double[][] departures) {
    int replicates = departures.length;
    int estimates = departures[0].length;
    LeaveOneOutBootstrap.Influence sum = new LeaveOneOutBootstrap.Influence(estimates, replicates);
    for (int from = 0; from < estimates; from += TOGETHER) {
      int width = Math.min(TOGETHER, estimates - from);
      double[] means = new double[block.size() * width];
      for (int b = 0; b < replicates; b++) {
        int[] drawn = placement.weights(b, block);
        double[] own = departures[b];
        for (int i = 0; i < drawn.length; i++) {
          if (from == 0) {
            sum.draw(b, drawn[i]);
          }
          int more = drawn[i] - 1;
          for (int k = 0; more != 0 && k < width; k++) {
            means[i * width + k] += more * own[from + k];
          }
        }
      }
      for (int i = 0; i < means.length; i++) {
        sum.add(from + i % width, means[i] / replicates);
      }
    }
    return sum;
  }
}
