package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.assay.UserException;
import org.assay.metric.Metric.Direction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every test and effect size that is discovered. */
class ComparisonTestContractTest {
  private static final TestSettings SETTINGS = TestSettings.DEFAULT.withMargin(0.1).withControl(0);
  private static final double NAN = Double.NaN;

  static Stream<ComparisonTest> tests() {
    return ComparisonTests.all().stream();
  }

  static Stream<EffectSize> effectSizes() {
    return EffectSizes.all().stream();
  }

  private static RocPlacements areas(int... order) {
    boolean[] labels = {true, true, true, true, false, false, false, false};
    double[][] scores = {{3, 1, 5, 7, 2, 0, 4, 5}, {6, 1, 5, 8, 2, 3, 4, 5}};
    double[][] ordered = new double[order.length][];
    for (int i = 0; i < order.length; i++) {
      ordered[i] = scores[order[i]];
    }
    return RocPlacements.of(labels, ordered);
  }

  private static FoldScores folds(int repeats, int folds) {
    double[][] a = new double[repeats][folds];
    double[][] b = new double[repeats][folds];
    for (int r = 0; r < repeats; r++) {
      for (int f = 0; f < folds; f++) {
        a[r][f] = 0.8 + 0.01 * ((7 * r + 3 * f) % 11);
        b[r][f] = 0.82 + 0.01 * ((5 * r + 2 * f) % 7);
      }
    }
    return new FoldScores(a, b, 50, 50, FoldScores.Splits.FOLDS, Direction.HIGHER_IS_BETTER);
  }

  private static ScoreTable table(int a, int b) {
    double[][] values = {{.8, .7}, {.6, .9}, {.5, .4}, {.3, .3}, {.9, .2}, {.75, .7}, {.61, .6}};
    return new ScoreTable(values, 2, Direction.HIGHER_IS_BETTER).pair(a, b);
  }

  private static Difference difference(double value, double error) {
    return new Difference(
        value, error, Double.POSITIVE_INFINITY, "normal", 100, Direction.HIGHER_IS_BETTER, "");
  }

  /** Sound evidence of every kind, and the same with the two models exchanged. */
  private static List<Evidence[]> sound() {
    return List.of(
        new Evidence[] {new PairedOutcomes(20, 5, 14, 40), new PairedOutcomes(20, 14, 5, 40)},
        new Evidence[] {
          new OutcomeTotals(new long[] {45, 54}, new long[] {20, 19, 40}),
          new OutcomeTotals(new long[] {54, 45}, new long[] {20, 19, 40})
        },
        new Evidence[] {areas(0, 1), areas(1, 0)},
        new Evidence[] {folds(5, 2), folds(5, 2).swapped()},
        new Evidence[] {folds(1, 10), folds(1, 10).swapped()},
        new Evidence[] {table(0, 1), table(1, 0)},
        new Evidence[] {difference(0.03, 0.02), difference(-0.03, 0.02)});
  }

  /** Evidence of every kind from which nothing follows. */
  private static List<Evidence> empty() {
    double[][] none = {};
    double[][] bad = {{NAN, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};
    double[][] same = {{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};
    return List.of(
        new PairedOutcomes(0, 0, 0, 0),
        new OutcomeTotals(new long[2], new long[3]),
        new OutcomeTotals(new long[] {3, 3}, new long[] {1, 0, 3}),
        new RocPlacements(2),
        areas(0, 0),
        RocPlacements.of(new boolean[] {true, false}, new double[] {1, 0}, new double[] {0, 1}),
        foldsOf(none),
        foldsOf(bad),
        foldsOf(same),
        foldsOf(new double[][] {{0.5}}),
        foldsOf(new double[][] {{NAN, 1, 2}}),
        foldsOf(new double[][] {{3, 3, 3}}),
        new ScoreTable(none, 2, Direction.HIGHER_IS_BETTER),
        new ScoreTable(bad, 2, Direction.HIGHER_IS_BETTER),
        difference(NAN, 1),
        difference(1, NAN),
        difference(1, 0));
  }

  private static FoldScores foldsOf(double[][] a) {
    double[][] b = new double[a.length][];
    for (int r = 0; r < b.length; r++) {
      b[r] = new double[a[r].length];
    }
    return new FoldScores(a, b, 50, 50, FoldScores.Splits.FOLDS, Direction.HIGHER_IS_BETTER);
  }

  @ParameterizedTest
  @MethodSource("tests")
  void hasANameAndIsFoundByIt(ComparisonTest test) {
    assertThat(test.name()).matches("[a-z0-9]+(-[a-z0-9]+)*");
    assertThat(ComparisonTests.named(test.name())).hasSameClassAs(test);
    assertThat(test.accepts()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("tests")
  void answersSoundEvidence(ComparisonTest test) {
    int answered = 0;
    for (Evidence[] pair : sound()) {
      if (ComparisonTests.refusal(test, pair[0], SETTINGS) != null) {
        continue;
      }
      answered++;
      List<TestResult> results = test.results(pair[0], SETTINGS);
      assertThat(results).isNotEmpty().isEqualTo(test.results(pair[0], SETTINGS));
      assertThat(results.get(0).test()).isEqualTo(test.name());
      for (TestResult result : results) {
        if (!test.name().equals("bayesian-correlated-t")) {
          assertThat(result.isDefined()).as(result.toString()).isTrue();
        }
        assertThat(result.effect()).isFinite();
        if (result.interval().isDefined() && test.scope() == ComparisonTest.Scope.PAIR) {
          assertThat(result.interval().contains(result.effect())).as(result.toString()).isTrue();
        }
        if (test.scope() == ComparisonTest.Scope.OMNIBUS) {
          assertThat(result.subject()).isEqualTo(Subject.ALL);
        } else {
          assertThat(result.subject()).isEqualTo(Subject.PAIR);
        }
      }
    }
    assertThat(answered).isPositive();
  }

  /** Exchanging the models negates the effect and keeps p; of omnibus tests nothing changes. */
  @ParameterizedTest
  @MethodSource("tests")
  void exchangingTheModels(ComparisonTest test) {
    for (Evidence[] pair : sound()) {
      if (ComparisonTests.refusal(test, pair[0], SETTINGS) != null) {
        continue;
      }
      List<TestResult> results = test.results(pair[0], SETTINGS);
      List<TestResult> exchanged = test.results(pair[1], SETTINGS);
      for (int i = 0; i < results.size(); i++) {
        TestResult one = results.get(i);
        TestResult other = exchanged.get(i);
        if (test.scope() == ComparisonTest.Scope.OMNIBUS) {
          assertThat(other).isEqualTo(one);
          continue;
        }
        assertThat(other.effect()).isEqualTo(-one.effect());
        if (one.interval().isDefined()) {
          assertThat(other.interval().low()).isCloseTo(-one.interval().high(), within(1e-15));
          assertThat(other.interval().high()).isCloseTo(-one.interval().low(), within(1e-15));
        }
        if (test.name().equals("non-inferiority") || test.name().equals("bayesian-correlated-t")) {
          continue; // asks another question then; has no p
        }
        assertThat(other.pValue()).isEqualTo(one.pValue());
        if (one.statistic() < 0 || other.statistic() < 0) {
          assertThat(other.statistic()).isEqualTo(-one.statistic());
        }
      }
    }
  }

  /** Never a number by accident, and never an exception. */
  @ParameterizedTest
  @MethodSource("tests")
  void saysWhyThereIsNoNumber(ComparisonTest test) {
    for (Evidence evidence : empty()) {
      if (ComparisonTests.refusal(test, evidence, SETTINGS) != null) {
        continue;
      }
      for (TestResult result : test.results(evidence, SETTINGS)) {
        boolean ranksOnly =
            evidence instanceof ScoreTable table
                && test.scope() == ComparisonTest.Scope.POST_HOC
                && table.defect().isEmpty();
        if (!ranksOnly) {
          assertThat(result.pValue()).as(evidence + " " + result).isNaN();
          assertThat(result.statistic()).as(evidence + " " + result).isNaN();
        }
        assertThat(result.note()).as(evidence + " " + result).isNotEmpty();
        assertThat(Double.isInfinite(result.effect())).isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tests")
  void refusesOtherKindsOfEvidence(ComparisonTest test) {
    for (Evidence[] pair : sound()) {
      if (!test.accepts().contains(pair[0].kind())) {
        assertThat(ComparisonTests.refusal(test, pair[0], SETTINGS))
            .startsWith(test.name() + " needs ")
            .endsWith("; found " + pair[0].kind().words());
        assertThatIllegalArgumentException()
            .isThrownBy(() -> ComparisonTests.results(test, pair[0], SETTINGS));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("effectSizes")
  void effectsAreNamedAndSayWhyTheyAreNaN(EffectSize size) {
    assertThat(size.name()).matches("[a-z0-9]+(-[a-z0-9]+)*");
    int found = 0;
    for (Evidence[] pair : sound()) {
      if (size.accepts().contains(pair[0].kind())) {
        List<Effect> effects = size.effects(pair[0], SETTINGS);
        assertThat(effects).allMatch(Effect::isDefined).isEqualTo(size.effects(pair[0], SETTINGS));
        found += effects.size();
      }
    }
    assertThat(found).isPositive();
    for (Evidence evidence : empty()) {
      if (size.accepts().contains(evidence.kind())) {
        assertThat(size.effects(evidence, SETTINGS))
            .allMatch(e -> !e.isDefined() || Double.isFinite(e.value()));
      }
    }
  }

  @Test
  void namesAreThoseOfTheDocuments() {
    assertThat(ComparisonTests.names())
        .containsExactly(
            "bayesian-correlated-t",
            "bonferroni-dunn",
            "bouckaert-frank",
            "cochran-q",
            "corrected-resampled-t",
            "delong",
            "difference-of-proportions",
            "f-test",
            "five-by-two-f",
            "five-by-two-t",
            "friedman",
            "holm",
            "k-fold-t",
            "mcnemar-corrected",
            "mcnemar-exact",
            "mcnemar-mid-p",
            "mcnemar-uncorrected",
            "nemenyi",
            "non-inferiority",
            "resampled-t",
            "tost",
            "wilcoxon");
    assertThat(EffectSizes.all())
        .extracting(EffectSize::name)
        .containsExactly(
            "bayesian-correlated-t",
            "cliffs-delta",
            "cohens-g",
            "critical-difference",
            "hodges-lehmann",
            "kendalls-w",
            "mean-rank",
            "minimum-detectable-effect",
            "odds-ratio");
    assertThatThrownBy(() -> ComparisonTests.named("mcnemar"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("unknown test 'mcnemar'")
        .hasMessageContaining("known: bayesian-correlated-t, bonferroni-dunn");
  }

  @Test
  void settingsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SETTINGS.withMargin(-0.1))
        .withMessage("margin -0.1: must be positive, in the metric's unit");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SETTINGS.withRope(NAN))
        .withMessageStartingWith("rope NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SETTINGS.withPower(80))
        .withMessage("power 80.0: must be between 0 and 1, such as 0.8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SETTINGS.withControl(-2))
        .withMessageStartingWith("control -2");
    assertThatIllegalArgumentException().isThrownBy(() -> SETTINGS.withLevel(1));
  }
}
