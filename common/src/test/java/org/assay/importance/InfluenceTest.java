package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.assay.random.Keyed;
import org.assay.random.Permutation;
import org.junit.jupiter.api.Test;

/** The error that rows leave, against closed forms and by simulation. */
class InfluenceTest {

  /** Squared losses of the model w x when row i has the value of row j, y = w x + noise. */
  private static double loss(double w, double[] x, double[] noise, int i, int j) {
    double residual = w * (x[i] - x[j]) + noise[i];
    return residual * residual;
  }

  /** The importance and its influence, each row its own group, from some permutations. */
  private static Influence influence(double w, double[] x, double[] noise, int[][] donors) {
    int n = x.length;
    double[] base = new double[n];
    double[] changed = new double[n];
    double baseTotal = 0;
    double total = 0;
    for (int i = 0; i < n; i++) {
      base[i] = noise[i] * noise[i];
      baseTotal += base[i];
      for (int[] donor : donors) {
        double l = loss(w, x, noise, i, donor[i]);
        changed[i] += l;
        changed[donor[i]] += l;
        total += l;
      }
    }
    int repeats = donors.length;
    double[] without = new double[n];
    for (int g = 0; g < n; g++) {
      // Each row that is left has as many donors as repeats, but for those that g was the donor of.
      without[g] = (total - changed[g]) / ((n - 2.0) * repeats) - (baseTotal - base[g]) / (n - 1.0);
    }
    return Influence.of(total / (n * repeats) - baseTotal / n, without, 0);
  }

  private static int[][] permutations(Keyed function, int repeats, int n) {
    int[][] donors = new int[repeats][n];
    for (int r = 0; r < repeats; r++) {
      Permutation permutation = Permutation.of(function, r, n);
      for (int i = 0; i < n; i++) {
        donors[r][i] = (int) permutation.at(i);
      }
    }
    return donors;
  }

  /** All shifts give every row every donor once: no draw is left, and the influence is known. */
  @Test
  void linearModelWithEveryDonor() {
    int n = 500;
    Random random = new Random(2);
    double[] x = random.doubles(n).map(u -> 4 * u * u).toArray();
    double[] noise = new double[n];
    int[][] shifts = new int[n][n];
    for (int r = 0; r < n; r++) {
      for (int i = 0; i < n; i++) {
        shifts[r][i] = (i + r) % n;
      }
    }
    double w = 1.5;
    Influence found = influence(w, x, noise, shifts);
    double mean = java.util.Arrays.stream(x).average().orElseThrow();
    double variance =
        java.util.Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    // The importance is 2 w^2 var(x); a row's influence on it 2 w^2 ((x - mean)^2 - var(x)).
    double squares =
        java.util.Arrays.stream(x)
            .map(v -> 2 * w * w * ((v - mean) * (v - mean) - variance))
            .map(v -> v * v)
            .average()
            .orElseThrow();
    assertThat(found.error()).isCloseTo(Math.sqrt(squares / n), within(0.02 * found.error()));
    assertThat(found.groups()).isEqualTo(n);
    assertThat(Influence.signFlips(List.of(found), Keyed.of(1, "signs"), 999))
        .containsExactly(0.001);
  }

  @Test
  void nothingChanges() {
    Influence none = Influence.of(0, new double[20], 0);
    assertThat(none.error()).isZero();
    assertThat(none.interval(0, 0.95).low()).isZero();
    assertThat(Influence.signFlips(List.of(none), Keyed.of(1, "signs"), 99)).containsExactly(1);
    Influence ratio =
        Influence.of(1, java.util.stream.DoubleStream.generate(() -> 1).limit(9).toArray(), 1);
    assertThat(Influence.signFlips(List.of(ratio), Keyed.of(1, "signs"), 99)).containsExactly(1);
  }

  @Test
  void notKnown() {
    assertThat(Influence.of(1, new double[] {1}, 0).isKnown()).isFalse();
    assertThat(Influence.of(1, new double[] {1, Double.NaN}, 0).isKnown()).isFalse();
    assertThat(Influence.signFlips(List.of(Influence.NONE), Keyed.of(1, "s"), 9)[0]).isNaN();
    assertThat(Influence.NONE.interval(0, 0.95).isDefined()).isFalse();
  }

  /**
   * 2,000 samples of 200 rows of a linear model: intervals of 95 % hold the importance of other
   * rows, 2 w^2, in 93 % to 99 % of them; a model that relies on a column of noise gets p below .05
   * in at most 6.5 % (each bound is passed by a right implementation in all but one of 1,000
   * seeds).
   */
  @Test
  void coverageAndSize() {
    int n = 200;
    Random random = new Random(11);
    int held = 0;
    int rejected = 0;
    int samples = 2000;
    for (int s = 0; s < samples; s++) {
      double[] x = random.doubles(n).map(u -> 3.4641016151377544 * (u - 0.5)).toArray();
      double[] noise = new double[n];
      double[] unrelated = new double[n];
      for (int i = 0; i < n; i++) {
        noise[i] = random.nextGaussian();
        unrelated[i] = random.nextGaussian();
      }
      int[][] donors = permutations(Keyed.of(s, "donors"), 5, n);
      Influence of = influence(1, x, noise, donors);
      double importance = 0;
      for (double p : of.pseudo()) {
        importance += p / n;
      }
      held += of.interval(importance, 0.95).contains(2) ? 1 : 0;
      // A model that adds .3 z to what is right, of a z that has nothing to do with anything: what
      // is
      // left of y is then noise - .3 z, and its importance is 0 on other rows.
      double[] left = new double[n];
      for (int i = 0; i < n; i++) {
        left[i] = noise[i] - 0.3 * unrelated[i];
      }
      Influence none = influence(0.3, unrelated, left, donors);
      rejected += Influence.signFlips(List.of(none), Keyed.of(s, "signs"), 199)[0] <= 0.05 ? 1 : 0;
    }
    assertThat(held / (double) samples).isBetween(0.93, 0.99);
    assertThat(rejected / (double) samples).isLessThan(0.065);
  }
}
