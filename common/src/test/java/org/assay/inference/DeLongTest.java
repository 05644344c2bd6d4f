package org.assay.inference;

import static org.assay.inference.Results.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeLongTest {

  /** Two fitted models for the Adult data; computed with NumPy. */
  @Test
  void agreesOnAdult() {
    List<String[]> rows = References.csv("data/adult_predictions.csv");
    boolean[] positive = new boolean[rows.size()];
    double[] logit = new double[rows.size()];
    double[] forest = new double[rows.size()];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = rows.get(i)[4].equals("1");
      logit[i] = Double.parseDouble(rows.get(i)[5]);
      forest[i] = Double.parseDouble(rows.get(i)[6]);
    }
    JsonNode expected =
        References.json("oracles/adult_comparison.json").get("delong_logit_vs_forest");
    RocPlacements placements = RocPlacements.of(positive, logit, forest);
    assertThat(placements.area(0)).isCloseTo(expected.get("auc_a").asDouble(), within(1e-12));
    assertThat(placements.area(1)).isCloseTo(expected.get("auc_b").asDouble(), within(1e-12));
    assertThat(Math.sqrt(placements.variance(0)))
        .isCloseTo(expected.get("se_a").asDouble(), within(1e-12));
    assertThat(Math.sqrt(placements.variance(1)))
        .isCloseTo(expected.get("se_b").asDouble(), within(1e-12));
    TestResult result = only(new DeLong(), placements);
    assertThat(result.statistic()).isCloseTo(expected.get("z").asDouble(), within(1e-9));
    assertThat(result.pValue()).isCloseTo(expected.get("p").asDouble(), within(1e-18));
    assertThat(result.interval().low()).isCloseTo(expected.get("ci_low").asDouble(), within(1e-9));
    assertThat(result.interval().high())
        .isCloseTo(expected.get("ci_high").asDouble(), within(1e-9));
    assertThat(result.n()).isEqualTo(10854);
  }

  /** The definition, over all pairs, with ties. */
  @ParameterizedTest
  @CsvSource({"20, 0.5, 3", "35, 0.2, 10", "60, 0.7, 1000000", "5, 0.4, 2"})
  void agreesWithTheDefinition(int n, double rate, int grid) {
    Keyed random = Keyed.of(7, "delong " + n);
    boolean[] positive = new boolean[n];
    double[][] s = new double[3][n];
    for (int i = 0; i < n; i++) {
      positive[i] = i < 2 || i >= 4 && random.uniform(0, i) < rate;
      for (int r = 0; r < 3; r++) {
        s[r][i] = Math.rint((random.uniform(r + 1, i) + (positive[i] ? 0.3 : 0)) * grid);
      }
    }
    RocPlacements fast = RocPlacements.of(positive, s);
    Plain plain = Plain.of(positive, s);
    for (int r = 0; r < 3; r++) {
      assertThat(fast.area(r)).isCloseTo(plain.area[r], within(1e-14));
      for (int t = 0; t < 3; t++) {
        assertThat(fast.covariance(r, t)).isCloseTo(plain.covariance[r][t], within(1e-15));
        assertThat(fast.differenceVariance(r, t))
            .isCloseTo(
                plain.covariance[r][r] + plain.covariance[t][t] - 2 * plain.covariance[r][t],
                within(1e-15));
      }
    }
    assertThat(fast.select(2, 0).covariance(0, 1)).isEqualTo(fast.covariance(0, 2));
    assertThat(fast.select(1).variance(0)).isEqualTo(fast.variance(1));
  }

  private record Plain(double[] area, double[][] covariance) {

    static Plain of(boolean[] positive, double[][] s) {
      int models = s.length;
      int n = positive.length;
      double[][] v = new double[models][n];
      double[] area = new double[models];
      double p = 0;
      for (boolean b : positive) {
        p += b ? 1 : 0;
      }
      double q = n - p;
      for (int r = 0; r < models; r++) {
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) {
            if (positive[i] && !positive[j]) {
              double psi = s[r][i] > s[r][j] ? 1 : s[r][i] == s[r][j] ? 0.5 : 0;
              v[r][i] += psi / q;
              v[r][j] += psi / p;
              area[r] += psi / p / q;
            }
          }
        }
      }
      double[][] covariance = new double[models][models];
      for (int r = 0; r < models; r++) {
        for (int t = 0; t < models; t++) {
          for (int i = 0; i < n; i++) {
            double own = positive[i] ? p : q;
            covariance[r][t] += (v[r][i] - area[r]) * (v[t][i] - area[t]) / (own - 1) / own;
          }
        }
      }
      return new Plain(area, covariance);
    }
  }

  @Test
  void partsMergeToTheWholeToTheBit() {
    boolean[] positive = {true, false, true, false, true, false, false, true};
    double[] a = {.3, .2, .9, .3, .5, .5, .1, .2};
    double[] b = {.1, .4, .8, .4, .9, .2, .3, .6};
    RocPlacements whole = RocPlacements.of(positive, a, b);
    // Placements given by whoever ranked the items; here by counting pairs.
    RocPlacements[] parts = {new RocPlacements(2), new RocPlacements(2)};
    for (int i = 7; i >= 0; i--) {
      long[] u = new long[2];
      for (int j = 0; j < 8; j++) {
        if (positive[i] != positive[j]) {
          u[0] += 1 + (positive[i] ? 1 : -1) * (int) Math.signum(a[i] - a[j]);
          u[1] += 1 + (positive[i] ? 1 : -1) * (int) Math.signum(b[i] - b[j]);
        }
      }
      parts[i % 3 == 0 ? 0 : 1].add(positive[i], u);
    }
    parts[1].merge(parts[0]);
    assertThat(parts[1].area(0)).isEqualTo(whole.area(0));
    assertThat(parts[1].covariance(0, 1)).isEqualTo(whole.covariance(0, 1));
    assertThat(only(new DeLong(), parts[1])).isEqualTo(only(new DeLong(), whole));
  }

  /** Sums of products beyond 64 bits: 2^20 items of each class, placed at the far end. */
  @Test
  void productsAreWide() {
    RocPlacements far = new RocPlacements(1);
    long n = 1L << 20;
    long most = 1L << 31;
    for (int i = 0; i < n; i++) {
      far.add(true, i % 2 == 0 ? most : most - 2);
      far.add(false, i % 2 == 0 ? 0 : 2);
    }
    // Each side: deviations of -+1 in units of placements, of 2 n to an area of 1.
    double side = 1.0 / (n - 1) / (2.0 * n) / (2.0 * n);
    assertThat(far.variance(0)).isCloseTo(2 * side, within(2 * side * 1e-14));
  }

  @Test
  void edges() {
    boolean[] one = {true, false, false, false};
    double[] s = {.5, .1, .7, .2};
    TestResult few = only(new DeLong(), RocPlacements.of(one, s, new double[] {.1, .2, .3, .4}));
    assertThat(few.pValue()).isNaN();
    assertThat(few.effect()).isCloseTo(2 / 3.0, within(1e-15));
    assertThat(few.note())
        .isEqualTo("1 positive and 3 negative items: the variance needs two of each");
    assertThat(DeLong.interval(RocPlacements.of(one, s), 0, 0.95).isDefined()).isFalse();
    assertThat(only(new DeLong(), new RocPlacements(2)).note()).isEqualTo("no items");
    assertThat(new RocPlacements(1).area(0)).isNaN();

    boolean[] two = {true, true, false, false};
    TestResult alike = only(new DeLong(), RocPlacements.of(two, s, s));
    assertThat(alike.pValue()).isNaN();
    assertThat(alike.effect()).isZero();
    assertThat(alike.note())
        .isEqualTo("the standard error is 0: both models place every item alike");
    assertThat(DeLong.interval(RocPlacements.of(two, new double[] {3, 4, 1, 2}), 0, 0.95))
        .isEqualTo(new Interval("delong", 0.95, 1, 1));
  }

  @Test
  void refusals() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RocPlacements.of(new boolean[2], new double[] {1, Double.NaN}))
        .withMessage("score of item 1 is NaN: must be a number");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RocPlacements.of(new boolean[2], new double[3]))
        .withMessage("3 scores for 2 labels: must be one for each");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> only(new DeLong(), new RocPlacements(3)))
        .withMessage("delong needs the placements of two models, found 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RocPlacements(2).add(true, 1L, -1L))
        .withMessageStartingWith("placement -1");
  }
}
