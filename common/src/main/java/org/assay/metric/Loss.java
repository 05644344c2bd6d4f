package org.assay.metric;

import java.io.Serializable;

/**
 * What one item costs (or earns), a finite number or +infinity. Two losses that are equal give
 * equal numbers, so that metrics with equal losses share a {@link MeanLoss}: a record is the
 * simplest way to write one.
 */
@FunctionalInterface
public interface Loss extends Serializable {
  /** The loss of one item; its arguments are those of {@link State#add}. */
  double of(double label, double prediction, double[] scores);
}
