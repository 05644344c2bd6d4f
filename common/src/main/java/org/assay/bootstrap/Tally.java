package org.assay.bootstrap;

import java.io.Serializable;

/**
 * What a part found in consecutive items in the eight replicates of a batch: a monoid over the
 * order of the items. Counts are exact however items were divided; floating sums are those of the
 * division. Not thread-safe.
 */
interface Tally extends Serializable {

  /**
   * Appends what the same part found in the items that follow.
   *
   * @param next left unchanged
   */
  void merge(Tally next);
}
