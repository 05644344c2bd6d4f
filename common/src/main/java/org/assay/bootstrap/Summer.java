package org.assay.bootstrap;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.assay.random.Lanes;

/**
 * Sums numbers of the items within each slice of a table, in eight replicates at once; in the order
 * of the items, so that the sums are the same to the bit wherever they are made.
 *
 * <p>Most of the work is to make numbers of counts, so two columns share it, as do a slice and all
 * items.
 */
final class Summer implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Table table;

  /** By column, the number of each item. */
  private final List<double[]> numbers = new ArrayList<>();

  Summer(Table table) {
    this.table = table;
  }

  /** Adds a column; gives its place. */
  int add(double[] number) {
    numbers.add(number);
    return numbers.size() - 1;
  }

  /** Numbers of a tally. */
  int size() {
    return numbers.size() * table.slices().length * Lanes.WIDTH;
  }

  /**
   * The sums of a batch by column: lane k of the slice at s of {@link Table#slices} at {@code 8 s +
   * k}.
   */
  double[][] sum(long[] lanes) {
    double[][] sums = new double[numbers.size()][table.slices().length * Lanes.WIDTH];
    int[] code = table.cut().code();
    for (int c = 0; c < sums.length; c += 2) {
      boolean paired = c + 1 < sums.length;
      double[][] all = new double[2][Lanes.WIDTH];
      double[][] by = new double[2][table.rooms() * Lanes.WIDTH];
      for (int from = 0; from < Lanes.WIDTH; from += 4) {
        if (paired && code != null) {
          two(lanes, from, code, numbers.get(c), numbers.get(c + 1), by[0], by[1], all[0], all[1]);
        } else if (paired) {
          two(lanes, from, numbers.get(c), numbers.get(c + 1), all[0], all[1]);
        } else if (code != null) {
          one(lanes, from, code, numbers.get(c), by[0], all[0]);
        } else {
          one(lanes, from, numbers.get(c), all[0]);
        }
      }
      for (int k = 0; k < (paired ? 2 : 1); k++) {
        int slices = code == null ? 0 : table.cut().size() * Lanes.WIDTH;
        System.arraycopy(by[k], 0, sums[c + k], 0, slices);
        if (slices < sums[c + k].length) {
          System.arraycopy(all[k], 0, sums[c + k], slices, Lanes.WIDTH);
        }
      }
    }
    return sums;
  }

  /**
   * The last byte as a number: the last bits of 2^52 and more, less 2^52; twice as fast as a cast.
   */
  private static double count(long w) {
    return Double.longBitsToDouble(0x4330000000000000L | w & 0xFF) - 0x1p52;
  }

  // Four lanes at a time, from lane from on: as many sums as there are registers for.

  private static void one(long[] lanes, int from, double[] x, double[] xAll) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = 0; i < lanes.length; i++) {
      long w = lanes[i] >>> 8 * from;
      double xi = x[i];
      double c0 = count(w);
      double c1 = count(w >>> 8);
      double c2 = count(w >>> 16);
      double c3 = count(w >>> 24);
      s0 += c0 * xi;
      s1 += c1 * xi;
      s2 += c2 * xi;
      s3 += c3 * xi;
    }
    xAll[from] = s0;
    xAll[from + 1] = s1;
    xAll[from + 2] = s2;
    xAll[from + 3] = s3;
  }

  private static void two(
      long[] lanes, int from, double[] x, double[] y, double[] xAll, double[] yAll) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double t0 = 0;
    double t1 = 0;
    double t2 = 0;
    double t3 = 0;
    for (int i = 0; i < lanes.length; i++) {
      long w = lanes[i] >>> 8 * from;
      double xi = x[i];
      double yi = y[i];
      double c0 = count(w);
      double c1 = count(w >>> 8);
      double c2 = count(w >>> 16);
      double c3 = count(w >>> 24);
      s0 += c0 * xi;
      s1 += c1 * xi;
      s2 += c2 * xi;
      s3 += c3 * xi;
      t0 += c0 * yi;
      t1 += c1 * yi;
      t2 += c2 * yi;
      t3 += c3 * yi;
    }
    xAll[from] = s0;
    xAll[from + 1] = s1;
    xAll[from + 2] = s2;
    xAll[from + 3] = s3;
    yAll[from] = t0;
    yAll[from + 1] = t1;
    yAll[from + 2] = t2;
    yAll[from + 3] = t3;
  }

  private static void one(
      long[] lanes, int from, int[] code, double[] x, double[] xBy, double[] xAll) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = 0; i < lanes.length; i++) {
      long w = lanes[i] >>> 8 * from;
      double xi = x[i];
      int at = code[i] * Lanes.WIDTH + from;
      double c0 = count(w);
      double c1 = count(w >>> 8);
      double c2 = count(w >>> 16);
      double c3 = count(w >>> 24);
      double x0 = c0 * xi;
      s0 += x0;
      xBy[at] += x0;
      double x1 = c1 * xi;
      s1 += x1;
      xBy[at + 1] += x1;
      double x2 = c2 * xi;
      s2 += x2;
      xBy[at + 2] += x2;
      double x3 = c3 * xi;
      s3 += x3;
      xBy[at + 3] += x3;
    }
    xAll[from] = s0;
    xAll[from + 1] = s1;
    xAll[from + 2] = s2;
    xAll[from + 3] = s3;
  }

  private static void two(
      long[] lanes,
      int from,
      int[] code,
      double[] x,
      double[] y,
      double[] xBy,
      double[] yBy,
      double[] xAll,
      double[] yAll) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double t0 = 0;
    double t1 = 0;
    double t2 = 0;
    double t3 = 0;
    for (int i = 0; i < lanes.length; i++) {
      long w = lanes[i] >>> 8 * from;
      double xi = x[i];
      double yi = y[i];
      int at = code[i] * Lanes.WIDTH + from;
      double c0 = count(w);
      double c1 = count(w >>> 8);
      double c2 = count(w >>> 16);
      double c3 = count(w >>> 24);
      double x0 = c0 * xi;
      s0 += x0;
      xBy[at] += x0;
      double x1 = c1 * xi;
      s1 += x1;
      xBy[at + 1] += x1;
      double x2 = c2 * xi;
      s2 += x2;
      xBy[at + 2] += x2;
      double x3 = c3 * xi;
      s3 += x3;
      xBy[at + 3] += x3;
      double y0 = c0 * yi;
      t0 += y0;
      yBy[at] += y0;
      double y1 = c1 * yi;
      t1 += y1;
      yBy[at + 1] += y1;
      double y2 = c2 * yi;
      t2 += y2;
      yBy[at + 2] += y2;
      double y3 = c3 * yi;
      t3 += y3;
      yBy[at + 3] += y3;
    }
    xAll[from] = s0;
    xAll[from + 1] = s1;
    xAll[from + 2] = s2;
    xAll[from + 3] = s3;
    yAll[from] = t0;
    yAll[from + 1] = t1;
    yAll[from + 2] = t2;
    yAll[from + 3] = t3;
  }
}
