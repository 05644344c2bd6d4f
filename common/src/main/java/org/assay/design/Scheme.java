package org.assay.design;

import org.assay.config.Section;

/**
 * A family of designs by name, such as k-fold. To add one, write one class with {@code @AutoService(Scheme.class)} and a public
 * constructor without arguments.
 */
public interface Scheme {

  /** The {@code kind} in configurations and reports. */
  String kind();

  /** Reads this scheme's own keys; the options common to all schemes were read by {@link Plan}. */
  Spec read(Section section);

  /** A scheme with its parameters, not yet bound to a population. */
  interface Spec {

    /** The scheme and its parameters in a few words for reports: "10-fold". */
    String label();

    /** What it needs to know of the rows besides what the plan's options ask for. */
    default Plan.Needs needs() {
      return Plan.Needs.NOTHING;
    }

    /**
     * Binds it.
     *
     * @throws org.assay.UserException if it cannot be done with this population: what was asked, what there is, and the way out
     */
    Design bind(Plan plan, Population population, long seed);
  }
}
