package org.assay.fit;

import java.io.Serializable;

/** What was learned. Immutable, thread-safe. */
public interface Model extends Serializable {

  /** Numbers that it gives for a row: 1 for a number, else one probability per class. */
  int outputs();

  /** How its fit ended. */
  default Convergence convergence() {
    return Convergence.CLOSED_FORM;
  }

  /**
   * Predicts.
   *
   * @return for each row the expected label, or the probabilities of the classes, row after row
   */
  double[] predict(Examples rows);
}
