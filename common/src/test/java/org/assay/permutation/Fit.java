package org.assay.permutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Chi-square tests of counts. Seeds are fixed; with others, a right implementation would fail each
 * with probability {@value #ALPHA}.
 */
final class Fit {
  static final double ALPHA = 1e-4;

  private Fit() {}

  /** That counts come from these probabilities; cells with fewer than 5 expected are joined. */
  static void assertFits(long[] observed, double[] probabilities) {
    long n = 0;
    for (long count : observed) {
      n += count;
    }
    double chi2 = 0;
    int cells = 0;
    double expected = 0;
    double seen = 0;
    double rest = 1;
    for (int k = 0; k < observed.length; k++) {
      expected += n * probabilities[k];
      seen += observed[k];
      rest -= probabilities[k];
      if (expected >= 5 && (rest * n >= 5 || k == observed.length - 1)) {
        chi2 += (seen - expected) * (seen - expected) / expected;
        cells++;
        expected = 0;
        seen = 0;
      }
    }
    if (expected > 0) {
      chi2 += (seen - expected) * (seen - expected) / expected;
      cells++;
    }
    assertThat(cells).isGreaterThan(1);
    assertThat(ChiSquaredDistribution.of(cells - 1.0).survivalProbability(chi2))
        .isGreaterThan(ALPHA);
  }

  static void assertUniform(long[] observed) {
    double[] probabilities = new double[observed.length];
    Arrays.fill(probabilities, 1.0 / observed.length);
    assertFits(observed, probabilities);
  }
}
