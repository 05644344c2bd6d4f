package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.bootstrap.Cut;
import org.assay.bootstrap.Scored;
import org.assay.bootstrap.Units;
import org.assay.jobs.Progress;
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
    int[][] code)
    implements Serializable {

  /** Bytes of results that tasks send to the driver in one job. */
  private static final long CHUNK = 256L << 20;

  /** Number of items. */
  public int size() {
    return label.length;
  }

  /**
   * The answers of one model: those of each member are of other rows than the others'.
   *
   * @param width scores per row: 0, 1 (binary) or the number of classes
   */
  public record Answers(List<Measurement.Member> members, int width) implements Serializable {}

  /**
   * How to make items of the rows of a block.
   *
   * @param files where cells are; null when all answers are part of the data
   * @param strata how rows are stratified; null when they are not
   */
  public record Reader(
      CellFiles files,
      List<Answers> models,
      Slicing slicing,
      Strata strata,
      boolean weighted,
      boolean grouped)
      implements Serializable {

    /** A reader of a frame's blocks. */
    public static Reader of(
        Frame frame, CellFiles files, List<Answers> models, Slicing slicing, Strata strata) {
      return new Reader(
          files,
          new ArrayList<>(models),
          slicing,
          strata,
          frame.schema().data().weight().isPresent(),
          frame.schema().data().group().isPresent());
    }

    /** No items. */
    Items none() {
      return new Items(
          new double[0],
          weighted ? new double[0] : null,
          new long[0],
          grouped ? new long[0] : null,
          strata == null ? null : new int[0],
          models.stream().map(m -> scored(m, new double[0], new double[0])).toList(),
          new int[slicing.cuts()][0]);
    }

    private static Scored scored(Answers model, double[] prediction, double[] scores) {
      return new Scored(model.members().get(0).target(), prediction, model.width(), scores);
    }

    /** The rows of a block that all models answer. */
    Items read(Block block) {
      int n = block.size();
      int[] answered = new int[n];
      List<Scored> scored = new ArrayList<>();
      try (CellFiles.Reader reader = files == null ? null : files.reader()) {
        for (Answers model : models) {
          int width = model.width();
          Scored all = scored(model, new double[n], new double[n * width]);
          for (Measurement.Member member : model.members()) {
            Predictions predictions = Measurement.predictions(block, reader, member);
            for (int i = 0; i < predictions.size(); i++) {
              int row = predictions.row()[i];
              answered[row]++;
              if (answered[row] > scored.size() + 1) {
                throw new IllegalStateException("row " + row + " is answered twice by a model");
              }
              all.prediction()[row] = predictions.prediction()[i];
              System.arraycopy(predictions.scores(), i * width, all.scores(), row * width, width);
            }
          }
          scored.add(all);
        }
      }
      double[] label = new double[n];
      double[] weight = weighted ? new double[n] : null;
      long[] group = grouped ? new long[n] : null;
      int[] stratum = strata == null ? null : new int[n];
      int[][] code = new int[slicing.cuts()][];
      Arrays.setAll(code, cut -> slicing.codes(cut, block));
      for (int i = 0; i < n; i++) {
        label[i] = block.label(i);
        if (weighted) {
          weight[i] = block.weight(i);
        }
        if (grouped) {
          group[i] = block.group(i);
        }
        if (strata != null) {
          stratum[i] = strata.of(label[i]);
        }
      }
      Items all = new Items(label, weight, block.distinctKeys(), group, stratum, scored, code);
      int[] kept = IntStream.range(0, n).filter(i -> answered[i] == models.size()).toArray();
      return kept.length == n ? all : all.select(kept, 0, kept.length);
    }
  }

  /**
   * Gathers the items on the driver.
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
    Broadcast<Reader> reader = context.broadcast(Reader.of(frame, files, models, slicing, strata));
    int rows = Math.toIntExact(frame.rows()); // the planner has checked that they fit
    Items all = reader.value().none().room(rows);
    int[] sizes = new int[frame.blockCount()];
    long each = all.bytes() / Math.max(1, rows);
    int from = 0;
    while (from < sizes.length) {
      int first = from;
      int to = from + 1;
      while (to < sizes.length && (frame.start(to + 1) - frame.start(from)) * each < CHUNK) {
        to++;
      }
      Tasks.over(
          context,
          context.getLocalProperty("spark.job.description"),
          frame.blocks(),
          IntStream.range(from, to),
          blocks -> reader.value().read(blocks.next()),
          (block, items) -> {
            sizes[first + block] = items.size();
            all.put((int) frame.start(first + block), items);
          },
          Progress.silent());
      from = to;
    }
    reader.destroy();
    int size = Arrays.stream(sizes).sum();
    if (size == rows) {
      return all;
    }
    int[] kept =
        IntStream.range(0, sizes.length)
            .flatMap(b -> IntStream.range(0, sizes[b]).map(i -> (int) frame.start(b) + i))
            .toArray();
    return all.select(kept, 0, size);
  }

  /** Room for so many items of this kind. */
  private Items room(int n) {
    return new Items(
        new double[n],
        weight == null ? null : new double[n],
        new long[n],
        group == null ? null : new long[n],
        stratum == null ? null : new int[n],
        scored.stream()
            .map(
                s ->
                    new Scored(
                        s.target(),
                        s.prediction() == null ? null : new double[n],
                        s.width(),
                        new double[Math.multiplyExact(n, s.width())]))
            .toList(),
        new int[code.length][n]);
  }

  /** Bytes of the arrays. */
  private long bytes() {
    long each = 16 + (weight == null ? 0 : 8) + (group == null ? 0 : 8) + 4L * code.length;
    each += stratum == null ? 0 : 4;
    for (Scored s : scored) {
      each += (s.prediction() == null ? 0 : 8) + 8L * s.width();
    }
    return each * size();
  }

  /** Copies items of the same kind to their place among these. */
  private void put(int at, Items items) {
    int n = items.size();
    System.arraycopy(items.label, 0, label, at, n);
    System.arraycopy(items.key, 0, key, at, n);
    if (weight != null) {
      System.arraycopy(items.weight, 0, weight, at, n);
    }
    if (group != null) {
      System.arraycopy(items.group, 0, group, at, n);
    }
    if (stratum != null) {
      System.arraycopy(items.stratum, 0, stratum, at, n);
    }
    for (int m = 0; m < scored.size(); m++) {
      Scored to = scored.get(m);
      Scored from = items.scored.get(m);
      if (to.prediction() != null) {
        System.arraycopy(from.prediction(), 0, to.prediction(), at, n);
      }
      System.arraycopy(from.scores(), 0, to.scores(), at * to.width(), n * to.width());
    }
    for (int c = 0; c < code.length; c++) {
      System.arraycopy(items.code[c], 0, code[c], at, n);
    }
  }

  /** All these items of one kind, in their order. */
  static Items concatenated(Items kind, List<Items> parts) {
    Items all = kind.room(Math.toIntExact(parts.stream().mapToLong(Items::size).sum()));
    int at = 0;
    for (Items part : parts) {
      all.put(at, part);
      at += part.size();
    }
    return all;
  }

  /** The items {@code rows[from .. to)}, in that order. */
  Items select(int[] rows, int from, int to) {
    Items some = room(to - from);
    for (int j = 0; j < some.size(); j++) {
      int i = rows[from + j];
      some.label[j] = label[i];
      some.key[j] = key[i];
      if (weight != null) {
        some.weight[j] = weight[i];
      }
      if (group != null) {
        some.group[j] = group[i];
      }
      if (stratum != null) {
        some.stratum[j] = stratum[i];
      }
      for (int c = 0; c < code.length; c++) {
        some.code[c][j] = code[c][i];
      }
    }
    for (int m = 0; m < scored.size(); m++) {
      Scored all = scored.get(m);
      int width = all.width();
      for (int j = 0; j < some.size(); j++) {
        int i = rows[from + j];
        if (all.prediction() != null) {
          some.scored.get(m).prediction()[j] = all.prediction()[i];
        }
        System.arraycopy(all.scores(), i * width, some.scored.get(m).scores(), j * width, width);
      }
    }
    return some;
  }

  /** What the order of one model's scores needs; the unit's key is each item's key. */
  Items ranked(int model) {
    Scored s = scored.get(model);
    return new Items(
        label,
        null,
        group == null ? key : group,
        null,
        null,
        List.of(new Scored(s.target(), null, s.width(), s.scores())),
        code);
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
  public List<Cut> cuts(Slicing slicing, int from, int to) {
    List<Cut> cuts = new ArrayList<>();
    for (int c = 0; c < code.length; c++) {
      int low = Math.max(from, slicing.first(c));
      int high = Math.min(to, slicing.first(c + 1));
      if (low >= high) {
        continue;
      }
      if (c == 0) {
        cuts.add(Cut.ALL);
        continue;
      }
      int[] within = new int[size()];
      for (int i = 0; i < within.length; i++) {
        int slice = code[c][i];
        within[i] = slice >= low && slice < high ? slice - low : high - low;
      }
      cuts.add(new Cut(low - from, high - low, within));
    }
    return cuts;
  }
}
