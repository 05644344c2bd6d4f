package org.assay.design;

import java.io.Serializable;
import org.assay.config.Section;

/**
 * A family of designs by name, such as k-fold. To add one, write one class with
 * {@code @AutoService(Scheme.class)} and a public constructor without arguments; the inherited
 * contract test then covers it.
 */
public interface Scheme {

  /** The {@code kind} in configurations and reports. */
  String kind();

  /** How many repeats there are when the configuration does not say. */
  default int repeats() {
    return 1;
  }

  /**
   * Reads this scheme's own keys.
   *
   * @param options those common to all schemes, read by {@link Plan}; a scheme refuses the ones
   *     that mean nothing to it
   * @throws org.assay.UserException if a key is wrong or an option means nothing here
   */
  Spec read(Section section, Plan.Options options);

  /**
   * A scheme with its parameters, not yet bound to a population. A record: its text is part of the
   * fingerprint of the designs it makes, so it must tell apart all that fill different weights.
   */
  interface Spec extends Serializable {

    /** The scheme and its parameters in a few words for reports: "10-fold". */
    String label();

    /** What it needs to know of the rows besides what the plan's options ask for. */
    default Plan.Needs needs() {
      return Plan.Needs.NOTHING;
    }

    /**
     * Binds it. The population has rows, and all that the plan needs.
     *
     * @throws org.assay.UserException if it cannot be done with this population: what was asked,
     *     what there is, and the way out
     */
    Design bind(Plan plan, Population population, long seed);
  }
}
