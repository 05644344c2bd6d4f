package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.assay.fit.Examples;
import org.assay.fit.Glm;
import org.assay.fit.GlmModel;
import org.assay.fit.LinearModel;
import org.assay.fit.LogisticModel;
import org.assay.fit.Model;
import org.assay.permutation.Donors;
import org.assay.permutation.Strata;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LinearExchangeTest {
  private static final double[] WEIGHTS = {0.1, -0.7, 0, 1.3, 0.3};
  private static final double[] OTHER = {-0.2, 0.9, 0, 0.01, 7};
  private static final FeatureGroups GROUPS =
      new FeatureGroups(
          5,
          List.of("a", "b", "c", "d", "b and d", "all"),
          new int[][] {{0}, {1}, {2}, {3}, {1, 3}, {0, 1, 2, 3, 4}});

  /**
   * Values of a few kinds, so that many exchanged rows are equal, and none is a binary fraction.
   */
  static double[] someRows(int count, int width) {
    Keyed keyed = Keyed.of(3, "rows");
    double[] rows = new double[count * width];
    Arrays.setAll(rows, i -> 0.1 * keyed.below(3, 0, i));
    return rows;
  }

  private abstract static class OfModel extends ExchangeContract {
    abstract Model model();

    @Override
    double[] outputs(double[] row) {
      return model().predict(Examples.of(new double[][] {row}, new double[1]));
    }

    @Override
    double tolerance() {
      return 4e-15;
    }

    @Override
    double[] rows(int count) {
      return someRows(count, 5);
    }

    @Override
    int unusedGroups() {
      return 1;
    }
  }

  @Nested
  class OfLinear extends OfModel {
    @Override
    LinearModel model() {
      return new LinearModel(-0.37, WEIGHTS);
    }

    @Override
    Exchange exchange() {
      return LinearExchange.of(GROUPS, model(), new double[] {0.2, 0.2, 0.2, 0.2, 0.2});
    }
  }

  @Nested
  class OfTwoClasses extends OfModel {
    @Override
    LogisticModel model() {
      return new LogisticModel(new double[] {0.4}, new double[][] {WEIGHTS});
    }

    @Override
    Exchange exchange() {
      return LinearExchange.of(GROUPS, model(), new double[] {0.2, 0.2, 0.2, 0.2, 0.2});
    }
  }

  @Nested
  class OfThreeClassesOneOfThemUnseen extends OfModel {
    @Override
    LogisticModel model() {
      return new LogisticModel(
          new double[] {0.4, Double.NEGATIVE_INFINITY, -0.1},
          new double[][] {WEIGHTS, new double[5], OTHER});
    }

    @Override
    Exchange exchange() {
      return LinearExchange.of(GROUPS, model(), new double[] {0.2, 0.2, 0.2, 0.2, 0.2});
    }
  }

  @Nested
  class OfCounts extends OfModel {
    @Override
    GlmModel model() {
      return new GlmModel(Glm.POISSON_LOG, new LinearModel(0.3, WEIGHTS), null);
    }

    @Override
    Exchange exchange() {
      return LinearExchange.of(GROUPS, model(), new double[] {0.2, 0.2, 0.2, 0.2, 0.2});
    }
  }

  /** What any model is exchanged by, put to the same proof. */
  @Nested
  class OfAny extends OfModel {
    @Override
    LogisticModel model() {
      return new LogisticModel(new double[] {0.4}, new double[][] {WEIGHTS});
    }

    @Override
    Exchange exchange() {
      return new AnyExchange(GROUPS, RowFunction.of(model(), 5));
    }

    @Override
    void groupsThatAreNotUsedChangeNothing() {
      assertThat(exchange().uses(2)).isTrue();
    }
  }

  /** Exact expectations over all permutations: every row is every row's donor equally often. */
  private static double importance(double[] x, double[] y, double intercept, double slope) {
    int n = x.length;
    Exchange exchange =
        LinearExchange.of(
            FeatureGroups.singles(List.of("x")),
            new LinearModel(intercept, new double[] {slope}),
            LinearExchange.largest(x, n, 1));
    Exchange.Prepared rows = exchange.prepare(x, n);
    double[] own = new double[n];
    exchange.predict(rows, 0, n, own);
    double sum = 0;
    for (int shift = 0; shift < n; shift++) {
      int[] donor = new int[n];
      for (int i = 0; i < n; i++) {
        donor[i] = (i + shift) % n;
      }
      double[][] out = new double[1][n];
      exchange.exchange(rows, 0, n, rows, donor, out);
      for (int i = 0; i < n; i++) {
        sum += (out[0][i] - y[i]) * (out[0][i] - y[i]) - (own[i] - y[i]) * (own[i] - y[i]);
      }
    }
    return sum / n / n;
  }

  /** A least squares fit, recomputed with numpy: twice slope^2 times the variance (with n) of x. */
  @Test
  void leastSquaresHasTheImportanceOfTheFormula() {
    double[] x = {1, 2, 3, 5, 8};
    double[] y = {1, 3, 2, 6, 9};
    double slope = 1.1428571428571428;
    double intercept = 4.2 - slope * 3.8;
    assertThat(importance(x, y, intercept, slope)).isCloseTo(16.0914285714, within(1e-9));
  }

  @Test
  void anAdditiveModelHasTwiceTheVariancesOfItsTerms() {
    Keyed keyed = Keyed.of(1, "additive");
    double[] x = new double[200];
    Arrays.setAll(x, i -> keyed.uniform(0, i) * 10 - 3);
    double mean = Arrays.stream(x).sum() / x.length;
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / x.length;
    double[] y = Arrays.stream(x).map(v -> 2.5 * v).toArray();
    assertThat(importance(x, y, 0, 2.5))
        .isCloseTo(2 * 2.5 * 2.5 * variance, within(1e-10 * variance));
  }

  /**
   * Recomputed by enumeration: mean .5 and SD .2236067977 over all 720 permutations, .6 over pairs.
   */
  @Test
  void theFallInAccuracyOverAllPermutations() {
    double[] rows = {1, 9, 9, 1, 9, 9, 1, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9};
    Exchange exchange =
        LinearExchange.of(
            FeatureGroups.singles(List.of("a", "b", "c")),
            new LogisticModel(new double[] {-1}, new double[][] {{2, 0, 0}}),
            new double[] {1, 9, 9});
    Exchange.Prepared prepared = exchange.prepare(rows, 6);
    Donors all = Donors.within(Keyed.of(1, "none"), Strata.one(6), 720);
    assertThat(all.arrangements()).isEqualTo(720);
    double sum = 0;
    double squares = 0;
    double switched = 0;
    for (int replicate = 0; replicate < 720; replicate++) {
      int[] donor = new int[6];
      all.fill(replicate, donor);
      double[][] out = new double[3][12];
      exchange.exchange(prepared, 0, 6, prepared, donor, out);
      double fall = 0;
      for (int i = 0; i < 6; i++) {
        fall += (out[0][2 * i + 1] > 0.5 ? 1 : 0) == rows[3 * i] ? 0 : 1 / 6.0;
        // Of all permutations each other row is a row's donor in 120.
        switched += donor[i] != i && rows[3 * donor[i]] != rows[3 * i] ? 1.0 / 120 / 30 : 0;
      }
      assertThat(out[1]).isEqualTo(out[2]);
      sum += fall;
      squares += fall * fall;
    }
    assertThat(sum / 720).isCloseTo(0.5, within(1e-12));
    assertThat(Math.sqrt(squares / 720 - 0.25)).isCloseTo(0.2236067977, within(1e-10));
    assertThat(switched).isCloseTo(0.6, within(1e-12));
  }

  /** A column twice, each with half of the weight: a quarter of the importance, the pair all. */
  @Test
  void aPairOfEqualColumnsKeepsWhatItsMembersLose() {
    double[] x = {1, 2, 3, 5, 8};
    double[] rows = {1, 1, 2, 2, 3, 3, 5, 5, 8, 8};
    Exchange exchange =
        LinearExchange.of(
            new FeatureGroups(2, List.of("a", "b", "both"), new int[][] {{0}, {1}, {0, 1}}),
            new LinearModel(0, new double[] {1, 1}),
            new double[] {8, 8});
    Exchange.Prepared prepared = exchange.prepare(rows, 5);
    double[] importance = new double[3];
    for (int shift = 0; shift < 5; shift++) {
      int[] donor = new int[5];
      for (int i = 0; i < 5; i++) {
        donor[i] = (i + shift) % 5;
      }
      double[][] out = new double[3][5];
      exchange.exchange(prepared, 0, 5, prepared, donor, out);
      for (int g = 0; g < 3; g++) {
        for (int i = 0; i < 5; i++) {
          importance[g] += (out[g][i] - 2 * x[i]) * (out[g][i] - 2 * x[i]) / 25;
        }
      }
    }
    // Twice w^2 times the variance 6.16, with w = 2 for both and 1 for each.
    assertThat(importance[0]).isCloseTo(2 * 6.16, within(1e-12));
    assertThat(importance[1]).isCloseTo(2 * 6.16, within(1e-12));
    assertThat(importance[2]).isCloseTo(8 * 6.16, within(1e-12));
  }

  @Test
  void largestLooksAtTheRowsThatCount() {
    assertThat(LinearExchange.largest(new double[] {1, -5, -2, 3, 100, 100}, 2, 2))
        .containsExactly(2, 5);
  }

  @Test
  void valuesBeyondWhatWasExpectedAreStillRight() {
    Exchange exchange =
        LinearExchange.of(
            FeatureGroups.singles(List.of("x", "y")),
            new LinearModel(0, new double[] {1, 1}),
            new double[] {1e-3, 1e-3});
    double[] rows = {1e9, 0.25, -1e12, 0.125};
    double[] out = new double[2];
    exchange.predict(exchange.prepare(rows, 2), 0, 2, out);
    assertThat(out[0]).isCloseTo(1e9 + 0.25, within(1e-6));
    assertThat(out[1]).isCloseTo(-1e12 + 0.125, within(1e-3));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(
            () ->
                LinearExchange.of(
                    FeatureGroups.singles(List.of("x")),
                    new LinearModel(0, new double[] {1, 1}),
                    new double[1]))
        .hasMessage("2 coefficients: must be one for each of 1 features");
    assertThatThrownBy(
            () ->
                LinearExchange.of(
                    FeatureGroups.singles(List.of("x")),
                    new LinearModel(0, new double[] {Double.NaN}),
                    new double[1]))
        .hasMessage("feature 0: coefficient NaN, largest value 0.0: must be finite, and 0 or more");
    assertThatThrownBy(
            () ->
                new LinearExchange(
                    FeatureGroups.singles(List.of("x")),
                    new double[2],
                    new double[2][1],
                    Link.LOGISTIC,
                    new double[1]))
        .hasMessage("2 scores: must be one, of the second of two classes");
    assertThatThrownBy(
            () ->
                new AnyExchange(
                    FeatureGroups.singles(List.of("x")),
                    RowFunction.of(new LinearModel(0, new double[2]), 2)))
        .hasMessage("groups of 1 features of a model with 2");
  }
}
