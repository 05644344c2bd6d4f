package org.assay.fit;

import java.io.Serializable;

/**
 * How a fit ended.
 *
 * @param iterations steps that were taken for this point of the path; 0 for a solution in closed
 *     form
 * @param converged false when the greatest number of steps came first: there may be no optimum
 */
public record Convergence(int iterations, boolean converged) implements Serializable {

  /** A solution in closed form. */
  public static final Convergence CLOSED_FORM = new Convergence(0, true);
}
