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
    long[] drawn = new long[count];
    for (int word = 0; word < (rows + 63) >>> 6; word++) {
      draw(streams, word, count, drawn);
      if (rows - (word << 6) < 64) {
        for (int r = 0; r < count; r++) {
          drawn[r] &= (1L << rows) - 1;
        }
      }
      System.arraycopy(drawn, 0, words, word * count, count);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Here columns may hold any rows, all the same ones: sums over parts of the rows add up to
   * sums over all. Takes memory for the sums twice over and at most 64 KiB.
   */
  @Override
  public void sums(List<Column> columns, long from, long to, long[][] sums) {
    int most = (int) Math.min(SubsetSums.BATCH, to - from);
    Batch batch = SubsetSums.batch(columns, from, to, most, sums);
    if (columns.isEmpty()) {
      return;
    }
    Column.Shape shape = columns.get(0).shape();
    for (Column column : columns) {
      if (column.shape().firstRow() != shape.firstRow() || column.rows() != shape.rows()) {
        throw new IllegalArgumentException(
            "columns of different rows: must all hold the same ones");
      }
    }
    long[] streams = new long[most];
    for (long start = from; start < to; start += most) {
      batch.start((int) Math.min(most, to - start));
      streams(start, streams, batch.count);
      for (int word = 0; word < shape.words(); word++) {
        draw(streams, (shape.firstRow() >>> 6) + word, batch.count, batch.words);
        SubsetSums.add(word, columns, batch);
      }
      batch.finish(sums, (int) (start - from));
    }
  }

  private void streams(long from, long[] streams, int count) {
    Arrays.setAll(streams, r -> r < count ? function.stream(from + r) : 0);
  }

  private static void draw(long[] streams, long word, int count, long[] words) {
    for (int r = 0; r < count; r++) {
      words[r] = Keyed.at(streams[r], word);
    }
  }
}
