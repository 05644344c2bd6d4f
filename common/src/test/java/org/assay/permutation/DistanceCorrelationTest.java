package org.assay.permutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

/** Distance correlation against statsmodels, its definition by double centring, and chance. */
class DistanceCorrelationTest {
  private static final Keyed FUNCTION = Keyed.of(17, "distance correlation test");

  private static DistanceCorrelation of(double[] x, double[] y) {
    return new DistanceCorrelation(FUNCTION, Strata.one(x.length), x, y, 0);
  }

  /** Definition 3 of the paper of 2007: products of the doubly centred distances. */
  private static double covariance(double[] x, double[] y) {
    double[][] a = centred(x);
    double[][] b = centred(y);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x.length; j++) {
        sum += a[i][j] * b[i][j];
      }
    }
    return sum / x.length / x.length;
  }

  private static double[][] centred(double[] x) {
    int n = x.length;
    double[][] d = new double[n][n];
    double[] mean = new double[n];
    double all = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        d[i][j] = Math.abs(x[i] - x[j]);
        mean[i] += d[i][j] / n;
        all += d[i][j] / n / n;
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        d[i][j] += all - mean[i] - mean[j];
      }
    }
    return d;
  }

  private static double definition(double[] x, double[] y) {
    return Math.sqrt(
        Math.max(0, covariance(x, y)) / Math.sqrt(covariance(x, x) * covariance(y, y)));
  }

  /**
   * statsmodels 0.13.5 (numpy 1.24.2): {@code distance_statistics(x.reshape(-1, 1), y.reshape(-1,
   * 1)).distance_correlation}.
   */
  @Test
  void agreesWithStatsmodels() {
    double[] x = {2, 1, 2, 4, 6, 5, 9, 3.5};
    double[] y = {.3, .1, .5, .5, .9, .7, -2, .25};
    assertThat(of(x, y).observed(0)).isCloseTo(0.7940399258330391, within(1e-14));
    assertThat(of(y, x).observed(0)).isCloseTo(0.7940399258330391, within(1e-14));
  }

  private static double[] draw(Random random, int n, int kind) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] =
          switch (kind) {
            case 0 -> random.nextGaussian();
            case 1 -> random.nextInt(4);
            case 2 -> 1e6 + random.nextGaussian();
            default -> Math.tan(Math.PI * (random.nextDouble() - 0.5)); // Cauchy
          };
    }
    return x;
  }

  @Test
  void followsTheDefinition() {
    Random random = new Random(3);
    for (int n : new int[] {2, 3, 7, 64, 200}) {
      for (int kind = 0; kind < 16; kind++) {
        double[] x = draw(random, n, kind % 4);
        double[] y = draw(random, n, kind / 4);
        if (Arrays.stream(x).distinct().count() < 2 || Arrays.stream(y).distinct().count() < 2) {
          continue;
        }
        double expected = definition(x, y);
        // Squares, for a root near 0 magnifies; 1e6 + z holds z to 1e-10 of its spread.
        double apart = kind % 4 == 2 || kind / 4 == 2 ? 1e-9 : 1e-11;
        double found = of(x, y).observed(0);
        assertThat(found * found)
            .as("n %s, kind %s", n, kind)
            .isCloseTo(expected * expected, within(apart));
      }
    }
  }

  @Test
  void replicatesArePermutationsWithinStrata() {
    Random random = new Random(4);
    double[] x = draw(random, 60, 0);
    double[] y = draw(random, 60, 1);
    int[] codes = new int[60];
    Arrays.setAll(codes, i -> i % 3);
    Strata strata = Strata.of(codes);
    DistanceCorrelation statistic = new DistanceCorrelation(FUNCTION, strata, x, y, 0);
    Donors donors = Donors.within(FUNCTION, strata, 0);
    double[][] values = new double[1][20];
    statistic.fill(5, 25, values);
    int[] donor = new int[60];
    for (int r = 0; r < 20; r++) {
      donors.fill(5 + r, donor);
      double[] permuted = new double[60];
      for (int i = 0; i < 60; i++) {
        assertThat(donor[i] % 3).isEqualTo(i % 3);
        permuted[i] = y[donor[i]];
      }
      assertThat(values[0][r]).isCloseTo(definition(x, permuted), within(1e-12));
    }
  }

  /** All 120 permutations in the definition; a tie of y makes pairs of them equal. */
  @Test
  void countsTiesOfAllPermutations() {
    double[] x = {0.3, 1.7, 2.2, 5.1, 9.6};
    double[] y = {4, 1, 1, 7, 9};
    DistanceCorrelation statistic = new DistanceCorrelation(FUNCTION, Strata.one(5), x, y, 1_000);
    assertThat(statistic.arrangements()).isEqualTo(120);
    double observed = definition(x, y);
    int[] donor = new int[5];
    int extreme = 0;
    for (int r = 0; r < 120; r++) {
      Donors.within(FUNCTION, Strata.one(5), 1_000).fill(r, donor);
      double[] permuted = Arrays.stream(donor).mapToDouble(d -> y[d]).toArray();
      extreme += definition(x, permuted) >= observed - 1e-9 ? 1 : 0;
    }
    assertThat(StatisticsTest.p(statistic, Alternative.GREATER, 120))
        .returns((long) extreme, MonteCarloP::extreme)
        .returns("exact", MonteCarloP::method);
    assertThat(extreme).isEven().isPositive();
  }

  /** A shift, a scale of either sign and the other order of the columns change nothing. */
  @Test
  void dependsOnDistancesAlone() {
    Random random = new Random(5);
    double[] x = draw(random, 100, 0);
    double[] y = Arrays.stream(x).map(v -> v * v + random.nextGaussian()).toArray();
    double value = of(x, y).observed(0);
    assertThat(of(y, x).observed(0)).isCloseTo(value, within(1e-13));
    assertThat(of(Arrays.stream(x).map(v -> 3 - 7 * v).toArray(), y).observed(0))
        .isCloseTo(value, within(1e-12));
    assertThat(of(x, Arrays.stream(x).map(v -> 3 - 7 * v).toArray()).observed(0))
        .isCloseTo(1, within(1e-12));
    double[] huge = Arrays.stream(x).map(v -> v * 1e307).toArray();
    assertThat(of(huge, y).observed(0)).isCloseTo(value, within(1e-12));
  }

  /** Dependence without a slope, which ranks do not see: chance of a larger p below 1e-6. */
  @Test
  void seesWhatIsNotMonotone() {
    double[] x = new double[101];
    Arrays.setAll(x, i -> i - 50);
    double[] y = Arrays.stream(x).map(v -> v * v).toArray();
    assertThat(StatisticsTest.p(of(x, y), Alternative.GREATER, 999).p()).isEqualTo(1e-3);
    assertThat(StatisticsTest.p(of(x, y), Alternative.TWO_SIDED, 999).p()).isEqualTo(1e-3);
    Spearman spearman = new Spearman(FUNCTION, Strata.one(101), x, y, 0);
    assertThat(StatisticsTest.p(spearman, Alternative.TWO_SIDED, 999).p()).isGreaterThan(0.5);
  }

  /**
   * Of independent columns p is uniform on its 20 values: of 4,000 data sets some 200 have p = 1 /
   * 20 and 2,000 at most 1 / 2. Both counts are within 4.5 standard deviations, an error of 7e-6
   * each. With ties p is no smaller.
   */
  @Test
  void isValidWithoutDependence() {
    Random random = new Random(6);
    int[] small = new int[2];
    int half = 0;
    for (int i = 0; i < 4_000; i++) {
      for (int kind = 0; kind < 2; kind++) {
        DistanceCorrelation statistic =
            new DistanceCorrelation(
                FUNCTION.derive(i),
                Strata.one(12),
                draw(random, 12, kind),
                draw(random, 12, kind == 0 ? 3 : 1),
                0);
        double p =
            Double.isNaN(statistic.observed(0))
                ? 1
                : StatisticsTest.p(statistic, Alternative.GREATER, 19).p();
        small[kind] += p <= 0.05 ? 1 : 0;
        half += kind == 0 && p <= 0.5 ? 1 : 0;
      }
    }
    assertThat((double) small[0]).isCloseTo(200, within(4.5 * Math.sqrt(4_000 * 0.05 * 0.95)));
    assertThat((double) half).isCloseTo(2_000, within(4.5 * Math.sqrt(4_000 * 0.25)));
    assertThat((double) small[1]).isLessThan(200 + 4.5 * Math.sqrt(4_000 * 0.05 * 0.95));
  }

  @Test
  void isUndefinedWhenAColumnIsConstant() {
    double[] same = new double[5];
    double[] other = {1, 2, 3, 4, 5};
    assertThat(of(same, other).observed(0)).isNaN();
    assertThat(of(other, same).observed(0)).isNaN();
    assertThat(of(new double[0], new double[0]).observed(0)).isNaN();
    assertThat(of(new double[1], new double[1]).observed(0)).isNaN();
    assertThat(of(new double[] {0.0, -0.0}, new double[] {1, 2}).observed(0)).isNaN();
    double[][] values = new double[1][3];
    of(same, other).fill(0, 3, values);
    assertThat(values[0]).containsOnly(Double.NaN);
  }

  @Test
  void refusesWhatHasNoDistance() {
    double[] fine = {1, 2};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(fine, new double[] {1, Double.NaN}))
        .withMessage("NaN among the numbers: must be finite; leave out rows without a value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(new double[] {Double.POSITIVE_INFINITY, 1}, fine))
        .withMessageStartingWith("Infinity among the numbers");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(fine, new double[3]))
        .withMessage("2 and 3 numbers, strata of 2 rows: must be as many");
  }
}
