package org.assay.permutation;

import java.io.Serializable;
import org.assay.random.Keyed;

/**
 * A permutation of the rows for every replicate: whose label, or whose value of a permuted column,
 * each row is given. The permutation of a replicate depends on the replicate alone, so any range of
 * replicates can be computed anywhere. Immutable and thread-safe.
 */
public interface Donors extends Serializable {

  /**
   * Permutations within strata: enumerated when there are no more than {@code exactUpTo}, else
   * drawn.
   *
   * @param exactUpTo 0 to draw in any case
   */
  static Donors within(Keyed function, Strata strata, long exactUpTo) {
    return AllDonors.count(strata) <= Math.min(exactUpTo, Arrangements.MOST)
        ? new AllDonors(strata)
        : new DrawnDonors(function, strata);
  }

  /** Number of rows. */
  int rows();

  /**
   * How many replicates enumerate all permutations, each once; {@link Arrangements#MANY} when they
   * are drawn, without end.
   */
  long arrangements();

  /**
   * Fills the donors of a replicate: row i gets what row {@code donor[i]} has.
   *
   * @param donor at least {@link #rows} long
   */
  void fill(long replicate, int[] donor);
}
