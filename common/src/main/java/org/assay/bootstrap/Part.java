package org.assay.bootstrap;

import java.io.Serializable;

/** Some metrics of some models within one cut, measured together. */
interface Part extends Serializable {

  /**
   * What the items hold in the eight replicates of a batch.
   *
   * @param lanes how often each replicate draws each item
   * @param before what was found in the items before these; null when these are the first
   */
  Tally tally(long[] lanes, Tally before);

  /** Turns what was found in all items into the metrics' values. */
  void report(Tally all, Replicates out);

  /**
   * Bytes of a tally, in memory or on its way.
   *
   * @param state bytes of a state that is fed item by item
   */
  long bytes(long state);

  /** Tallies and reports at once, when these are all items. */
  default void measure(long[] lanes, Replicates out) {
    report(tally(lanes, null), out);
  }
}
