package org.assay.inference;

import java.util.ArrayList;
import java.util.List;

/** The effect sizes that exist: those of this package and any that another jar provides. */
public final class EffectSizes {
  private EffectSizes() {}

  /** All effect sizes, in order of their names. */
  public static List<EffectSize> all() {
    return List.copyOf(
        Discovery.byName(EffectSize.class, EffectSize::name, "effect sizes").values());
  }

  /** Every effect that this evidence tells of, in order of the names of the effect sizes. */
  public static List<Effect> of(Evidence evidence, TestSettings settings) {
    List<Effect> effects = new ArrayList<>();
    for (EffectSize size : all()) {
      if (size.accepts().contains(evidence.kind())) {
        effects.addAll(size.effects(evidence, settings));
      }
    }
    return effects;
  }
}
