package org.assay.permutation;

/**
 * Any numbers with slices, summed row by row, for all replicates of a batch at once: the loop over
 * replicates has no branch and the compiler makes it a vector loop. The cost does not depend on the
 * number of slices while their sums stay in the cache.
 */
final class SlicedColumn extends Column {
  private static final long serialVersionUID = 1L;

  private final long[] values;
  private final int[] codes;

  SlicedColumn(long firstRow, long[] values, int[] codes, int slices, FixedPoint scale) {
    super(firstRow, values.length, scale, totals(values, codes, slices));
    this.values = values;
    this.codes = codes;
  }

  @Override
  Column slicedBy(int[] codes, int slices) {
    return new SlicedColumn(firstRow(), values, codes, slices, scale());
  }

  @Override
  void add(int word, Batch batch, int at, int output) {
    int first = (word << 6) - shift();
    for (int i = Math.max(0, first), end = Math.min(first + 64, values.length); i < end; i++) {
      if (codes[i] >= 0 && values[i] != 0) {
        add(
            values[i],
            i - first,
            batch.words,
            at,
            batch.count,
            batch.sums[output + codes[i]],
            batch.offset);
      }
    }
  }

  private static void add(
      long value, int bit, long[] words, int at, int count, long[] sums, int offset) {
    for (int r = 0; r < count; r++) {
      sums[offset + r] += value & -(words[at + r] >>> bit & 1);
    }
  }
}
