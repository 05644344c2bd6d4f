package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * The smallest true difference that a two-sided test at 1 - level would find with the given power,
 * with the n, the spread and the disagreement at hand. Positive, in the metric's unit; compare it
 * with the difference that would matter, not with the one that was found.
 *
 * <pre>
 *   a difference with standard error s  (q(alpha / 2) + q(1 - power)) s
 *   paired right/wrong answers          the d with z(alpha / 2) sqrt(r) + z(1 - power) sqrt(r - d^2) = d sqrt(n)
 * </pre>
 *
 * q(t) is the upper t-quantile of Student's t with the degrees of freedom of the standard error, z
 * the normal one, and r the share of items that exactly one of the models got right. The first
 * serves means on splits (with the corrected standard error) and areas under the ROC curve (with
 * DeLong's). It is an approximation for few degrees of freedom, where the exact effect needs the
 * noncentral t: for a power of 0.8 or 0.9 within 2 % from 4 degrees of freedom on, and too small
 * below.
 *
 * <p><b>Edge results.</b> NaN without a standard error or without disagreement. NaN as well when
 * more than all of the disagreement would have to be for one model, and the note says so.
 *
 * <p>Source: H. S. Bloom, "Minimum detectable effects", Evaluation Review 19, 1995,
 * doi:10.1177/0193841X9501900504; for paired proportions, R. J. Connor, "Sample size for testing
 * differences in proportions for the paired-sample design", Biometrics 43, 1987,
 * doi:10.2307/2531961.
 */
@AutoService(EffectSize.class)
public final class MinimumDetectableEffect implements EffectSize {
  @Override
  public String name() {
    return "minimum-detectable-effect";
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return MarginTest.ACCEPTS;
  }

  @Override
  public List<Effect> effects(Evidence evidence, TestSettings settings) {
    if (evidence instanceof PairedOutcomes outcomes) {
      return List.of(of(outcomes, settings));
    }
    if (evidence instanceof RocPlacements placements) {
      return placements.models() == 2
          ? List.of(of(Difference.of(placements), settings))
          : List.of();
    }
    if (evidence instanceof FoldScores scores) {
      return List.of(of(Difference.of(scores), settings));
    }
    return List.of(of((Difference) evidence, settings));
  }

  private Effect of(Difference difference, TestSettings settings) {
    String defect = difference.defect();
    double quantiles =
        StudentT.quantile(difference.df(), settings.alpha() / 2)
            + StudentT.quantile(difference.df(), 1 - settings.power());
    return effect(
        defect.isEmpty() ? quantiles * difference.standardError() : Double.NaN,
        difference.n(),
        defect,
        settings);
  }

  private Effect of(PairedOutcomes o, TestSettings settings) {
    if (o.discordant() == 0) {
      return effect(Double.NaN, o.n(), o.n() == 0 ? "no items" : McNemar.NO_DISCORDANCE, settings);
    }
    double n = o.n();
    double rate = o.discordant() / n;
    double za = StudentT.normalQuantile(settings.alpha() / 2);
    double zb = StudentT.normalQuantile(1 - settings.power());
    // The equation squared is quadratic in d; this is its root on the right side.
    double inside = n + zb * zb - za * za;
    double d = (za * Math.sqrt(n * rate) + zb * Math.sqrt(rate * inside)) / (n + zb * zb);
    if (!(d <= rate)) {
      return effect(
          Double.NaN,
          o.n(),
          "not to be had with "
              + o.discordant()
              + " items on which the models differ, even if all of them spoke for one",
          settings);
    }
    return effect(d, o.n(), "", settings);
  }

  private Effect effect(double value, long n, String note, TestSettings settings) {
    return new Effect(name(), Subject.PAIR, value, Interval.none(settings.level()), n, note);
  }
}
