package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.bootstrap.Cut;
import org.assay.bootstrap.Scored;
import org.assay.bootstrap.Units;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Slicing;
import org.assay.jobs.frame.Strata;

/**
 * The rows of a frame that all models of a job answer, in canonical order, as plain arrays on the
 * driver: what is broadcast when work is cut by replicates.
 *
 * @param label class code or number of each item
 * @param weight of each item; null when all are 1
 * @param key of each item
 * @param group key of the group of each item; null without groups
 * @param stratum of each item; null without strata
 * @param scored what each model says of them
 * @param code slice of each item within each of the frame's cuts, from the cut's first, or -1
 */
public record Items(
    double[] label,
    double[] weight,
    long[] key,
    long[] group,
    int[] stratum,
    List<Scored> scored,
    int[][] code) {

  /** The part of one block. */
  private record Share(
      double[] label,
      double[] weight,
      long[] key,
      long[] group,
      int[] stratum,
      double[][] prediction,
      double[][] scores,
      int[][] code)
      implements Serializable {}

  /** Number of items. */
  public int size() {
    return label.length;
  }

  /** Bytes of the arrays for this many items, and as much again while they are prepared. */
  public static long bytes(long items, List<Answers> models, int cuts) {
    long each = 8 + 8 + 8 + 8 + 4 + 4L * cuts;
    for (Answers model : models) {
      each += 8 + 8L * model.width();
    }
    return 2 * items * each;
  }

  /**
   * The answers of one model: those of each member are of other rows than the others'.
   *
   * @param width scores per row: 0, 1 (binary) or the number of classes
   */
  public record Answers(List<Measurement.Member> members, int width) implements Serializable {}

  /**
   * Gathers the items.
   *
   * @param strata how rows are stratified; null when they are not
   */
  public static Items of(
      JavaSparkContext context,
      Frame frame,
      CellFiles files,
      List<Answers> models,
      Slicing slicing,
      Strata strata) {
    Broadcast<Slicing> cuts = context.broadcast(slicing);
    List<Answers> answers = new ArrayList<>(models);
    boolean weighted = frame.schema().data().weight().isPresent();
    boolean grouped = frame.schema().data().group().isPresent();
    List<Share> shares = // the planner has checked that they fit
        frame
            .blocks()
            .map(block -> share(block, files, answers, cuts.value(), strata, weighted, grouped))
            .collect();
    cuts.destroy();
    int cutCount = slicing.cuts();
    List<Scored> scored = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      int model = m;
      scored.add(
          new Scored(
              models.get(m).members().get(0).target(),
              doubles(shares.stream().map(s -> s.prediction()[model]).toList()),
              models.get(m).width(),
              doubles(shares.stream().map(s -> s.scores()[model]).toList())));
    }
    int[][] code = new int[cutCount][];
    for (int c = 0; c < cutCount; c++) {
      int cut = c;
      code[c] = shares.stream().map(s -> s.code()[cut]).flatMapToInt(Arrays::stream).toArray();
    }
    return new Items(
        doubles(shares.stream().map(Share::label).toList()),
        weighted ? doubles(shares.stream().map(Share::weight).toList()) : null,
        shares.stream().map(Share::key).flatMapToLong(Arrays::stream).toArray(),
        grouped ? shares.stream().map(Share::group).flatMapToLong(Arrays::stream).toArray() : null,
        strata == null
            ? null
            : shares.stream().map(Share::stratum).flatMapToInt(Arrays::stream).toArray(),
        scored,
        code);
  }

  private static double[] doubles(List<double[]> parts) {
    double[] all = new double[parts.stream().mapToInt(p -> p.length).sum()];
    int at = 0;
    for (double[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static Share share(
      Block block,
      CellFiles files,
      List<Answers> models,
      Slicing slicing,
      Strata strata,
      boolean weighted,
      boolean grouped) {
    int n = block.size();
    int[] answered = new int[n];
    double[][] prediction = new double[models.size()][n];
    double[][] scores = new double[models.size()][];
    for (int m = 0; m < models.size(); m++) {
      int width = models.get(m).width();
      scores[m] = new double[n * width];
      for (Measurement.Member member : models.get(m).members()) {
        Predictions predictions = Measurement.predictions(block, files, member);
        for (int i = 0; i < predictions.size(); i++) {
          int row = predictions.row()[i];
          answered[row]++;
          prediction[m][row] = predictions.prediction()[i];
          System.arraycopy(predictions.scores(), i * width, scores[m], row * width, width);
        }
      }
    }
    int kept = 0;
    int[] rows = new int[n];
    for (int i = 0; i < n; i++) {
      if (answered[i] == models.size()) {
        rows[kept++] = i;
      }
    }
    int size = kept;
    double[] label = new double[size];
    double[] weight = weighted ? new double[size] : null;
    long[] key = new long[size];
    long[] group = grouped ? new long[size] : null;
    int[] stratum = strata == null ? null : new int[size];
    int[][] code = new int[slicing.cuts()][size];
    for (int c = 0; c < code.length; c++) {
      int[] all = slicing.codes(c, block);
      for (int j = 0; j < size; j++) {
        code[c][j] = all[rows[j]];
      }
    }
    for (int j = 0; j < size; j++) {
      int i = rows[j];
      label[j] = block.label(i);
      key[j] = block.key(i);
      if (weighted) {
        weight[j] = block.weight(i);
      }
      if (grouped) {
        group[j] = block.group(i);
      }
      if (strata != null) {
        stratum[j] = strata.of(label[j]);
      }
    }
    for (int m = 0; m < models.size() && size < n; m++) {
      int width = models.get(m).width();
      for (int j = 0; j < size; j++) {
        prediction[m][j] = prediction[m][rows[j]];
        System.arraycopy(scores[m], rows[j] * width, scores[m], j * width, width);
      }
      prediction[m] = Arrays.copyOf(prediction[m], size);
      scores[m] = Arrays.copyOf(scores[m], size * width);
    }
    return new Share(label, weight, key, group, stratum, prediction, scores, code);
  }

  /** What a bootstrap draws: items, or whole groups, within strata. */
  public Units units() {
    return Units.of(key, group, stratum);
  }

  /** Number of items in each slice. */
  public long[] counts(int slices) {
    long[] counts = new long[slices];
    for (int[] cut : code) {
      for (int slice : cut) {
        if (slice >= 0) {
          counts[slice]++;
        }
      }
    }
    return counts;
  }

  /** The cuts, as far as their slices are in [from, to), renumbered from 0. */
  public List<Cut> cuts(int from, int to) {
    List<Cut> cuts = new ArrayList<>();
    for (int[] cut : code) {
      int low = Integer.MAX_VALUE;
      int high = -1;
      for (int slice : cut) {
        if (slice >= from && slice < to) {
          low = Math.min(low, slice);
          high = Math.max(high, slice);
        }
      }
      if (high < 0) {
        continue;
      }
      if (low == 0) {
        cuts.add(Cut.ALL);
        continue;
      }
      int size = high - low + 1;
      int[] within = new int[cut.length];
      for (int i = 0; i < cut.length; i++) {
        within[i] = cut[i] >= low && cut[i] <= high ? cut[i] - low : size;
      }
      cuts.add(new Cut(low - from, size, within));
    }
    return cuts;
  }
}
