package org.assay.bootstrap;

import java.io.Serializable;

/** Some metrics of one model within one cut, measured together. */
interface Part extends Serializable {

  /**
   * Measures the eight replicates of a batch in every slice of the cut.
   *
   * @param lanes how often each replicate draws each item
   */
  void measure(long[] lanes, Replicates out);
}
