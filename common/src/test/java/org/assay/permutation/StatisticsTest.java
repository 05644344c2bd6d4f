package org.assay.permutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.assay.Task;
import org.assay.inference.Midranks;
import org.assay.metric.Ranked;
import org.assay.metric.RocAuc;
import org.assay.metric.Target;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

/** Statistics against SciPy, printed examples and their plain definitions. */
class StatisticsTest {
  private static final Keyed FUNCTION = Keyed.of(11, "statistics test");
  private static final long ALL = 1L << 20;

  /** The p-value from all replicates, added in ranges of 100. */
  static MonteCarloP p(Statistics statistics, Alternative alternative, long replicates) {
    Exceedances exceedances = new Exceedances(statistics, alternative);
    double[][] values = new double[statistics.hypotheses()][100];
    for (long from = 0; from < replicates; from += 100) {
      long to = Math.min(from + 100, replicates);
      statistics.fill(from, to, values);
      exceedances.add(values, (int) (to - from));
    }
    return exceedances.p(0);
  }

  private static MonteCarloP exact(Statistics statistics, Alternative alternative) {
    return p(statistics, alternative, statistics.arrangements());
  }

  private static LinearStatistics signFlip(double[] differences, long exactUpTo) {
    Column column = Column.of(differences);
    double[] weights = {differences.length};
    return LinearStatistics.pairedMeans(FUNCTION, List.of(column), weights, exactUpTo);
  }

  private static void assertAgrees(String what, Statistics statistics, JsonNode test) {
    JsonNode greater = test.get("greater");
    assertThat(statistics.observed(0))
        .as(what)
        .isCloseTo(greater.get("statistic").doubleValue(), within(1e-12));
    MonteCarloP p = exact(statistics, Alternative.GREATER);
    assertThat(p.method()).isEqualTo("exact");
    assertThat(p.p()).as(what).isCloseTo(greater.get("p").doubleValue(), within(1e-15));
    assertThat(exact(statistics, Alternative.LESS).p())
        .as(what)
        .isCloseTo(test.get("less").get("p").doubleValue(), within(1e-15));
  }

  @Test
  void agreesWithSciPy() {
    for (JsonNode test : Published.scipy("mean-difference")) {
      double[] x = Published.samples(test);
      assertAgrees(
          "means, " + test.get("name"),
          LinearStatistics.meanDifferences(
              FUNCTION, Strata.one(x.length), Published.first(test), new double[][] {x}, ALL),
          test);
    }
    for (JsonNode test : Published.scipy("roc-auc")) {
      double[] x = Published.samples(test);
      assertAgrees(
          "area, " + test.get("name"),
          LinearStatistics.rocAucs(
              FUNCTION, Strata.one(x.length), Published.first(test), new double[][] {x}, ALL),
          test);
    }
    for (JsonNode test : Published.scipy("energy-distance")) {
      double[] x = Published.samples(test);
      boolean[] first = Published.first(test);
      Strata one = Strata.one(x.length);
      assertAgrees("energy", EnergyDistance.of(FUNCTION, one, first, x, ALL), test);
      assertAgrees(
          "energy of pairs",
          EnergyDistance.ofDistances(FUNCTION, one, first, distances(x), ALL),
          test);
    }
    for (JsonNode test : Published.scipy("spearman")) {
      double[] x = Published.sample(test, 0);
      double[] y = Published.sample(test, 1);
      assertAgrees("spearman", new Spearman(FUNCTION, Strata.one(x.length), x, y, ALL), test);
    }
    for (JsonNode test : Published.scipy("sign-flip")) {
      LinearStatistics statistics = signFlip(Published.sample(test, 0), ALL);
      assertAgrees("signs, " + test.get("name"), statistics, test);
      assertThat(exact(statistics, Alternative.TWO_SIDED).p())
          .isCloseTo(test.get("two-sided").get("p").doubleValue(), within(1e-15));
    }
  }

  /**
   * The data of mlxtend's own tests of its {@code permutation_test}, which assert p = 0.0301 for
   * the two samples, one-sided, and 0.031 for the pairs. In full: 387 of the 12,870 arrangements
   * have a difference of at least 16.5, 774 one of that size; of the 128 signs of the pairs 4 are
   * as extreme.
   */
  @Test
  void solvesThePublishedExamplesExactly() {
    double[] x = {689, 656, 668, 660, 679, 663, 664, 647, 657, 623, 652, 654, 658, 660, 670, 620};
    boolean[] first = new boolean[16];
    Arrays.fill(first, 0, 8, true);
    LinearStatistics unpaired =
        LinearStatistics.meanDifferences(FUNCTION, Strata.one(16), first, new double[][] {x}, ALL);
    assertThat(unpaired.observed(0)).isEqualTo(16.5);
    MonteCarloP oneSided = exact(unpaired, Alternative.GREATER);
    assertThat(oneSided.extreme()).isEqualTo(387);
    assertThat(oneSided.replicates()).isEqualTo(12_870);
    assertThat(exact(unpaired, Alternative.TWO_SIDED).p()).isEqualTo(774 / 12_870.0);

    double[] a = {3.67, 1.72, 3.46, 2.60, 2.03, 2.10, 3.01};
    double[] b = {2.11, 1.79, 2.71, 1.89, 1.69, 1.71, 2.01};
    double[] differences = new double[7];
    Arrays.setAll(differences, i -> a[i] - b[i]);
    MonteCarloP paired = exact(signFlip(differences, ALL), Alternative.TWO_SIDED);
    assertThat(paired.p()).isEqualTo(4 / 128.0);
    // The same test as two samples, labels exchanged within pairs.
    double[] both = new double[14];
    int[] pairs = new int[14];
    boolean[] isFirst = new boolean[14];
    for (int i = 0; i < 7; i++) {
      both[2 * i] = a[i];
      both[2 * i + 1] = b[i];
      pairs[2 * i] = i;
      pairs[2 * i + 1] = i;
      isFirst[2 * i] = true;
    }
    LinearStatistics inPairs =
        LinearStatistics.meanDifferences(
            FUNCTION, Strata.of(pairs), isFirst, new double[][] {both}, ALL);
    assertThat(exact(inPairs, Alternative.TWO_SIDED)).isEqualTo(paired);
  }

  /** In tenths, which no double holds, as in whole numbers: 1 + 2 - 3 is tied with 0. */
  @Test
  void sumsThatAreTiedInExactArithmeticAreTied() {
    double[] whole = {1, 2, 3, 4, -5, 6, 7, 9, -1, -2, 3};
    double[] tenths = Arrays.stream(whole).map(d -> d / 10).toArray();
    for (Alternative alternative : Alternative.values()) {
      assertThat(exact(signFlip(tenths, ALL), alternative))
          .isEqualTo(exact(signFlip(whole, ALL), alternative));
    }
  }

  private static double[][] distances(double[] x) {
    double[][] distances = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      distances[i] = new double[i];
      for (int j = 0; j < i; j++) {
        distances[i][j] = Math.abs(x[i] - x[j]);
      }
    }
    return distances;
  }

  /** A larger example with strata: 90 rows, ties, two strata that differ. */
  private static final class Example {
    final double[] x = new double[90];
    final boolean[] first = new boolean[90];
    final int[] codes = new int[90];
    final Strata strata;

    Example() {
      for (int i = 0; i < 90; i++) {
        codes[i] = (int) FUNCTION.below(3, 5, i);
        x[i] = FUNCTION.below(30, 6, i) / 10.0 + codes[i];
        first[i] = FUNCTION.below(2 + codes[i], 7, i) == 0;
      }
      strata = Strata.of(codes);
    }

    /** Which rows are first in a replicate. */
    boolean[] permuted(long replicate) {
      int[] sizes = new int[strata.size()];
      for (int i = 0; i < 90; i++) {
        sizes[codes[i]] += first[i] ? 1 : 0;
      }
      long[] words = new long[2];
      Subsets.selections(FUNCTION, strata, sizes, 0).fill(replicate, 1, words);
      boolean[] permuted = new boolean[90];
      for (int place = 0; place < 90; place++) {
        permuted[strata.row(place)] = (words[place / 64] >>> place & 1) != 0;
      }
      return permuted;
    }

    /** Compares observed and drawn values with a definition, and the mean and spread of those. */
    void check(Statistics statistics, ToDoubleFunction<boolean[]> definition) {
      assertThat(statistics.observed(0)).isCloseTo(definition.applyAsDouble(first), within(1e-12));
      int m = 5_000;
      double[][] values = new double[1][m];
      statistics.fill(0, m, values);
      double sum = 0;
      double squares = 0;
      for (int r = 0; r < m; r++) {
        if (r % 50 == 0) {
          assertThat(values[0][r]).isCloseTo(definition.applyAsDouble(permuted(r)), within(1e-12));
        }
        double d = values[0][r] - statistics.center(0);
        sum += d;
        squares += d * d;
      }
      if (!Double.isNaN(statistics.spread(0))) {
        // Five standard errors: 6e-7 each.
        double spread = statistics.spread(0);
        assertThat(sum / m).isCloseTo(0, within(5 * spread / Math.sqrt(m)));
        assertThat(Math.sqrt(squares / m))
            .isCloseTo(spread, within(5 * spread / Math.sqrt(2.0 * m)));
      }
    }
  }

  @Test
  void twoSamplesInStrataFollowTheDefinitions() {
    Example example = new Example();
    double[] x = example.x;
    double[][] one = {x};
    example.check(
        LinearStatistics.meanDifferences(FUNCTION, example.strata, example.first, one, 0),
        first -> {
          double[] sums = new double[4];
          for (int i = 0; i < x.length; i++) {
            sums[first[i] ? 0 : 1] += x[i];
            sums[first[i] ? 2 : 3]++;
          }
          return sums[0] / sums[2] - sums[1] / sums[3];
        });
    example.check(
        LinearStatistics.rocAucs(FUNCTION, example.strata, example.first, one, 0),
        first -> {
          Ranked state = new Ranked(new Target(Task.BINARY, 2, Target.Scores.RANKING));
          for (int i = 0; i < x.length; i++) {
            state.add(first[i] ? 1 : 0, 0, new double[] {x[i]}, 1);
          }
          return new RocAuc().value(state).value();
        });
    ToDoubleFunction<boolean[]> energy =
        first -> {
          double[] sums = new double[3];
          double[] pairs = new double[3];
          for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length; j++) {
              int kind = (first[i] ? 1 : 0) + (first[j] ? 1 : 0);
              sums[kind] += Math.abs(x[i] - x[j]);
              pairs[kind]++;
            }
          }
          return 2 * sums[1] / pairs[1] - sums[0] / pairs[0] - sums[2] / pairs[2];
        };
    example.check(EnergyDistance.of(FUNCTION, example.strata, example.first, x, 0), energy);
    example.check(
        EnergyDistance.ofDistances(FUNCTION, example.strata, example.first, distances(x), 0),
        energy);
  }

  @Test
  void spearmanInStrataFollowsTheDefinition() {
    Example example = new Example();
    double[] y = new double[90];
    Arrays.setAll(y, i -> FUNCTION.below(9, 8, i) + example.codes[i]);
    Spearman spearman = new Spearman(FUNCTION, example.strata, example.x, y, 0);
    Donors donors = Donors.within(FUNCTION, example.strata, 0);
    int[] donor = new int[90];
    double[][] values = new double[1][2_000];
    spearman.fill(0, 2_000, values);
    double sum = 0;
    double squares = 0;
    for (int r = 0; r < 2_000; r++) {
      if (r % 20 == 0) {
        donors.fill(r, donor);
        assertThat(values[0][r])
            .isCloseTo(correlation(midranks(example.x), midranks(y), donor), within(1e-12));
      }
      sum += values[0][r] - spearman.center(0);
      squares += Math.pow(values[0][r] - spearman.center(0), 2);
    }
    // Five standard errors: 6e-7 each.
    double spread = spearman.spread(0);
    assertThat(sum / 2_000).isCloseTo(0, within(5 * spread / Math.sqrt(2_000)));
    assertThat(Math.sqrt(squares / 2_000)).isCloseTo(spread, within(5 * spread / Math.sqrt(4_000)));
    assertThat(new Spearman(FUNCTION, Strata.one(90), example.x, y, 0).spread(0))
        .isCloseTo(1 / Math.sqrt(89), within(1e-15));
  }

  /** 1 + the number that are smaller + half the number that are equal, itself apart. */
  private static double[] midranks(double[] x) {
    double[] ranks = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      ranks[i] = 0.5;
      for (double other : x) {
        ranks[i] += other < x[i] ? 1 : other == x[i] ? 0.5 : 0;
      }
    }
    return ranks;
  }

  private static double correlation(double[] a, double[] b, int[] donor) {
    double meanA = Arrays.stream(a).average().orElseThrow();
    double meanB = Arrays.stream(b).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[donor[i]] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }

  /** Weights, groups that flip together and slices, all at once. */
  @Test
  void pairedMeansFollowTheDefinition() {
    int n = 500;
    double[] d = new double[n];
    double[] weighted = new double[n];
    double[] weight = new double[n];
    int[] group = new int[n];
    int[] slice = new int[n];
    double[] total = new double[4];
    for (int i = 0; i < n; i++) {
      d[i] = FUNCTION.uniform(20, i) - 0.3;
      weight[i] = 1 + FUNCTION.below(3, 21, i);
      weighted[i] = d[i] * weight[i];
      group[i] = (int) FUNCTION.below(100, 22, i);
      slice[i] = (int) FUNCTION.below(3, 23, i);
      total[0] += weight[i];
      total[1 + slice[i]] += weight[i];
    }
    Column column = Column.of(weighted);
    LinearStatistics statistics =
        LinearStatistics.pairedMeans(
            FUNCTION,
            List.of(column.joined(group, 100), column.by(slice, 3).joined(group, 100)),
            total,
            0);
    int m = 4_000;
    double[][] values = new double[4][m];
    statistics.fill(0, m, values);
    for (int r = -1; r < m; r += r < 0 ? 1 : 100) {
      double[] plain = new double[4];
      for (int i = 0; i < n; i++) {
        boolean flips = r >= 0 && (FUNCTION.bits(r, group[i] / 64) >>> group[i] & 1) != 0;
        plain[0] += (flips ? -1 : 1) * weighted[i] / total[0];
        plain[1 + slice[i]] += (flips ? -1 : 1) * weighted[i] / total[1 + slice[i]];
      }
      for (int k = 0; k < 4; k++) {
        assertThat(r < 0 ? statistics.observed(k) : values[k][r])
            .isCloseTo(plain[k], within(1e-13));
      }
    }
    for (int k = 0; k < 4; k++) {
      double squares = Arrays.stream(values[k]).map(v -> v * v).sum();
      // Five standard errors of a standard deviation of near-normal values: 6e-7.
      assertThat(Math.sqrt(squares / m))
          .isCloseTo(statistics.spread(k), within(5 * statistics.spread(k) / Math.sqrt(2.0 * m)));
    }
  }

  @Test
  void swappingTheModelsNegatesTheEffectAndKeepsP() {
    double[] d = new double[300];
    Arrays.setAll(d, i -> FUNCTION.uniform(30, i) - 0.47);
    double[] swapped = Arrays.stream(d).map(x -> -x).toArray();
    assertThat(signFlip(swapped, 0).observed(0)).isEqualTo(-signFlip(d, 0).observed(0));
    assertThat(p(signFlip(swapped, 0), Alternative.TWO_SIDED, 2_000))
        .isEqualTo(p(signFlip(d, 0), Alternative.TWO_SIDED, 2_000));
    assertThat(p(signFlip(swapped, 0), Alternative.GREATER, 2_000))
        .isEqualTo(p(signFlip(d, 0), Alternative.LESS, 2_000));
  }

  @Test
  void onlyRowsThatDifferCountAmongTheArrangements() {
    double[] d = new double[10_000];
    d[17] = 1;
    d[9_000] = 1;
    d[9_999] = -1;
    MonteCarloP p = exact(signFlip(d, 8), Alternative.GREATER);
    assertThat(p.replicates()).isEqualTo(8);
    // At least 1 of {3, 1, 1, 1, -1, -1, -1, -3}.
    assertThat(p.p()).isEqualTo(0.5);
  }

  /** A permuted metric of any kind: here the area once more, by states and donors. */
  @Test
  void anyMetricIsPermutedByItsDonors() {
    double[] scores = {0.1, 0.4, 0.4, 0.8, 0.3, 0.9};
    int[] labels = {0, 0, 1, 1, 0, 1};
    boolean[] positive = {false, false, true, true, false, true};
    PermutedStatistics any =
        new PermutedStatistics(
            Donors.within(FUNCTION, Strata.one(6), ALL),
            new double[] {0.5},
            (donor, values) -> {
              Ranked state = new Ranked(new Target(Task.BINARY, 2, Target.Scores.RANKING));
              for (int i = 0; i < 6; i++) {
                state.add(labels[donor[i]], 0, new double[] {scores[i]}, 1);
              }
              values[0] = new RocAuc().value(state).value();
            });
    LinearStatistics area =
        LinearStatistics.rocAucs(FUNCTION, Strata.one(6), positive, new double[][] {scores}, ALL);
    assertThat(any.observed(0)).isEqualTo(area.observed(0));
    for (Alternative alternative : Alternative.values()) {
      assertThat(exact(any, alternative).p()).isEqualTo(exact(area, alternative).p());
    }
    assertThat(exact(any, Alternative.GREATER).replicates()).isEqualTo(720);
    assertThat(exact(area, Alternative.GREATER).replicates()).isEqualTo(20);
  }

  @Test
  void edges() {
    // No rows, no pair that differs, one row.
    assertThat(signFlip(new double[0], ALL).observed(0)).isNaN();
    assertThat(p(signFlip(new double[0], ALL), Alternative.TWO_SIDED, 1).p()).isNaN();
    assertThat(exact(signFlip(new double[9], ALL), Alternative.TWO_SIDED).p()).isOne();
    assertThat(p(signFlip(new double[9], 0), Alternative.TWO_SIDED, 99).p()).isOne();
    assertThat(exact(signFlip(new double[] {0.3}, ALL), Alternative.GREATER).p()).isEqualTo(0.5);
    assertThat(exact(signFlip(new double[] {0.3}, ALL), Alternative.TWO_SIDED).p()).isOne();
    // One class only.
    Strata two = Strata.one(2);
    double[][] x = {{1, 2}};
    boolean[] all = {true, true};
    assertThat(LinearStatistics.rocAucs(FUNCTION, two, all, x, ALL).observed(0)).isNaN();
    assertThat(LinearStatistics.meanDifferences(FUNCTION, two, all, x, ALL).observed(0)).isNaN();
    assertThat(EnergyDistance.of(FUNCTION, two, all, x[0], ALL).observed(0)).isNaN();
    assertThat(EnergyDistance.ofDistances(FUNCTION, two, all, distances(x[0]), 0).observed(0))
        .isNaN();
    assertThat(p(LinearStatistics.rocAucs(FUNCTION, two, all, x, 0), Alternative.LESS, 9).p())
        .isNaN();
    // All equal.
    double[] same = {7, 7, 7, 7};
    boolean[] half = {true, false, true, false};
    Strata four = Strata.one(4);
    LinearStatistics area =
        LinearStatistics.rocAucs(FUNCTION, four, half, new double[][] {same}, ALL);
    assertThat(area.observed(0)).isEqualTo(0.5);
    assertThat(exact(area, Alternative.GREATER).p()).isOne();
    assertThat(new Spearman(FUNCTION, four, same, x(4), ALL).observed(0)).isNaN();
    assertThat(EnergyDistance.of(FUNCTION, four, half, same, ALL).observed(0)).isZero();
    assertThat(exact(EnergyDistance.of(FUNCTION, four, half, same, ALL), Alternative.GREATER).p())
        .isOne();
    assertThat(new Spearman(FUNCTION, Strata.one(0), x(0), x(0), ALL).observed(0)).isNaN();
    assertThat(new Spearman(FUNCTION, Strata.one(1), x(1), x(1), ALL).observed(0)).isNaN();
    // Zeros of both signs are tied.
    assertThat(Midranks.of(new double[] {0.0, -0.0, -1}).doubled()).containsExactly(5, 5, 2);
  }

  private static double[] x(int n) {
    double[] x = new double[n];
    Arrays.setAll(x, i -> i);
    return x;
  }

  @Test
  void refusesWhatIsNoData() {
    boolean[] first = {true, false};
    Strata two = Strata.one(2);
    double[] bad = {1, Double.NaN};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LinearStatistics.rocAucs(FUNCTION, two, first, new double[][] {bad}, 0))
        .withMessage("row 1 is NaN: must be a number to be ranked; leave out rows without a value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EnergyDistance.of(FUNCTION, two, first, bad, 0))
        .withMessageStartingWith("row 1 is NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                EnergyDistance.of(
                    FUNCTION, two, first, new double[] {1, Double.POSITIVE_INFINITY}, 0))
        .withMessage("Infinity among the numbers: must be finite; leave out rows without a value");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> EnergyDistance.ofDistances(FUNCTION, two, first, new double[][] {{}, {-1}}, 0))
        .withMessage("distance -1.0 of rows 1 and 0: must be finite, not negative");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                EnergyDistance.ofDistances(
                    FUNCTION, Strata.one(4_001), new boolean[4_001], new double[4_001][], 0))
        .withMessage(
            "4001 rows: energy distances of more than one dimension take at most 4000;"
                + " draw a sample of the rows");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Spearman(FUNCTION, two, bad, bad, 0))
        .withMessageStartingWith("row 1 is NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Spearman(FUNCTION, two, x(2), x(3), 0))
        .withMessage("2 and 3 numbers, strata of 2 rows: must be as many");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> LinearStatistics.meanDifferences(FUNCTION, two, first, new double[][] {x(3)}, 0))
        .withMessage("3 numbers for 2 labels: must be one per row");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LinearStatistics.pairedMeans(FUNCTION, List.of(Column.of(x(3))), new double[2], 0))
        .withMessage("2 weights for 1 slices of columns: must be one each");
  }
}
