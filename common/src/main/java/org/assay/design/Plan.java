package org.assay.design;

import org.assay.config.Section;

/** A scheme with its options. (Skeleton: to be written.) */
public final class Plan {

  /** What a plan must know of the rows. */
  public record Needs(boolean strata, boolean groups, boolean times, boolean folds) {
    /** Their number only. */
    public static final Needs NOTHING = new Needs(false, false, false, false);
  }

  /** Reads {@code plan { kind = ..., ... }}. */
  public static Plan read(Section section, boolean grouped) {
    throw new UnsupportedOperationException();
  }

  /** What it needs. */
  public Needs needs() {
    throw new UnsupportedOperationException();
  }

  /** Binds it. */
  public Design bind(Population population, long seed) {
    throw new UnsupportedOperationException();
  }
}
