package org.assay.fit;

/**
 * The form of a linear predictor and what its penalty is upon.
 *
 * @param intercept MLlib's {@code fitIntercept}
 * @param scale MLlib's {@code standardization}
 */
public record Form(Intercept intercept, Scale scale) implements java.io.Serializable {

  /** MLlib's defaults. */
  public static final Form DEFAULT = new Form(Intercept.FITTED, Scale.STANDARDIZED);

  /** Whether there is an intercept; it is never penalized. */
  public enum Intercept {
    FITTED,
    NONE
  }

  /** What coefficients are measured in when they are penalized. */
  public enum Scale {
    /** Per standard deviation of the feature among the training rows. */
    STANDARDIZED,
    /** Per unit of the feature. */
    ORIGINAL
  }

  boolean hasIntercept() {
    return intercept == Intercept.FITTED;
  }

  boolean standardized() {
    return scale == Scale.STANDARDIZED;
  }
}
