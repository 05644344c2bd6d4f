package org.assay.permutation;

import java.util.List;

/**
 * Sums of columns over the subsets of many replicates: the loops around {@link Column#add}. For a
 * word of 64 rows all replicates of a batch pass before the next word's turn comes.
 */
final class SubsetSums {
  /** Most replicates of a batch: with the tables of a word they stay near the processor. */
  static final int BATCH = 1 << 10;

  /** Most words of subsets that are stored at a time: 32 MiB. */
  private static final int STORED = 1 << 22;

  private SubsetSums() {}

  /** Draws whole subsets, as many as memory has room for, then sums. */
  static void stored(Subsets subsets, List<Column> columns, long from, long to, long[][] sums) {
    for (Column column : columns) {
      if (column.shape().firstRow() != 0 || column.rows() != subsets.rows()) {
        throw new IllegalArgumentException(
            "a column of "
                + column.rows()
                + " rows from row "
                + column.shape().firstRow()
                + " on: must be all "
                + subsets.rows());
      }
    }
    int words = (subsets.rows() + 63) >>> 6;
    int most = Math.max(1, Math.min(BATCH, STORED / Math.max(1, words)));
    most = (int) Math.min(most, to - from);
    Batch batch = batch(columns, from, to, most, sums);
    long[] drawn = new long[most * words];
    for (long start = from; start < to; start += most) {
      batch.start((int) Math.min(most, to - start));
      subsets.fill(start, batch.count, drawn);
      for (int word = 0; word < words; word++) {
        System.arraycopy(drawn, word * batch.count, batch.words, 0, batch.count);
        add(word, columns, batch);
      }
      batch.finish(sums, (int) (start - from));
    }
  }

  /** A batch for these columns, after a check of the range and of the room for sums. */
  static Batch batch(List<Column> columns, long from, long to, int most, long[][] sums) {
    if (from < 0 || from > to || to - from > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "replicates [" + from + ", " + to + "): must be an increasing range");
    }
    int outputs = columns.stream().mapToInt(Column::slices).sum();
    if (sums.length < outputs) {
      throw new IllegalArgumentException(
          "room for " + sums.length + " sums of " + outputs + " slices of columns");
    }
    return new Batch(outputs, most);
  }

  /** Adds the sums of one word of rows. */
  static void add(int word, List<Column> columns, Batch batch) {
    int output = 0;
    for (Column column : columns) {
      column.add(word, batch, output);
      output += column.slices();
    }
  }
}
