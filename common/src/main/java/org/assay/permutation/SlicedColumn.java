package org.assay.permutation;

import java.util.Arrays;

/**
 * Any numbers with slices, summed row by row, for all replicates of a batch at once: the loop over
 * replicates has no branch, and the compiler makes it a vector loop. The cost does not depend on
 * the number of slices while their sums stay in the cache.
 */
final class SlicedColumn extends Column {
  private static final long serialVersionUID = 1L;

  /** Of each word, where its entries start. */
  private final int[] starts;

  private final byte[] places;
  private final int[] codes;
  private final long[] units;

  SlicedColumn(Shape shape, Entries entries) {
    super(shape, entries);
    this.starts = entries.starts(shape.shift(), shape.words());
    this.places = new byte[entries.size];
    for (int e = 0; e < places.length; e++) {
      places[e] = (byte) (shape.shift() + entries.rows[e] & 63);
    }
    this.codes = Arrays.copyOf(entries.codes, entries.size);
    this.units = Arrays.copyOf(entries.units, entries.size);
  }

  @Override
  Entries entries() {
    Entries entries = new Entries();
    for (int word = 0; word < starts.length - 1; word++) {
      for (int e = starts[word]; e < starts[word + 1]; e++) {
        entries.add((word << 6) - shape().shift() + places[e], codes[e], units[e]);
      }
    }
    return entries;
  }

  @Override
  void add(int word, Batch batch, int at, int output) {
    for (int e = starts[word]; e < starts[word + 1]; e++) {
      long[] sums = batch.sums[output + codes[e]];
      add(units[e], places[e], batch.words, at, batch.count, sums, batch.offset);
    }
  }

  private static void add(
      long unit, int place, long[] words, int at, int count, long[] sums, int offset) {
    for (int r = 0; r < count; r++) {
      sums[offset + r] += unit & -(words[at + r] >>> place & 1);
    }
  }
}
