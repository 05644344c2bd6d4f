package org.assay.flaky;

import java.io.Serializable;
import org.assay.inference.Interval;

/**
 * What a factor of the environment does to the failure rate of a test, in a designed experiment.
 *
 * @param test number of the test
 * @param factor name of the factor
 * @param level the level whose rate differs most clearly from that at the other levels
 * @param at failures at this level
 * @param elsewhere failures at the other levels
 * @param effect interval for the rate at the level less the rate elsewhere, by Newcombe's method
 * @param pValue Fisher's exact test, times the number of levels when there are more than two
 * @param pAdjusted the same, adjusted with all p-values of the verdicts
 */
public record FactorEffect(
    int test,
    String factor,
    String level,
    FailureRate at,
    FailureRate elsewhere,
    Interval effect,
    double pValue,
    double pAdjusted)
    implements Serializable {

  /** The rate at the level less the rate elsewhere. */
  public double value() {
    return at.value() - elsewhere.value();
  }

  FactorEffect adjusted(double p) {
    return new FactorEffect(test, factor, level, at, elsewhere, effect, pValue, p);
  }
}
