package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * The conditional odds ratio of paired right/wrong answers: b / c, with b items that only model a
 * got right and c that only model b did. 1 when neither is better, above 1 when a is. n counts b +
 * c. The interval is exact: {@link ClopperPearson}'s [l, u] for b / (b + c) gives [l / (1 - l), u /
 * (1 - u)].
 *
 * <p>Infinite when c = 0 and b is not; NaN when both are 0. Its upper end is infinite when c = 0.
 *
 * <p>Source: A. Agresti, Categorical Data Analysis, 3rd edition, 2013, section 11.2; the interval
 * as in M. P. Fay, "Two-sided exact tests and matching confidence intervals for discrete data", R
 * Journal 2, 2010, doi:10.32614/RJ-2010-008.
 */
@AutoService(EffectSize.class)
public final class OddsRatio implements EffectSize {
  @Override
  public String name() {
    return "odds-ratio";
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.PAIRED_OUTCOMES);
  }

  @Override
  public List<Effect> effects(Evidence evidence, TestSettings settings) {
    PairedOutcomes o = (PairedOutcomes) evidence;
    Interval share = new ClopperPearson().of(o.onlyA(), o.discordant(), settings.level());
    Interval other = new ClopperPearson().of(o.onlyB(), o.discordant(), settings.level());
    // 1 - the end of one share is the end of the other, without the subtraction.
    Interval odds =
        new Interval(
            share.method(),
            share.level(),
            share.low() / other.high(),
            other.low() == 0 ? Double.POSITIVE_INFINITY : share.high() / other.low());
    return List.of(
        new Effect(
            name(),
            Subject.PAIR,
            (double) o.onlyA() / o.onlyB(),
            o.discordant() == 0 ? share : odds,
            o.discordant(),
            o.discordant() == 0 ? McNemar.NO_DISCORDANCE : ""));
  }
}
