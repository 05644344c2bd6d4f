package org.assay.bootstrap;

import java.io.Serializable;
import org.assay.random.Lanes;

/**
 * How often each replicate draws a unit, as a function of the unit's key alone: what work that is
 * cut by rows needs, where no task knows the other units. Immutable and thread-safe.
 */
public interface KeyedResampling extends Serializable {

  /** Number of replicates. */
  int replicates();

  /**
   * The counts of one unit in the eight replicates of a batch, as {@link Lanes} lays them out.
   * Lanes beyond the last replicate hold anything.
   */
  long lanes(int batch, long key);

  /** The items as they are: one replicate that draws each unit once. */
  KeyedResampling ONCE = new Once();

  /** See {@link #ONCE}. */
  record Once() implements KeyedResampling {
    @Override
    public int replicates() {
      return 1;
    }

    @Override
    public long lanes(int batch, long key) {
      return 1;
    }
  }
}
