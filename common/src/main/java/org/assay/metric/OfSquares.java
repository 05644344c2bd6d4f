package org.assay.metric;

import java.util.Optional;

/** A metric that needs no more of the items than their sums of squares. */
public interface OfSquares {
  /**
   * Its value, with a relative error below 1e-9 (of 1 - r2 or 1 - explained variance where these
   * are it) against that of the items one by one; empty when the sums have lost too many digits for
   * that, as those of predictions that are almost perfect.
   */
  Optional<Value> of(Squares sums);
}
