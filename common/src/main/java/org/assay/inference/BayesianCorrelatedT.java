package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The Bayesian correlated t-test of Corani and Benavoli. For the differences of two models on m
 * splits, with mean x&#772;, standard deviation s (with m - 1) and a correlation of nTest / (nTrain
 * + nTest) between splits, the posterior of the expected difference under the flat prior is
 *
 * <pre>
 *   Student's t with m - 1 df, location x&#772;, scale s sqrt(1 / m + nTest / nTrain)
 * </pre>
 *
 * <p>It answers with probabilities, not with a p-value. As a test result: the statistic is location
 * / scale with its df, the effect is the location with the credible interval of the level, and the
 * p-value is NaN, which the note explains together with the probabilities. As effects, for every
 * evidence from splits: "probability-a-better", "probability-equivalent" and
 * "probability-b-better", that the expected difference is beyond the region of practical
 * equivalence [-rope, rope] on either side, or inside. Better is by the metric's direction.
 *
 * <p>With rope 0, 1 minus the larger of the outer two is half the p-value of {@link
 * CorrectedResampledT}. <b>Edge results</b> as there.
 *
 * <p>Source: G. Corani and A. Benavoli, "A Bayesian approach for comparing cross-validated
 * algorithms on multiple data sets", Machine Learning 100, 2015, doi:10.1007/s10994-015-5486-z.
 */
@AutoService({ComparisonTest.class, EffectSize.class})
public final class BayesianCorrelatedT implements ComparisonTest, EffectSize {
  @Override
  public String name() {
    return "bayesian-correlated-t";
  }

  @Override
  public Scope scope() {
    return Scope.PAIR;
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.FOLD_SCORES);
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    Difference posterior = Difference.of((FoldScores) evidence);
    TestResult t = posterior.test(name(), settings.level());
    if (!t.isDefined()) {
      return List.of(t);
    }
    Probabilities p = Probabilities.of(posterior, settings.rope());
    return List.of(
        new TestResult(
            name(),
            t.subject(),
            t.statistic(),
            t.df1(),
            t.df2(),
            t.effect(),
            t.interval(),
            Double.NaN,
            t.n(),
            String.format(
                Locale.ROOT,
                "no p-value but probabilities: %.4f that a is better by more than %s, %.4f that"
                    + " neither is, %.4f that b is",
                p.better(),
                settings.rope(),
                p.equivalent(),
                p.worse())));
  }

  @Override
  public List<Effect> effects(Evidence evidence, TestSettings settings) {
    Difference posterior = Difference.of((FoldScores) evidence);
    Probabilities p = Probabilities.of(posterior, settings.rope());
    return List.of(
        effect("probability-a-better", p.better(), posterior, settings),
        effect("probability-equivalent", p.equivalent(), posterior, settings),
        effect("probability-b-better", p.worse(), posterior, settings));
  }

  private static Effect effect(
      String name, double value, Difference posterior, TestSettings settings) {
    return new Effect(
        name,
        Subject.PAIR,
        value,
        Interval.none(settings.level()),
        posterior.n(),
        posterior.defect());
  }

  private record Probabilities(double better, double equivalent, double worse) {

    static Probabilities of(Difference posterior, double rope) {
      if (!posterior.defect().isEmpty()) {
        return new Probabilities(Double.NaN, Double.NaN, Double.NaN);
      }
      double error = posterior.standardError();
      double above = StudentT.above((rope - posterior.value()) / error, posterior.df());
      double below = StudentT.above((posterior.value() + rope) / error, posterior.df());
      double inside = rope == 0 ? 0 : Math.max(0, 1 - above - below);
      return switch (posterior.direction()) {
        case HIGHER_IS_BETTER -> new Probabilities(above, inside, below);
        case LOWER_IS_BETTER -> new Probabilities(below, inside, above);
      };
    }
  }
}
