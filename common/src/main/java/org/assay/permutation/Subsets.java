package org.assay.permutation;

import java.io.Serializable;
import java.util.List;
import org.assay.random.Keyed;

/**
 * A subset of the rows for every replicate: those whose sign is flipped, or those that are taken
 * for the first of two samples.
 *
 * <p>The subset of a replicate depends on the replicate alone, so any range of replicates can be
 * computed anywhere. Implementations draw keyed subsets or enumerate all there are, in any order.
 * Immutable and thread-safe.
 */
public interface Subsets extends Serializable {

  /**
   * Signs of rows: all of them when there are no more than {@code exactUpTo}, else drawn.
   *
   * @param exactUpTo 0 to draw in any case
   */
  static Subsets flips(Keyed function, int rows, long exactUpTo) {
    return Arrangements.signs(rows) <= Math.min(exactUpTo, Arrangements.MOST)
        ? new AllFlips(rows)
        : new Flips(function, rows);
  }

  /**
   * First samples of {@code sizes[s]} rows of every stratum s: all of them when there are no more
   * than {@code exactUpTo}, else drawn. Rows are in the order of the strata.
   *
   * @param exactUpTo 0 to draw in any case
   * @throws IllegalArgumentException if there is not one size per stratum, or one is out of range
   */
  static Subsets selections(Keyed function, Strata strata, int[] sizes, long exactUpTo) {
    if (sizes.length != strata.size()) {
      throw new IllegalArgumentException(sizes.length + " sizes for " + strata.size() + " strata");
    }
    long count = 1;
    for (int s = 0; s < sizes.length; s++) {
      if (sizes[s] < 0 || sizes[s] > strata.rows(s)) {
        throw new IllegalArgumentException(
            "a sample of " + sizes[s] + " of " + strata.rows(s) + " rows");
      }
      count = Arrangements.times(count, Arrangements.combinations(strata.rows(s), sizes[s]));
    }
    return count <= Math.min(exactUpTo, Arrangements.MOST)
        ? new AllSelections(strata, sizes)
        : new Selections(function, strata, sizes);
  }

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
