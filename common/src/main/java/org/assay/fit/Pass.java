package org.assay.fit;

import java.util.List;

/**
 * Adds blocks of rows to the sums of many fits: the loops where the time of the engine goes.
 *
 * <p>For eight rows at a time the products of all pairs of terms are formed once; every weight
 * vector of every fit then adds them up. Per row and fit that is (p + 1)(p + 2) / 2 multiplications
 * in a loop over arrays that stay near the processor. Memory does not depend on the number of rows.
 *
 * <p>Deterministic: the order of additions of one fit depends on the block alone, not on the other
 * fits of the pass. Not thread-safe: one instance per thread.
 */
public final class Pass {
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
      tile.load(block, first);
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
    int[] start = new int[parts.size() + 1];
    for (int p : part) {
      if (p >= 0) {
        start[p + 1]++;
      }
    }
    for (int p = 0; p < parts.size(); p++) {
      start[p + 1] += start[p];
    }
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
    Examples sorted = new Examples(width, features, label, weight, offset);
    for (int p = 0; p < parts.size(); p++) {
      if (start[p + 1] > start[p]) {
        double[] ones = new double[start[p + 1] - start[p]];
        java.util.Arrays.fill(ones, 1);
        add(sorted.rows(start[p], start[p + 1]), ones, parts.get(p));
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

  private static void accumulate(double[][] z, int at, double[] weight, int from, double[] sum) {
    double w0 = weight[from];
    double w1 = weight[from + 1];
    double w2 = weight[from + 2];
    double w3 = weight[from + 3];
    double w4 = weight[from + 4];
    double w5 = weight[from + 5];
    double w6 = weight[from + 6];
    double w7 = weight[from + 7];
    if (w0 == 0 && w1 == 0 && w2 == 0 && w3 == 0 && w4 == 0 && w5 == 0 && w6 == 0 && w7 == 0) {
      return;
    }
    eight(
        z[at], z[at + 1], z[at + 2], z[at + 3], z[at + 4], z[at + 5], z[at + 6], z[at + 7], w0, w1,
        w2, w3, w4, w5, w6, w7, sum);
  }

  private static void eight(
      double[] z0,
      double[] z1,
      double[] z2,
      double[] z3,
      double[] z4,
      double[] z5,
      double[] z6,
      double[] z7,
      double w0,
      double w1,
      double w2,
      double w3,
      double w4,
      double w5,
      double w6,
      double w7,
      double[] sum) {
    for (int k = 0; k < sum.length; k++) {
      sum[k] +=
          ((w0 * z0[k] + w1 * z1[k]) + (w2 * z2[k] + w3 * z3[k]))
              + ((w4 * z4[k] + w5 * z5[k]) + (w6 * z6[k] + w7 * z7[k]));
    }
  }
}
