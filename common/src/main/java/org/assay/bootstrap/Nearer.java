package org.assay.bootstrap;

import java.io.Serializable;

/**
 * Brings counts near the places in an order where they are read, for many items: a copy in which
 * the counts of each {@value #SIDE} consecutive places stand together.
 *
 * <p>Reading counts all over memory waits for most of them. The copy is made from one stretch of
 * items after the other, whose counts stay in a core's cache, in runs of consecutive writes; each
 * stretch of the copy is then read by its own places alone, in the cache again. That is two walks
 * where there was one, which pays as soon as the counts of all items do not fit the cache.
 */
final class Nearer implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Items, and places, of a stretch. */
  private static final int SIDE = 1 << 16;

  /** Items up to which counts are read where they are: some megabytes. */
  static final int MOST = 1 << 20;

  /** Items in the order in which they are copied: by stretch, by stretch of their places, place. */
  private final int[] items;

  /** Where each run of copies ends, in {@link #items}, and where it begins in the copy. */
  private final int[] ends;

  private final int[] starts;

  /**
   * For an order of items.
   *
   * @param order the item of each place; receives where in the copy its counts are
   */
  Nearer(int[] order) {
    int most = 0;
    for (int item : order) {
      most = Math.max(most, item);
    }
    int from = most / SIDE + 1;
    int to = (order.length + SIDE - 1) / SIDE;
    int[] sizes = new int[Math.multiplyExact(from, to)];
    for (int place = 0; place < order.length; place++) {
      sizes[order[place] / SIDE * to + place / SIDE]++;
    }
    this.ends = new int[sizes.length];
    this.starts = new int[sizes.length];
    int[] free = new int[sizes.length];
    int end = 0;
    for (int run = 0; run < sizes.length; run++) {
      free[run] = end;
      end += sizes[run];
      ends[run] = end;
    }
    int[] next = new int[sizes.length];
    int start = 0;
    for (int t = 0; t < to; t++) {
      for (int run = t; run < sizes.length; run += to) {
        starts[run] = start;
        next[run] = start;
        start += sizes[run];
      }
    }
    this.items = new int[order.length];
    for (int place = 0; place < order.length; place++) {
      int run = order[place] / SIDE * to + place / SIDE;
      items[free[run]++] = order[place];
      order[place] = next[run]++;
    }
  }

  /** Copies the counts of items. */
  void copy(long[] lanes, long[] copy) {
    int from = 0;
    for (int run = 0; run < ends.length; run++) {
      copy(lanes, from, ends[run], copy, starts[run] - from);
      from = ends[run];
    }
  }

  private void copy(long[] lanes, int from, int to, long[] copy, int shift) {
    for (int at = from; at < to; at++) {
      copy[at + shift] = lanes[items[at]];
    }
  }
}
