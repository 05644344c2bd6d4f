package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;

/** What tests of tests share. */
final class Results {
  private Results() {}

  static TestResult only(ComparisonTest test, Evidence evidence) {
    return only(test, evidence, TestSettings.DEFAULT);
  }

  static TestResult only(ComparisonTest test, Evidence evidence, TestSettings settings) {
    var results = ComparisonTests.results(test, evidence, settings);
    assertThat(results).hasSize(1);
    return results.get(0);
  }

  /** The effect of this name among those of the evidence. */
  static Effect effect(String name, Evidence evidence) {
    return EffectSizes.of(evidence, TestSettings.DEFAULT).stream()
        .filter(e -> e.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Within this share of the value: for numbers whose digits count, however small they are. */
  static Offset<Double> relative(double value, double share) {
    return within(Math.abs(value) * share);
  }

  static FoldScores folds(double[]... differences) {
    double[][] b = new double[differences.length][];
    for (int r = 0; r < b.length; r++) {
      b[r] = new double[differences[r].length];
    }
    return new FoldScores(
        differences,
        b,
        90,
        10,
        FoldScores.Splits.FOLDS,
        org.assay.metric.Metric.Direction.HIGHER_IS_BETTER);
  }
}
