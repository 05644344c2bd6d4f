package org.assay.bootstrap;

import java.io.Serializable;
import org.assay.random.Lanes;

/**
 * Counts items by cell within each slice of a table, in eight replicates at once: four words of two
 * 32-bit lanes per cell.
 */
final class Counter implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long TWO = 0x000000FF000000FFL;

  private final Table table;
  private final int cells;

  /** The cell of each item; null when there is one cell. */
  private final short[] cell;

  Counter(Table table, int cells, short[] cell) {
    this.table = table;
    this.cells = cells;
    this.cell = cell;
  }

  /** Numbers of a tally. */
  int size() {
    return table.rooms() * cells * Lanes.WIDTH;
  }

  /** Counts of a batch: lane k of cell c in room s at {@code 8 (s cells + c) + k}. */
  long[] count(long[] lanes) {
    long[] words = table.cut().code() == null && cell == null ? one(lanes) : words(lanes);
    long[] counts = new long[size()];
    for (int at = 0; at < counts.length; at++) {
      int lane = at % Lanes.WIDTH;
      long word = words[at / Lanes.WIDTH * 4 + lane % 4];
      counts[at] = lane < 4 ? word & 0xFFFFFFFFL : word >>> 32;
    }
    return counts;
  }

  /**
   * The slices of {@link Table#slices} of such counts, in the same layout: of all rooms together
   * that of all items.
   */
  long[] slices(long[] counts) {
    int each = cells * Lanes.WIDTH;
    long[] slices = new long[table.slices().length * each];
    System.arraycopy(counts, 0, slices, 0, table.cut().size() * each);
    for (int at = 0; at < counts.length && table.whole() >= 0; at++) {
      slices[table.cut().size() * each + at % each] += counts[at];
    }
    return slices;
  }

  private static long[] one(long[] lanes) {
    long t0 = 0;
    long t1 = 0;
    long t2 = 0;
    long t3 = 0;
    for (long w : lanes) {
      t0 += w & TWO;
      t1 += w >>> 8 & TWO;
      t2 += w >>> 16 & TWO;
      t3 += w >>> 24 & TWO;
    }
    return new long[] {t0, t1, t2, t3};
  }

  private long[] words(long[] lanes) {
    long[] words = new long[table.rooms() * cells * 4];
    int[] code = table.cut().code();
    for (int i = 0; i < lanes.length; i++) {
      int at = ((code == null ? 0 : code[i] * cells) + (cell == null ? 0 : cell[i])) << 2;
      long w = lanes[i];
      words[at] += w & TWO;
      words[at + 1] += w >>> 8 & TWO;
      words[at + 2] += w >>> 16 & TWO;
      words[at + 3] += w >>> 24 & TWO;
    }
    return words;
  }
}
