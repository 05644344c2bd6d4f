package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * Kendall's coefficient of concordance W: how far n data sets agree on the ranks of k models.
 * Friedman's statistic, corrected for ties, over its maximum n (k - 1): 1 when all data sets rank
 * the models alike, 0 when all mean ranks are equal. Without interval.
 *
 * <p>NaN without data sets, with an undefined value, and when every data set ties all models.
 *
 * <p>Source: M. G. Kendall and B. Babington Smith, "The problem of m rankings", Annals of
 * Mathematical Statistics 10, 1939, doi:10.1214/aoms/1177732186.
 */
@AutoService(EffectSize.class)
public final class KendallsW implements EffectSize {
  @Override
  public String name() {
    return "kendalls-w";
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.SCORE_TABLE);
  }

  @Override
  public List<Effect> effects(Evidence evidence, TestSettings settings) {
    TestResult friedman = new Friedman().results(evidence, settings).get(0);
    return List.of(
        new Effect(
            name(),
            Subject.ALL,
            friedman.effect(),
            friedman.interval(),
            friedman.n(),
            friedman.note()));
  }
}
