package org.assay.fit;

import java.io.Serializable;

/**
 * What one fit must know of its training rows: sums over them, which can be added up block by block
 * and merged.
 *
 * <p>Two kinds are summed by {@link Pass} for all fits at once. A <b>curvature</b> is a weighted
 * sum of the products of all pairs of terms (a 1 and the centred features), a <b>slope</b> a
 * weighted sum of the terms; the subclass gives the weights, and adds up whatever else it needs.
 *
 * <p>Mergeable in the order of the blocks; not thread-safe.
 */
public abstract class Sums implements Serializable {
  private static final long serialVersionUID = 1L;

  final double[][] curvature;
  final double[][] slope;

  Sums(int curvatures, int slopes, int terms) {
    curvature = new double[curvatures][Tile.pairs(terms)];
    slope = new double[slopes][terms];
  }

  /**
   * Gives the weights of some rows and adds up what is not a curvature or a slope.
   *
   * @param times how often each row of the block counts
   * @param curvatures by curvature and row of the tile: to be filled
   * @param slopes by slope and row of the tile: to be filled
   */
  abstract void weigh(Tile tile, double[] times, double[][] curvatures, double[][] slopes);

  /** Adds the sums of rows that follow. */
  public void merge(Sums later) {
    add(curvature, later.curvature);
    add(slope, later.slope);
  }

  static void add(double[][] to, double[][] from) {
    for (int s = 0; s < to.length; s++) {
      add(to[s], from[s]);
    }
  }

  static void add(double[] to, double[] from) {
    for (int k = 0; k < to.length; k++) {
      to[k] += from[k];
    }
  }
}
