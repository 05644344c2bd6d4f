package org.assay.bootstrap;

import java.io.Serializable;
import org.assay.random.Lanes;

/**
 * Counts items by cell within each slice of a cut, in eight replicates at once: four words of two
 * 32-bit lanes per cell.
 */
final class Counter implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long TWO = 0x000000FF000000FFL;

  private final Cut cut;
  private final int cells;

  /** The cell of each item; null when there is one cell. */
  private final short[] cell;

  Counter(Cut cut, int cells, short[] cell) {
    this.cut = cut;
    this.cells = cells;
    this.cell = cell;
  }

  /** Counts of a batch: lane k of cell c in slice s at {@code 8 (s cells + c) + k}. */
  long[] count(long[] lanes) {
    long[] table = table(lanes);
    long[] counts = new long[cut.size() * cells * Lanes.WIDTH];
    for (int at = 0; at < counts.length; at++) {
      int lane = at % Lanes.WIDTH;
      long word = table[at / Lanes.WIDTH * 4 + lane % 4];
      counts[at] = lane < 4 ? word & 0xFFFFFFFFL : word >>> 32;
    }
    return counts;
  }

  private long[] table(long[] lanes) {
    long[] table = new long[cut.rooms() * cells * 4];
    int[] code = cut.code();
    for (int i = 0; i < lanes.length; i++) {
      int at = ((code == null ? 0 : code[i] * cells) + (cell == null ? 0 : cell[i])) << 2;
      long w = lanes[i];
      table[at] += w & TWO;
      table[at + 1] += w >>> 8 & TWO;
      table[at + 2] += w >>> 16 & TWO;
      table[at + 3] += w >>> 24 & TWO;
    }
    return table;
  }
}
