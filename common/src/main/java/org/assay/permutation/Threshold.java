package org.assay.permutation;

import java.io.Serializable;

/**
 * Where the extreme values of one statistic begin.
 *
 * @param center from which a two-sided test measures; 0 for a one-sided one
 * @param least the observed extremeness less the tolerance; NaN when the statistic, or the centre
 *     of a two-sided test, is
 */
record Threshold(Alternative alternative, double center, double least) implements Serializable {

  static Threshold[] of(Statistics statistics, Alternative alternative) {
    Threshold[] thresholds = new Threshold[statistics.hypotheses()];
    for (int k = 0; k < thresholds.length; k++) {
      // On one side values tell by themselves; a centre, which need not be known, adds rounding.
      double center = alternative == Alternative.TWO_SIDED ? statistics.center(k) : 0;
      double observed = alternative.extremeness(statistics.observed(k), center);
      thresholds[k] = new Threshold(alternative, center, observed - statistics.tolerance(k));
    }
    return thresholds;
  }

  boolean isDefined() {
    return !Double.isNaN(least);
  }

  /** Whether a value is as extreme; true for NaN. */
  boolean isReachedBy(double value) {
    return !(alternative.extremeness(value, center) < least);
  }
}
