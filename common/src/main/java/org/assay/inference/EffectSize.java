package org.assay.inference;

import java.util.List;
import java.util.Set;

/**
 * One way to say how large a difference is, or how large one could be seen.
 *
 * <p>To add an effect size, write one class with a public constructor without arguments and
 * {@code @AutoService(EffectSize.class)}. An effect size is stateless and is computed for every
 * piece of evidence of a kind it accepts.
 */
public interface EffectSize {

  /** The name in reports, in kebab-case. */
  String name();

  /** The kinds of evidence it can be computed from. */
  Set<Evidence.Kind> accepts();

  /**
   * The effect, or several where the class says so; empty where it has no meaning for this
   * evidence, which is of a kind it accepts.
   */
  List<Effect> effects(Evidence evidence, TestSettings settings);
}
