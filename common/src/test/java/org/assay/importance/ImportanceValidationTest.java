package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.assay.Validation;
import org.assay.fit.Examples;
import org.assay.fit.LogisticModel;
import org.assay.random.Keyed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * How often intervals of importances hold the truth, and how often tests of importances and of
 * rankings reject a true hypothesis.
 *
 * <p>Asserted, within 4.75 standard errors of the simulations (an error probability of 1e-6): what
 * is exact by theory; and for large numbers of draws and sets what holds in the limit, with 0.01
 * for the approximation.
 */
@Tag("validation")
@TestMethodOrder(MethodOrderer.MethodName.class) // the order of the rows
class ImportanceValidationTest {
  private static final StringBuilder COVERAGE = new StringBuilder();
  private static final StringBuilder SIZES = new StringBuilder();

  @AfterAll
  static void write() {
    Validation.write(
        "Importances: coverage of intervals of level 0.95",
        """
        Shapley values and SAGE: estimate -+ 1.96 standard errors, of six players in a game of three-way interactions and of four features of
        a logistic model (draws of rows and orders); by the number of draws, all players together. Stability: of independent choices of 40
        features, by the number of sets. Importance by area: of one of two normal columns whose sum is the score, by the number of rows, five
        permutations; all rows apart up to 1000, else 256 groups; the truth in closed form.

        | interval | draws, sets or rows | simulations | coverage |
        |---|---:|---:|---:|
        """
            + COVERAGE);
    Validation.write(
        "Importances and rankings: tests of true hypotheses",
        """
        PIMP: an importance against 100 of the same distribution. Rankings: of features whose importances are independent, tied ones rounded to
        a few values; 199 orders where they are drawn. Stability: sets drawn at random, 199 arrangements. Importance by area: a column of the score
        that tells nothing of the label, five permutations, signs of the rows' parts.

        | test | case | simulations | rejected at 0.01 | 0.05 | 0.10 |
        |---|---|---:|---:|---:|---:|
        """
            + SIZES);
  }

  private static void assertShare(double share, double low, double high, int n) {
    double error = 4.75 * Math.sqrt(0.25 * 0.2 / n);
    assertThat(share).isBetween(low - error, high + error);
  }

  private static double coverage(String interval, int size, int simulations, int held, int of) {
    double coverage = held / (double) of;
    COVERAGE.append(
        String.format(
            Locale.ROOT, "| %s | %d | %d | %.4f |%n", interval, size, simulations, coverage));
    return coverage;
  }

  /** The shares of p-values at most 0.01, 0.05 and 0.1. */
  private static double[] sizes(String test, String of, double[] p) {
    double[] shares = new double[3];
    double[] levels = {0.01, 0.05, 0.1};
    for (int k = 0; k < 3; k++) {
      double level = levels[k] + 1e-12;
      shares[k] = Arrays.stream(p).filter(v -> v <= level).count() / (double) p.length;
    }
    SIZES.append(
        String.format(
            Locale.ROOT,
            "| %s | %s | %d | %.4f | %.4f | %.4f |%n",
            test,
            of,
            p.length,
            shares[0],
            shares[1],
            shares[2]));
    return shares;
  }

  /** Players whose triples are worth something. */
  private static final class Triples implements Game {
    @Override
    public int players() {
      return 6;
    }

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public void values(java.util.BitSet[] coalitions, double[] out) {
      for (int c = 0; c < coalitions.length; c++) {
        java.util.BitSet s = coalitions[c];
        out[c] =
            (s.get(0) && s.get(1) && s.get(2) ? 2 : 0)
                + (s.get(2) && s.get(3) && s.get(4) ? 1 : 0)
                + (s.get(0) && s.get(4) && s.get(5) ? -1 : 0)
                + (s.get(5) ? 0.5 : 0);
      }
    }
  }

  @Test
  void shapley() {
    Attribution exact = Shapley.exact(new Triples());
    for (int draws : new int[] {16, 64, 1000}) {
      int held = 0;
      int of = 0;
      int simulations = 2000;
      for (int seed = 0; seed < simulations; seed++) {
        Attribution drawn =
            Shapley.sampled(new Triples(), Keyed.of(seed, "coverage"), Precision.fixed(draws));
        for (int i = 0; i < 6; i++) {
          double off = Math.abs(drawn.value()[i][0] - exact.value()[i][0]);
          held += off <= 1.959964 * drawn.standardError()[i][0] + 1e-13 ? 1 : 0;
          of++;
        }
      }
      double found = coverage("Shapley value", draws, simulations, held, of);
      if (draws == 1000) {
        assertShare(found, 0.94, 0.96, simulations);
      }
    }
  }

  @Test
  void sage() {
    Keyed keyed = Keyed.of(1, "sage validation");
    double[] rows = new double[400];
    double[] label = new double[100];
    double[] ones = new double[100];
    Arrays.setAll(rows, i -> 2 * keyed.uniform(0, i) - 1);
    Arrays.setAll(label, i -> keyed.uniform(1, i) < 0.5 + 0.4 * rows[4 * i] ? 1 : 0);
    Arrays.fill(ones, 1);
    Examples all = new Examples(4, rows, label, ones);
    Sage sage =
        new Sage(
            RowFunction.of(
                new LogisticModel(new double[] {0}, new double[][] {{2, 0.5, -1, 0.1}}), 4),
            FeatureGroups.singles(List.of("a", "b", "c", "d")),
            rows,
            20,
            (y, out, at) -> -Math.log(out[at + (int) y]));
    Attribution exact = sage.exact(all);
    for (int draws : new int[] {32, 500}) {
      int held = 0;
      int simulations = 1000;
      for (int seed = 0; seed < simulations; seed++) {
        Draws drawn = sage.sampled(Keyed.of(seed, "coverage"), all, Precision.fixed(draws));
        for (int j = 0; j < 4; j++) {
          double off = Math.abs(drawn.value(j, 0) - exact.value()[j][0]);
          held += off <= 1.959964 * drawn.standardError(j, 0) ? 1 : 0;
        }
      }
      double found = coverage("SAGE", draws, simulations, held, 4 * simulations);
      if (draws == 500) {
        assertShare(found, 0.94, 0.96, simulations);
      }
    }
  }

  @Test
  void stability() {
    double[] p = new double[40];
    double mean = 0;
    double within = 0;
    for (int f = 0; f < 40; f++) {
      p[f] = f < 8 ? 0.9 : 0.05 + 0.005 * f;
      mean += p[f] / 40;
      within += p[f] * (1 - p[f]) / 40;
    }
    double truth = 1 - within / (mean * (1 - mean));
    for (int sets : new int[] {3, 5, 10, 100}) {
      int held = 0;
      int paper = 0;
      int simulations = 2000;
      for (int seed = 0; seed < simulations; seed++) {
        Keyed keyed = Keyed.of(seed, "stability");
        boolean[][] chosen = new boolean[sets][40];
        for (int s = 0; s < sets; s++) {
          for (int f = 0; f < 40; f++) {
            chosen[s][f] = keyed.uniform(s, f) < p[f];
          }
        }
        Stability stability = Stability.of(chosen, 0.95, keyed, 1);
        held += stability.interval().contains(truth) ? 1 : 0;
        paper += stability.asymptotic().contains(truth) ? 1 : 0;
      }
      double found = coverage("stability, jackknife-t", sets, simulations, held, simulations);
      assertShare(found, 0.94, 0.98, simulations);
      found = coverage("stability, normal", sets, simulations, paper, simulations);
      if (sets == 100) {
        assertShare(found, 0.93, 0.96, simulations);
      }
    }
  }

  @Test
  void testOfStability() {
    int simulations = 2000;
    double[] p = new double[simulations];
    for (int seed = 0; seed < simulations; seed++) {
      Keyed keyed = Keyed.of(seed, "random sets");
      boolean[][] chosen = new boolean[5][];
      for (int s = 0; s < 5; s++) {
        double[] drawn = new double[20];
        int set = s;
        Arrays.setAll(drawn, f -> keyed.uniform(set, f));
        chosen[s] = Rankings.top(drawn, 3 + s);
      }
      p[seed] = Stability.of(chosen, 0.95, Keyed.of(seed, "arrangements"), 199).p().p();
    }
    double[] shares = sizes("stability", "5 sets of 3 to 7 of 20", p);
    assertShare(shares[1], 0, 0.05, simulations);
    assertShare(shares[2], 0, 0.10, simulations);
  }

  private void importances(String name, DoubleUnaryOperator quantile) {
    int simulations = 4000;
    double[] empirical = new double[simulations];
    double[] fitted = new double[simulations];
    for (int seed = 0; seed < simulations; seed++) {
      Keyed keyed = Keyed.of(seed, "null importances");
      double[] values = new double[101];
      Arrays.setAll(
          values, i -> quantile.applyAsDouble(((keyed.bits(0, i) >>> 11) + 0.5) * 0x1.0p-53));
      NullImportance found = NullImportance.of(values[100], Arrays.copyOf(values, 100));
      empirical[seed] = found.empirical().p();
      fitted[seed] = found.fitted();
    }
    double[] shares = sizes("PIMP, empirical", name, empirical);
    assertShare(shares[1], 5 / 101.0, 5 / 101.0, simulations);
    shares = sizes("PIMP, fitted", name, fitted);
    if (!name.startsWith("two")) {
      assertShare(shares[1], 0.04, 0.06, simulations);
    }
  }

  /**
   * Positives have the columns' means 1 and 1/2, negatives 0, and a third column is the same in
   * both; all have variance 1, and the score is their sum, of the third a half. With u in place of
   * the first column of a random row the difference of two scores has a mean of 1/2 and one of -1,
   * 0, 0, 1.
   */
  @Test
  void areas() {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    double spread = Math.sqrt(2 * (1 + 1 + 0.25));
    double wide = Math.sqrt(2 * (1 + 0.25) + 2);
    double truth =
        normal.cumulativeProbability(1.5 / spread)
            - (normal.cumulativeProbability(-0.5 / wide)
                    + 2 * normal.cumulativeProbability(0.5 / wide)
                    + normal.cumulativeProbability(1.5 / wide))
                / 4;
    for (int rows : new int[] {100, 400, 4000}) {
      int simulations = rows > 1000 ? 1000 : 2000;
      int held = 0;
      double[] p = new double[simulations];
      for (int seed = 0; seed < simulations; seed++) {
        Keyed keyed = Keyed.of(seed, "areas");
        double[] label = new double[rows];
        double[][] x = new double[3][rows];
        for (int i = 0; i < rows; i++) {
          label[i] = keyed.below(2, 3, i);
          for (int c = 0; c < 3; c++) {
            double u = ((keyed.bits(c, i) >>> 11) + 0.5) * 0x1.0p-53;
            double mean = c == 0 ? label[i] : c == 1 ? label[i] / 2 : 0;
            x[c][i] = (mean + normal.inverseCumulativeProbability(u)) * (c == 2 ? 0.5 : 1);
          }
        }
        Importance informative = importance(label, x, 0, keyed);
        held += informative.influence().interval(informative.value(), 0.95).contains(truth) ? 1 : 0;
        p[seed] =
            Influence.signFlips(
                List.of(importance(label, x, 2, keyed).influence()), Keyed.of(seed, "signs"), 999)[
                0];
      }
      double found = coverage("importance by area", rows, simulations, held, simulations);
      assertShare(found, 0.93, 0.985, simulations);
      double[] shares = sizes("importance by area", rows + " rows", p);
      assertShare(shares[1], 0, 0.06, simulations);
    }
  }

  private record Importance(double value, Influence influence) {}

  /** Of one column, over five permutations. */
  private static Importance importance(double[] label, double[][] x, int column, Keyed keyed) {
    int n = label.length;
    RowGroups of = RowGroups.of(n, true, RowGroups.MOST);
    int[] group = new int[n];
    double[] score = new double[n];
    for (int i = 0; i < n; i++) {
      group[i] = of.of(i);
      score[i] = x[0][i] + x[1][i] + x[2][i];
    }
    RocArea area = new RocArea(of.count());
    double[] base = new double[of.count()];
    area.take(label, score, group, null, n);
    double all = area.concordance() / (2.0 * area.positives() * area.negatives());
    double[] changed = new double[of.count()];
    double value = 0;
    int repeats = 5;
    for (int r = 0; r < repeats; r++) {
      org.assay.random.Permutation donors = org.assay.random.Permutation.of(keyed.derive(7), r, n);
      double[] exchanged = new double[n];
      int[] donorGroup = new int[n];
      for (int i = 0; i < n; i++) {
        int donor = (int) donors.at(i);
        donorGroup[i] = group[donor];
        exchanged[i] = score[i] - x[column][i] + x[column][donor];
      }
      // The same pairs of a row and its donor leave on both sides.
      area.take(label, score, group, donorGroup, n);
      area.addWithout(base);
      area.take(label, exchanged, group, donorGroup, n);
      value += area.concordance() / (2.0 * area.positives() * area.negatives()) / repeats;
      area.addWithout(changed);
    }
    double[] without = new double[of.count()];
    Arrays.setAll(without, g -> (base[g] - changed[g]) / repeats);
    return new Importance(all - value, Influence.of(all - value, without, 0));
  }

  @Test
  void pimp() {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    importances("normal", normal::inverseCumulativeProbability);
    importances("exponential", u -> -Math.log1p(-u));
    importances("log-normal", u -> Math.exp(normal.inverseCumulativeProbability(u)));
    importances("two humps", u -> u < 0.5 ? u : 4 + u);
  }

  @Test
  void rankings() {
    for (int features : new int[] {6, 20}) {
      for (boolean tied : new boolean[] {false, true}) {
        int simulations = 1000;
        double[][] p = new double[4][simulations];
        List<Rankings.Agreement> found = List.of();
        for (int seed = 0; seed < simulations; seed++) {
          Keyed keyed = Keyed.of(seed, "independent importances");
          double[] a = new double[features];
          double[] b = new double[features];
          for (int f = 0; f < features; f++) {
            a[f] = tied ? keyed.below(4, 0, f) : keyed.uniform(0, f);
            b[f] = tied ? keyed.below(4, 1, f) : keyed.uniform(1, f);
          }
          found = Rankings.compare(a, b, 3, Keyed.of(seed, "orders"), 199);
          for (int k = 0; k < 4; k++) {
            // A list that does not vary has no correlation, and no p to reject by.
            double value = found.get(k).p().p();
            p[k][seed] = Double.isNaN(value) ? 1 : value;
          }
        }
        for (int k = 0; k < 4; k++) {
          double[] shares =
              sizes(
                  found.get(k).measure(),
                  features + (tied ? " features, tied" : " features"),
                  p[k]);
          assertShare(shares[0], 0, 0.01, simulations);
          assertShare(shares[1], 0, 0.05, simulations);
          assertShare(shares[2], 0, 0.10, simulations);
        }
      }
    }
  }
}
