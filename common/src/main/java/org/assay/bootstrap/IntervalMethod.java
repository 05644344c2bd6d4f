package org.assay.bootstrap;

import java.util.Locale;

/** How an interval is made from the values of replicates alone. */
public enum IntervalMethod {
  /** Between the quantiles of the replicates. */
  PERCENTILE,
  /** The quantiles of the replicates, mirrored at the estimate. */
  BASIC,
  /** Estimate minus bias, plus and minus the normal quantile times the standard error. */
  NORMAL,
  /** Estimate plus and minus Student's quantile, with n - 1 degrees of freedom, times the error. */
  STUDENT_T,
  /** Bias-corrected and accelerated quantiles. */
  BCA;

  /** Its name in configurations and reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
