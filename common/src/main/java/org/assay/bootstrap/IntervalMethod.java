package org.assay.bootstrap;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.assay.UserException;

/** How an interval is made from the values of replicates. */
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

  /** All names. */
  public static String labels() {
    return Arrays.stream(values()).map(IntervalMethod::label).collect(Collectors.joining(", "));
  }

  /**
   * The method of a name.
   *
   * @throws UserException if there is none
   */
  public static IntervalMethod named(String label) {
    return Arrays.stream(values())
        .filter(m -> m.label().equals(label))
        .findFirst()
        .orElseThrow(
            () -> UserException.usage("no interval method '" + label + "'; known: " + labels()));
  }
}
