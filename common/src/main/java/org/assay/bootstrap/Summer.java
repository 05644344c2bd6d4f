package org.assay.bootstrap;

import java.io.Serializable;
import org.assay.random.Lanes;

/**
 * Sums a number per item within each slice of a table, in eight replicates at once; in the order of
 * the items, so that the sums are the same to the bit wherever they are made.
 */
final class Summer implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Table table;
  private final double[] number;

  Summer(Table table, double[] number) {
    this.table = table;
    this.number = number;
  }

  /** The sums of a batch: lane k of the slice at s of {@link Table#slices} at {@code 8 s + k}. */
  double[] sum(long[] lanes) {
    int size = table.cut().size();
    double[] sums = new double[table.slices().length * Lanes.WIDTH];
    if (table.cut().code() == null) {
      whole(lanes, sums, 0);
    } else {
      bySlice(lanes, sums);
      if (table.whole() >= 0) {
        whole(lanes, sums, size * Lanes.WIDTH);
      }
    }
    return sums;
  }

  private void whole(long[] lanes, double[] sums, int to) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    for (int i = 0; i < lanes.length; i++) {
      long w = lanes[i];
      double x = number[i];
      s0 += count(w) * x;
      s1 += count(w >>> 8) * x;
      s2 += count(w >>> 16) * x;
      s3 += count(w >>> 24) * x;
      s4 += count(w >>> 32) * x;
      s5 += count(w >>> 40) * x;
      s6 += count(w >>> 48) * x;
      s7 += count(w >>> 56) * x;
    }
    sums[to] = s0;
    sums[to + 1] = s1;
    sums[to + 2] = s2;
    sums[to + 3] = s3;
    sums[to + 4] = s4;
    sums[to + 5] = s5;
    sums[to + 6] = s6;
    sums[to + 7] = s7;
  }

  /**
   * The last byte as a number: the last bits of 2^52 and more, less 2^52; twice as fast as a cast.
   */
  private static double count(long w) {
    return Double.longBitsToDouble(0x4330000000000000L | w & 0xFF) - 0x1p52;
  }

  private void bySlice(long[] lanes, double[] out) {
    double[] sums = new double[table.rooms() * Lanes.WIDTH];
    int[] code = table.cut().code();
    for (int i = 0; i < lanes.length; i++) {
      int at = code[i] * Lanes.WIDTH;
      long w = lanes[i];
      double x = number[i];
      sums[at] += count(w) * x;
      sums[at + 1] += count(w >>> 8) * x;
      sums[at + 2] += count(w >>> 16) * x;
      sums[at + 3] += count(w >>> 24) * x;
      sums[at + 4] += count(w >>> 32) * x;
      sums[at + 5] += count(w >>> 40) * x;
      sums[at + 6] += count(w >>> 48) * x;
      sums[at + 7] += count(w >>> 56) * x;
    }
    System.arraycopy(sums, 0, out, 0, table.cut().size() * Lanes.WIDTH);
  }
}
