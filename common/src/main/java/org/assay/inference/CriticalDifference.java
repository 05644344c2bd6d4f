package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * How far apart two mean ranks must be to be significant at 1 - level: "critical-difference" for
 * all pairs of models ({@link Nemenyi}), and "critical-difference-to-control" for one model against
 * all others ({@link BonferroniDunn}). What critical difference diagrams draw.
 *
 * <p>NaN without data sets. Source: J. Demsar, JMLR 7, 2006, 1-30.
 */
@AutoService(EffectSize.class)
public final class CriticalDifference implements EffectSize {
  @Override
  public String name() {
    return "critical-difference";
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.SCORE_TABLE);
  }

  @Override
  public List<Effect> effects(Evidence evidence, TestSettings settings) {
    MeanRanks.Ranks ranks = MeanRanks.Ranks.of((ScoreTable) evidence);
    return List.of(
        effect(name(), Nemenyi.criticalDifference(ranks, settings.alpha()), ranks, settings),
        effect(
            name() + "-to-control",
            BonferroniDunn.criticalDifference(ranks, settings.alpha()),
            ranks,
            settings));
  }

  private static Effect effect(
      String name, double value, MeanRanks.Ranks ranks, TestSettings settings) {
    return new Effect(
        name,
        Subject.ALL,
        ranks.defect().isEmpty() ? value : Double.NaN,
        Interval.none(settings.level()),
        ranks.n(),
        ranks.defect());
  }
}
