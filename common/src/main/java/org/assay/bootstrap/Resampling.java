package org.assay.bootstrap;

import java.io.Serializable;

/**
 * How often each replicate draws each item: a pure function of (seed, replicate, item). Immutable
 * and thread-safe.
 */
public interface Resampling extends Serializable {

  /** Number of replicates. */
  int replicates();

  /**
   * Fills {@code lanes[i]} with the counts of item i in the eight replicates of a batch, as {@link
   * org.assay.random.Lanes} lays them out. Lanes beyond the last replicate hold anything.
   *
   * @param lanes one per item
   */
  void fill(int batch, long[] lanes);
}
