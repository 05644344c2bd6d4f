package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * Cohen's g: the share of items that only model a got right among those that exactly one of a and b
 * got right, less 1/2. In [-1/2, 1/2], positive when a is better; 0.05, 0.15 and 0.25 are Cohen's
 * small, medium and large. n counts those items. The interval is {@link ClopperPearson}'s for the
 * share, less 1/2.
 *
 * <p>NaN when there is no such item.
 *
 * <p>Source: J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd edition, 1988,
 * chapter 5.
 */
@AutoService(EffectSize.class)
public final class CohensG implements EffectSize {
  @Override
  public String name() {
    return "cohens-g";
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.PAIRED_OUTCOMES);
  }

  @Override
  public List<Effect> effects(Evidence evidence, TestSettings settings) {
    PairedOutcomes o = (PairedOutcomes) evidence;
    long n = o.discordant();
    Interval share = new ClopperPearson().of(o.onlyA(), n, settings.level());
    return List.of(
        new Effect(
            name(),
            Subject.PAIR,
            (double) (o.onlyA() - o.onlyB()) / (2 * n),
            new Interval(share.method(), share.level(), share.low() - 0.5, share.high() - 0.5),
            n,
            n == 0 ? McNemar.NO_DISCORDANCE : ""));
  }
}
