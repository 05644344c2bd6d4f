package org.assay.bootstrap;

import java.io.Serializable;

/** Some metrics of some models within one cut, measured together. */
interface Part extends Serializable {

  /**
   * What the items hold in the eight replicates of a batch.
   *
   * @param before what was found in the items before these; null when these are the first
   */
  Tally tally(Drawn drawn, Tally before);

  /** Turns what was found in all items into the metrics' values. */
  void report(Tally all, Replicates out);

  /**
   * Bytes of a tally, in memory or on its way.
   *
   * @param state bytes of a state that is fed item by item
   */
  long bytes(long state);

  /** Tallies and reports at once, when these are all items. */
  default void measure(Drawn drawn, Replicates out) {
    report(tally(drawn, null), out);
  }
}
