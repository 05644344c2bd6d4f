package org.assay.inference;

import java.io.Serializable;

/**
 * Whom a finding is about: places of models in the {@link Evidence} it was drawn from, counted from
 * 0.
 *
 * @param a the model, or the first of two; -1 when the finding is about all of them
 * @param b the second of two; -1 when there is none
 */
public record Subject(int a, int b) implements Serializable {

  /** All models together, as omnibus tests see them. */
  public static final Subject ALL = new Subject(-1, -1);

  /** The first model against the second, where the evidence is about these two only. */
  public static final Subject PAIR = new Subject(0, 1);

  public Subject {
    if (a < -1 || b < -1 || a == -1 && b != -1 || a != -1 && a == b) {
      throw new IllegalArgumentException(
          "subject " + a + ", " + b + ": must be two different places, one, or none");
    }
  }

  /** One model. */
  public static Subject of(int model) {
    return new Subject(model, -1);
  }
}
