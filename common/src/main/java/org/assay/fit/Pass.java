package org.assay.fit;

import java.util.List;

/**
 * Adds blocks of rows to the sums of many fits: the loops where the time of the engine goes.
 *
 * <p>For eight rows at a time the products of all pairs of terms are formed once; every weight
 * vector of every fit then adds them up. Per row and fit that is (p + 1)(p + 2) / 2 multiplications
 * in a loop over arrays that stay near the processor. Where every row is added to one fit's sums
 * only, products are not stored. Memory does not depend on the number of rows.
 *
 * <p>Deterministic: the order of additions of one fit depends on the block alone, not on the other
 * fits of the pass. Not thread-safe: one instance per thread.
 */
public final class Pass {
  /** Rows of a cell at least, on average, for what merging cells costs to be small. */
  private static final int CELL = 16;

  private final Tile tile;
  private double[][] curvatures = {};
  private double[][] slopes = {};

  /** Passes over rows that are centred so. */
  public Pass(Center center) {
    tile = new Tile(center);
  }

  /** Adds a block to one fit's sums; {@code times} says how often each row counts. */
  public void add(Examples block, double[] times, Sums sums) {
    add(block, List.of(times), List.of(sums));
  }

  /**
   * Adds a block to the sums of many fits.
   *
   * @param times for each of the sums: how often each row counts, 0 or more
   */
  public void add(Examples block, List<double[]> times, List<? extends Sums> sums) {
    if (times.size() != sums.size()) {
      throw new IllegalArgumentException(
          "counts for " + times.size() + " fits and sums for " + sums.size());
    }
    if (block.width() != tile.width) {
      throw new IllegalArgumentException(
          "a block with " + block.width() + " features: must be " + tile.width);
    }
    curvatures = room(curvatures, sums.stream().mapToInt(s -> s.curvature.length).sum());
    slopes = room(slopes, sums.stream().mapToInt(s -> s.slope.length).sum());
    double[][][] curvaturesOf = new double[sums.size()][][];
    double[][][] slopesOf = new double[sums.size()][][];
    int curved = 0;
    int sloped = 0;
    for (int f = 0; f < sums.size(); f++) {
      Sums s = sums.get(f);
      if (times.get(f).length != block.size()) {
        throw new IllegalArgumentException(
            "counts for " + times.get(f).length + " rows: must be " + block.size());
      }
      curvaturesOf[f] =
          java.util.Arrays.copyOfRange(curvatures, curved, curved += s.curvature.length);
      slopesOf[f] = java.util.Arrays.copyOfRange(slopes, sloped, sloped += s.slope.length);
    }
    for (int first = 0; first < block.size(); first += Tile.ROWS) {
      tile.load(block, first, block.size());
      for (int f = 0; f < sums.size(); f++) {
        sums.get(f).weigh(tile, times.get(f), curvaturesOf[f], slopesOf[f]);
        clear(curvaturesOf[f]);
        clear(slopesOf[f]);
      }
      for (int group = 0; group < tile.rows; group += Tile.GROUP) {
        if (curved > 0) {
          tile.multiply(group);
        }
        for (int f = 0; f < sums.size(); f++) {
          Sums s = sums.get(f);
          for (int c = 0; c < s.curvature.length; c++) {
            accumulate(tile.product, 0, curvaturesOf[f][c], group, s.curvature[c]);
          }
          for (int c = 0; c < s.slope.length; c++) {
            accumulate(tile.row, group, slopesOf[f][c], group, s.slope[c]);
          }
        }
      }
    }
  }

  /**
   * Adds each row of a block to the sums of its part (a fold, or a small group of rows that is in
   * all folds as a whole), once.
   *
   * @param part of each row; below 0 for rows of none
   * @param parts sums of each part
   */
  public void addByPart(Examples block, int[] part, List<? extends Sums> parts) {
    int[] start = starts(part, parts.size());
    Examples sorted = sorted(block, part, start);
    double[] ones = ones(block.size());
    for (int p = 0; p < parts.size(); p++) {
      addOnce(sorted, start[p], start[p + 1], ones, parts.get(p));
    }
  }

  /**
   * How many divisions of a block into so many parts are best summed together: the more, the fewer
   * sums, until few rows are together in all of them.
   */
  public static int together(int rows, int parts) {
    int together = 1;
    for (double cells = parts + 1.0; cells * (parts + 1) <= rows / (double) CELL; together++) {
      cells *= parts + 1;
    }
    return together;
  }

  /**
   * The same for several divisions of the rows together, such as repeats: rows that no division
   * parts are summed once for all, and the sums of such cells are merged. So the order of additions
   * depends on the divisions, but not on which of them are asked for.
   *
   * @param part by division and row; below 0 for rows of none
   * @param parts by division: how many parts it has
   * @param sums by division: sums of each part; null where they are not asked for
   * @param empty gives empty sums of their kind
   */
  public void addByParts(
      Examples block,
      List<int[]> part,
      int[] parts,
      List<? extends List<? extends Sums>> sums,
      java.util.function.Supplier<? extends Sums> empty) {
    int cells = 1;
    int[] cell = new int[block.size()];
    for (int d = 0; d < parts.length; d++) {
      cells = Math.multiplyExact(cells, parts[d] + 1);
      int[] own = part.get(d);
      for (int i = 0; i < cell.length; i++) {
        cell[i] = cell[i] * (parts[d] + 1) + Math.max(-1, own[i]) + 1;
      }
    }
    int[] start = starts(cell, cells);
    Examples sorted = sorted(block, cell, start);
    double[] ones = ones(block.size());
    for (int c = 0; c < cells; c++) {
      if (start[c + 1] == start[c]) {
        continue;
      }
      Sums all = empty.get();
      addOnce(sorted, start[c], start[c + 1], ones, all);
      int rest = c;
      for (int d = parts.length - 1; d >= 0; d--) {
        int own = rest % (parts[d] + 1) - 1;
        if (own >= 0 && sums.get(d) != null) {
          sums.get(d).get(own).merge(all);
        }
        rest /= parts[d] + 1;
      }
    }
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }

  /** Where each part begins, and the last ends, when rows are sorted by part. */
  private static int[] starts(int[] part, int parts) {
    int[] start = new int[parts + 1];
    for (int p : part) {
      if (p >= 0) {
        start[p + 1]++;
      }
    }
    for (int p = 0; p < parts; p++) {
      start[p + 1] += start[p];
    }
    return start;
  }

  private static Examples sorted(Examples block, int[] part, int[] start) {
    int[] next = start.clone();
    int width = block.width();
    double[] features = new double[block.features().length];
    double[] label = new double[block.size()];
    double[] weight = new double[block.size()];
    double[] offset = block.offset() == null ? null : new double[block.size()];
    for (int i = 0; i < block.size(); i++) {
      if (part[i] < 0) {
        continue;
      }
      int to = next[part[i]]++;
      System.arraycopy(block.features(), i * width, features, to * width, width);
      label[to] = block.label()[i];
      weight[to] = block.weight()[i];
      if (offset != null) {
        offset[to] = block.offset()[i];
      }
    }
    return new Examples(width, features, label, weight, offset);
  }

  /** Adds some rows of a block to one fit's sums, each once. */
  private void addOnce(Examples block, int from, int to, double[] ones, Sums sums) {
    curvatures = room(curvatures, sums.curvature.length);
    slopes = room(slopes, sums.slope.length);
    double[][] curvature = java.util.Arrays.copyOf(curvatures, sums.curvature.length);
    double[][] slope = java.util.Arrays.copyOf(slopes, sums.slope.length);
    for (int first = from; first < to; first += Tile.ROWS) {
      tile.load(block, first, to);
      sums.weigh(tile, ones, curvature, slope);
      clear(curvature);
      clear(slope);
      for (int group = 0; group < tile.rows; group += Tile.GROUP) {
        for (int c = 0; c < curvature.length; c++) {
          tile.addProducts(group, curvature[c], sums.curvature[c]);
        }
        for (int c = 0; c < slope.length; c++) {
          accumulate(tile.row, group, slope[c], group, sums.slope[c]);
        }
      }
    }
  }

  private void clear(double[][] weights) {
    for (double[] w : weights) {
      for (int r = tile.rows; r < tile.whole(); r++) {
        w[r] = 0;
      }
    }
  }

  private static double[][] room(double[][] old, int count) {
    if (old.length >= count) {
      return old;
    }
    double[][] grown = java.util.Arrays.copyOf(old, count);
    for (int i = old.length; i < count; i++) {
      grown[i] = new double[Tile.ROWS];
    }
    return grown;
  }

  // Four rows in a loop: of longer sums C2 makes no vector instructions, and takes three times as
  // long.
  private static void accumulate(double[][] z, int at, double[] weight, int from, double[] sum) {
    for (int g = 0; g < Tile.GROUP; g += 4) {
      double w0 = weight[from + g];
      double w1 = weight[from + g + 1];
      double w2 = weight[from + g + 2];
      double w3 = weight[from + g + 3];
      if (w0 != 0 || w1 != 0 || w2 != 0 || w3 != 0) {
        int k = at + g;
        four(z[k], z[k + 1], z[k + 2], z[k + 3], w0, w1, w2, w3, sum);
      }
    }
  }

  private static void four(
      double[] z0,
      double[] z1,
      double[] z2,
      double[] z3,
      double w0,
      double w1,
      double w2,
      double w3,
      double[] sum) {
    for (int k = 0; k < sum.length; k++) {
      sum[k] += (w0 * z0[k] + w1 * z1[k]) + (w2 * z2[k] + w3 * z3[k]);
    }
  }
}
