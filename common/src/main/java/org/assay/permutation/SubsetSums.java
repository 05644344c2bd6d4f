package org.assay.permutation;

import java.util.Arrays;
import java.util.List;

/**
 * Sums of columns over the subsets of many replicates: the loops around {@link Column#add}. For a
 * word of 64 rows all replicates of a batch pass before the next word's turn comes.
 */
final class SubsetSums {
  /** Replicates of a batch whose words are drawn as they are needed. */
  static final int BATCH = 1 << 10;

  /** Most words of a batch whose subsets are stored: 32 MiB. */
  private static final int STORED = 1 << 22;

  private SubsetSums() {}

  /** Draws whole subsets, as many as memory has room for, then sums. */
  static void stored(
      Subsets subsets, List<Column> columns, long from, long to, long[][] sums) {
    int words = (subsets.rows() + 63) >>> 6;
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
    clear(columns, from, to, sums);
    int most = Math.max(1, Math.min(BATCH, STORED / Math.max(1, words)));
    most = (int) Math.min(most, to - from);
    Batch batch = new Batch(most * words, sums);
    for (long start = from; start < to; start += most) {
      batch.count = (int) Math.min(most, to - start);
      batch.offset = (int) (start - from);
      subsets.fill(start, batch.count, batch.words);
      for (int word = 0; word < words; word++) {
        int output = 0;
        for (Column column : columns) {
          column.add(word, batch, word * batch.count, output);
          output += column.slices();
        }
      }
    }
  }

  /** Checks the range and the room for sums, and sets them to 0. */
  static void clear(List<Column> columns, long from, long to, long[][] sums) {
    int outputs = 0;
    for (Column column : columns) {
      outputs += column.slices();
    }
    if (from < 0 || from > to || to - from > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "replicates [" + from + ", " + to + "): must be an increasing range");
    }
    if (sums.length < outputs) {
      throw new IllegalArgumentException(
          "room for " + sums.length + " sums of " + outputs + " slices of columns");
    }
    for (int output = 0; output < outputs; output++) {
      Arrays.fill(sums[output], 0, (int) (to - from), 0);
    }
  }
}
