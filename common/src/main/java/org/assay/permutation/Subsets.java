package org.assay.permutation;

import java.io.Serializable;
import java.util.List;

/**
 * A subset of the rows for every replicate: those whose sign is flipped, or those that are taken
 * for the first of two samples.
 *
 * <p>The subset of a replicate depends on the replicate alone, so any range of replicates can be
 * computed anywhere. Implementations draw keyed subsets ({@link Flips}, {@link Selections}) or
 * enumerate all there are ({@link AllFlips}, {@link AllSelections}). Immutable and thread-safe.
 */
public interface Subsets extends Serializable {

  /** Number of rows. */
  int rows();

  /**
   * How many replicates enumerate all subsets, each once or each equally often; {@link
   * Arrangements#MANY} when they are drawn, without end.
   */
  long arrangements();

  /**
   * Fills the subsets of {@code count} replicates: bit i of {@code words[w * count + r]} tells
   * whether row {@code 64 w + i} is in the subset of replicate {@code from + r}. Bits beyond the
   * last row are 0.
   *
   * @param words at least {@code count * ((rows + 63) / 64)} long
   */
  void fill(long from, int count, long[] words);

  /**
   * The sums of columns over the subsets of the replicates in [from, to): {@code sums[j][r]}
   * receives the sum of replicate {@code from + r}, where j counts the slices of all columns in
   * turn.
   *
   * @param columns each of {@link #rows} rows
   * @param sums one array per slice of a column, each at least {@code to - from} long
   */
  default void sums(List<Column> columns, long from, long to, long[][] sums) {
    SubsetSums.stored(this, columns, from, to, sums);
  }
}
