package org.assay.bootstrap;

import java.io.Serializable;
import java.util.Arrays;
import org.assay.random.Lanes;

/**
 * Sums a number per item within each slice of a cut, in eight replicates at once; in the order of
 * the items, so that the sums are the same to the bit wherever they are made.
 */
final class Summer implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Cut cut;
  private final double[] number;

  Summer(Cut cut, double[] number) {
    this.cut = cut;
    this.number = number;
  }

  /** The sums of a batch: lane k of slice s at {@code 8 s + k}. */
  double[] sum(long[] lanes) {
    return cut.code() == null ? whole(lanes) : byslice(lanes);
  }

  private double[] whole(long[] lanes) {
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
    return new double[] {s0, s1, s2, s3, s4, s5, s6, s7};
  }

  /**
   * The last byte as a number: the last bits of 2^52 and more, less 2^52; twice as fast as a cast.
   */
  private static double count(long w) {
    return Double.longBitsToDouble(0x4330000000000000L | w & 0xFF) - 0x1p52;
  }

  private double[] byslice(long[] lanes) {
    double[] sums = new double[cut.rooms() * Lanes.WIDTH];
    int[] code = cut.code();
    for (int i = 0; i < lanes.length; i++) {
      int at = code[i] * Lanes.WIDTH;
      long w = lanes[i];
      double x = number[i];
      for (int k = 0; k < Lanes.WIDTH; k++) {
        sums[at + k] += count(w >>> 8 * k) * x;
      }
    }
    return Arrays.copyOf(sums, cut.size() * Lanes.WIDTH);
  }
}
