package org.assay.bootstrap;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How often each replicate draws a unit, as a function of the unit's key alone: what work that is
 * cut by rows needs, where no task knows the other units. Immutable and thread-safe.
 */
public interface KeyedResampling extends Serializable {

  /** Number of replicates. */
  int replicates();

  /**
   * Fills {@code lanes[i]} with the counts of the unit with {@code keys[i]} in the eight replicates
   * of a batch, as {@link org.assay.random.Lanes} lays them out. Lanes beyond the last replicate
   * hold anything.
   */
  void fill(int batch, long[] keys, long[] lanes);

  /** The items as they are: one replicate that draws each unit once. */
  KeyedResampling ONCE = new Once();

  /** See {@link #ONCE}. */
  record Once() implements KeyedResampling {
    @Override
    public int replicates() {
      return 1;
    }

    @Override
    public void fill(int batch, long[] keys, long[] lanes) {
      Arrays.fill(lanes, 1);
    }
  }
}
