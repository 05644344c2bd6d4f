package org.assay.permutation;

import java.util.Arrays;
import java.util.List;
import org.assay.random.Keyed;

/**
 * Signs: every row flips with probability 1/2, independently.
 *
 * <p>Row i flips in replicate r when bit (i mod 64) of {@code function.bits(r, i / 64)} is set: a
 * function of (seed, purpose, replicate, row) alone, so that models, slices and metrics that share
 * rows share signs, whatever other rows, columns and replicates there are, and however rows and
 * replicates are cut.
 */
public final class Flips implements Subsets {
  private static final long serialVersionUID = 1L;

  private final Keyed function;
  private final int rows;

  /**
   * Signs of rows [0, rows); {@link #sums} also takes columns of others.
   *
   * @param rows at least 0
   */
  public Flips(Keyed function, int rows) {
    if (rows < 0) {
      throw new IllegalArgumentException(rows + " rows: must not be negative");
    }
    this.function = function;
    this.rows = rows;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public long arrangements() {
    return Arrangements.MANY;
  }

  @Override
  public void fill(long from, int count, long[] words) {
    long[] streams = new long[count];
    streams(from, streams, count);
    for (int word = 0, at = 0; word << 6 < rows; word++, at += count) {
      draw(streams, word, count, words, at);
      if (rows - (word << 6) < 64) {
        long mask = (1L << rows) - 1;
        for (int r = 0; r < count; r++) {
          words[at + r] &= mask;
        }
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Here columns may hold any rows, all the same ones: sums over parts of the rows add up to
   * sums over all. Takes memory for the sums and 64 KiB.
   */
  @Override
  public void sums(List<Column> columns, long from, long to, long[][] sums) {
    SubsetSums.clear(columns, from, to, sums);
    if (columns.isEmpty()) {
      return;
    }
    Column first = columns.get(0);
    for (Column column : columns) {
      if (column.shape().firstRow() != first.shape().firstRow()
          || column.rows() != first.rows()) {
        throw new IllegalArgumentException("columns of different rows: must all hold the same ones");
      }
    }
    long[] streams = new long[SubsetSums.BATCH];
    Batch batch = new Batch(SubsetSums.BATCH, sums);
    for (long start = from; start < to; start += SubsetSums.BATCH) {
      batch.count = (int) Math.min(SubsetSums.BATCH, to - start);
      batch.offset = (int) (start - from);
      streams(start, streams, batch.count);
      for (int word = 0; word < first.shape().words(); word++) {
        draw(streams, (first.shape().firstRow() >>> 6) + word, batch.count, batch.words, 0);
        int output = 0;
        for (Column column : columns) {
          column.add(word, batch, 0, output);
          output += column.slices();
        }
      }
    }
  }

  private void streams(long from, long[] streams, int count) {
    Arrays.setAll(streams, r -> r < count ? function.stream(from + r) : 0);
  }

  private static void draw(long[] streams, long word, int count, long[] words, int at) {
    for (int r = 0; r < count; r++) {
      words[at + r] = Keyed.at(streams[r], word);
    }
  }
}
