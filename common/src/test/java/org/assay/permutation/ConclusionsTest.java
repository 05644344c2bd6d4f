package org.assay.permutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

/** p-values, early stopping and adjustment, from replicates given as they are. */
class ConclusionsTest {
  private static final Keyed FUNCTION = Keyed.of(13, "conclusions test");

  /** Statistics whose replicates are a table: of hypothesis k in replicate r. */
  private record Given(double[] seen, double center, double tolerance, Values table)
      implements Statistics {
    private static final long serialVersionUID = 1L;

    interface Values extends java.io.Serializable {
      double at(int k, long r);
    }

    @Override
    public int hypotheses() {
      return seen.length;
    }

    @Override
    public long arrangements() {
      return Arrangements.MANY;
    }

    @Override
    public double observed(int hypothesis) {
      return seen[hypothesis];
    }

    @Override
    public double center(int hypothesis) {
      return center;
    }

    @Override
    public double spread(int hypothesis) {
      return 1 + hypothesis;
    }

    @Override
    public double tolerance(int hypothesis) {
      return tolerance;
    }

    @Override
    public void fill(long from, long to, double[][] values) {
      for (int k = 0; k < seen.length; k++) {
        for (long r = from; r < to; r++) {
          values[k][(int) (r - from)] = table.at(k, r);
        }
      }
    }
  }

  /** Whole numbers 0 .. 9, so that there are ties; NaN in one replicate. */
  private static double coarse(int k, long r) {
    return k == 1 && r == 77 ? Double.NaN : FUNCTION.below(10, k, r) * (1.0 + k);
  }

  /** A centre that is not known in closed form matters to a two-sided test alone. */
  @Test
  void oneSidedPValuesNeedNoCentre() {
    Given.Values table = (k, r) -> (r * 37 % 101) - 50;
    for (Alternative side : List.of(Alternative.GREATER, Alternative.LESS)) {
      MonteCarloP[] found = new MonteCarloP[2];
      for (int i = 0; i < 2; i++) {
        Statistics statistics = new Given(new double[] {40}, i == 0 ? 0 : Double.NaN, 1e-9, table);
        double[][] values = new double[1][101];
        statistics.fill(0, 101, values);
        Exceedances exceedances = new Exceedances(statistics, side);
        exceedances.add(values, 101);
        Sequential sequential = new Sequential(statistics, side, 5, 101);
        sequential.add(values, 0, 101);
        found[i] = exceedances.p(0);
        assertThat(sequential.isDecided(0)).isTrue();
        assertThat(sequential.p(0).p()).isPositive();
      }
      // Of -50 .. 50, each once, 11 are at least 40 and 91 at most.
      assertThat(found[0].extreme()).isEqualTo(side == Alternative.GREATER ? 11 : 91);
      assertThat(found[1]).isEqualTo(found[0]);
    }
    Statistics unknown = new Given(new double[] {40}, Double.NaN, 1e-9, table);
    assertThat(new Exceedances(unknown, Alternative.TWO_SIDED).p(0).p()).isNaN();
  }

  @Test
  void countsWhatIsAtLeastAsExtreme() {
    double[] observed = {7, 16, 30, Double.NaN};
    Given given = new Given(observed, 4.5, 1e-9, ConclusionsTest::coarse);
    for (Alternative alternative : Alternative.values()) {
      Exceedances all = new Exceedances(given, alternative);
      add(all, given, 0, 500);
      for (int k = 0; k < 3; k++) {
        long count = 0;
        for (int r = 0; r < 500; r++) {
          double x = coarse(k, r);
          count +=
              switch (alternative) {
                case GREATER -> x >= observed[k] || Double.isNaN(x) ? 1 : 0;
                case LESS -> x <= observed[k] || Double.isNaN(x) ? 1 : 0;
                case TWO_SIDED ->
                    Math.abs(x - 4.5) >= Math.abs(observed[k] - 4.5) || Double.isNaN(x) ? 1 : 0;
              };
        }
        MonteCarloP p = all.p(k);
        assertThat(p.extreme()).isEqualTo(count);
        assertThat(p.p()).isEqualTo((count + 1) / 501.0);
        assertThat(p.smallest()).isEqualTo(1 / 501.0);
        assertThat(p.replicates()).isEqualTo(500);
        assertThat(p.method()).isEqualTo("monte-carlo");
        // Ranges in another order.
        Exceedances late = new Exceedances(given, alternative);
        Exceedances early = new Exceedances(given, alternative);
        add(late, given, 123, 500);
        add(early, given, 0, 100);
        add(early, given, 100, 123);
        late.merge(early);
        assertThat(late.p(k)).isEqualTo(p);
      }
      assertThat(all.p(3).p()).isNaN();
      assertThat(all.p(3).interval().isDefined()).isFalse();
    }
  }

  private static void add(Exceedances exceedances, Statistics statistics, int from, int to) {
    double[][] values = new double[statistics.hypotheses()][to - from];
    statistics.fill(from, to, values);
    exceedances.add(values, to - from);
  }

  @Test
  void valuesWithinTheToleranceAreTied() {
    Given given = new Given(new double[] {1}, 0, 1e-9, (k, r) -> 1 - r * 0.6e-9);
    Exceedances exceedances = new Exceedances(given, Alternative.GREATER);
    add(exceedances, given, 0, 10);
    assertThat(exceedances.count(0)).isEqualTo(2);
  }

  @Test
  void enumeratedArrangementsMustBeComplete() {
    LinearStatistics statistics =
        LinearStatistics.pairedMeans(
            FUNCTION, List.of(Column.of(new double[] {1, 1, 1})), new double[] {3}, 8);
    Exceedances exceedances = new Exceedances(statistics, Alternative.GREATER);
    add(exceedances, statistics, 0, 7);
    assertThatIllegalStateException()
        .isThrownBy(() -> exceedances.p(0))
        .withMessage("7 of 8 arrangements counted");
    add(exceedances, statistics, 7, 8);
    assertThat(exceedances.p(0).p()).isEqualTo(1 / 8.0);
    assertThat(exceedances.p(0).smallest()).isEqualTo(1 / 8.0);
    assertThat(exceedances.p(0).interval().width()).isZero();
    MaxT maxT = new MaxT(statistics, Alternative.GREATER);
    assertThatIllegalStateException()
        .isThrownBy(maxT::singleStep)
        .withMessage("0 of 8 arrangements counted");
  }

  @Test
  void theIntervalIsClopperAndPearsons() {
    for (JsonNode test : Published.scipy("clopper-pearson-99")) {
      MonteCarloP p =
          MonteCarloP.drawn(test.get("extreme").longValue(), test.get("replicates").longValue());
      assertThat(p.interval().low()).isCloseTo(test.get("low").doubleValue(), within(1e-9));
      assertThat(p.interval().high()).isCloseTo(test.get("high").doubleValue(), within(1e-9));
      assertThat(p.interval().level()).isEqualTo(0.99);
    }
  }

  /** The ends solve P(at most l draws) = 0.005 and P(at least l draws) = 0.005, by their sums. */
  @Test
  void theIntervalAfterStoppingIsThatOfANegativeBinomialSample() {
    for (long[] stop : new long[][] {{1, 30}, {5, 5}, {10, 11}, {10, 400}}) {
      MonteCarloP p = MonteCarloP.stopped(stop[0], stop[1], 10_000);
      assertThat(1 - below(stop[0], stop[1], p.interval().low())).isCloseTo(0.005, within(1e-9));
      if (stop[0] == stop[1]) {
        assertThat(p.interval().high()).isOne();
      } else {
        assertThat(below(stop[0], stop[1] - 1, p.interval().high())).isCloseTo(0.005, within(1e-9));
      }
      assertThat(p.interval().contains(p.p())).isTrue();
      assertThat(p.smallest()).isEqualTo(1 / 10_001.0);
    }
  }

  /** P(fewer than h of n). */
  private static double below(long h, long n, double p) {
    double sum = 0;
    for (int k = 0; k < h; k++) {
      double term = 1;
      for (int i = 1; i <= k; i++) {
        term *= (n - k + i) / (double) i;
      }
      sum += term * Math.pow(p, k) * Math.pow(1 - p, n - k);
    }
    return sum;
  }

  /** As if drawn one by one, whatever the ranges and their order. */
  @Test
  void sequentialStoppingGoesByTheNumberOfTheReplicate() {
    double[] observed = {9, 12, 28.5, 100, Double.NaN};
    Given given = new Given(observed, 0, 0, ConclusionsTest::coarse);
    int most = 400;
    int h = 5;
    for (int shuffle = 0; shuffle < 20; shuffle++) {
      List<int[]> ranges = new ArrayList<>();
      for (int from = 0; from < most + 60; ) {
        int to = from + 1 + (int) FUNCTION.below(40, shuffle, from);
        ranges.add(new int[] {from, to});
        from = to;
      }
      // A java.util.Random of a fixed seed puts the ranges into some order, no more.
      Collections.shuffle(ranges, new Random(shuffle));
      Sequential all = new Sequential(given, Alternative.GREATER, h, most);
      Sequential other = new Sequential(given, Alternative.GREATER, h, most);
      for (int[] range : ranges) {
        Sequential into = range[0] % 2 == 0 ? all : other;
        double[][] values = new double[observed.length][range[1] - range[0]];
        given.fill(range[0], range[1], values);
        into.add(values, range[0], range[1] - range[0]);
      }
      all.merge(other);
      assertThat(all.isDecided()).isTrue();
      for (int k = 0; k < 4; k++) {
        int extreme = 0;
        int drawn = 0;
        while (extreme < h && drawn < most) {
          double x = coarse(k, drawn++);
          extreme += x >= observed[k] || Double.isNaN(x) ? 1 : 0;
        }
        double p = extreme == h ? (double) h / drawn : (extreme + 1.0) / (most + 1.0);
        assertThat(all.p(k).p()).isEqualTo(p);
        assertThat(all.p(k).replicates()).isEqualTo(extreme == h ? drawn : most);
        assertThat(all.p(k).method()).isEqualTo(extreme == h ? "sequential" : "monte-carlo");
      }
      assertThat(all.p(3).p()).isEqualTo(1 / 401.0);
      assertThat(all.p(4).p()).isNaN();
    }
  }

  @Test
  void nothingIsDecidedBeforeAGapIsFilled() {
    Given given = new Given(new double[] {0}, 0, 0, (k, r) -> 1);
    Sequential sequential = new Sequential(given, Alternative.GREATER, 2, 100);
    sequential.add(new double[][] {{1, 1}}, 1, 2);
    assertThat(sequential.drawn()).isZero();
    assertThat(sequential.isDecided(0)).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(() -> sequential.p(0))
        .withMessage("0 replicates do not decide hypothesis 0: draw more, up to 100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sequential.add(new double[][] {{1, 1}}, 0, 2))
        .withMessage("replicates [0, 2) overlap those up to 3");
    sequential.add(new double[][] {{0}}, 0, 1);
    assertThat(sequential.drawn()).isEqualTo(3);
    assertThat(sequential.p(0).p()).isOne();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sequential(given, Alternative.GREATER, 0, 100))
        .withMessage("stop after 0 extreme ones of at most 100 replicates: must be positive");
  }

  /** Westfall and Young's definitions, with all replicates at hand. */
  @Test
  void maxTFollowsTheDefinition() {
    double[] observed = {7.5, 17, 30, Double.NaN, 44, 8};
    int hypotheses = observed.length;
    int m = 600;
    Given given = new Given(observed, 4.5, 1e-9, ConclusionsTest::coarse);
    for (Alternative alternative : Alternative.values()) {
      MaxT maxT = new MaxT(given, alternative);
      for (int[] range : new int[][] {{300, 600}, {0, 1}, {1, 300}}) {
        MaxT part = new MaxT(given, alternative);
        double[][] values = new double[hypotheses][range[1] - range[0]];
        given.fill(range[0], range[1], values);
        part.add(values, range[1] - range[0]);
        maxT.merge(part);
      }
      double[] t = new double[hypotheses];
      for (int k = 0; k < hypotheses; k++) {
        t[k] = alternative.extremeness(observed[k], 4.5) / (1 + k);
      }
      Integer[] order =
          Arrays.stream(new Integer[] {0, 1, 2, 4, 5})
              .sorted((a, b) -> Double.compare(t[b], t[a]))
              .toArray(Integer[]::new);
      double running = 0;
      for (int i = 0; i < order.length; i++) {
        int single = 0;
        int down = 0;
        for (int r = 0; r < m; r++) {
          boolean any = false;
          boolean later = false;
          for (int j = 0; j < order.length; j++) {
            double x = coarse(order[j], r);
            boolean reaches =
                Double.isNaN(x)
                    || alternative.extremeness(x, 4.5) / (1 + order[j])
                        >= t[order[i]] - 1e-9 / (1 + order[i]);
            any |= reaches;
            later |= reaches && j >= i;
          }
          single += any ? 1 : 0;
          down += later ? 1 : 0;
        }
        running = Math.max(running, (down + 1.0) / (m + 1));
        assertThat(maxT.singleStep()[order[i]]).isEqualTo((single + 1.0) / (m + 1));
        assertThat(maxT.stepDown()[order[i]]).isEqualTo(running);
      }
      assertThat(maxT.singleStep()[3]).isNaN();
      assertThat(maxT.stepDown()[3]).isNaN();
      assertThat(maxT.replicates()).isEqualTo(m);
    }
  }

  @Test
  void aStatisticWithoutSpreadIsNeverExtreme() {
    double[] d = {1, 2, 3, -1, 2};
    LinearStatistics statistics =
        LinearStatistics.pairedMeans(
            FUNCTION, List.of(Column.of(d), Column.of(new double[5])), new double[] {5, 5}, 32);
    MaxT maxT = new MaxT(statistics, Alternative.TWO_SIDED);
    double[][] values = new double[2][32];
    statistics.fill(0, 32, values);
    maxT.add(values, 32);
    // Of one hypothesis alone the adjusted p is its own: 6 of 32 sums reach 7 in size.
    assertThat(maxT.stepDown()).containsExactly(6 / 32.0, 1);
    assertThat(maxT.singleStep()).containsExactly(6 / 32.0, 1);
  }

  @Test
  void unknownSpreadsAreRefused() {
    PermutedStatistics any =
        new PermutedStatistics(
            Donors.within(FUNCTION, Strata.one(2), 0),
            new double[1],
            (donor, v) -> v[0] = donor[0]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MaxT(any, Alternative.GREATER))
        .withMessage("scale NaN of hypothesis 0: must be a number, not negative");
    assertThat(new MaxT(any, Alternative.GREATER, new double[] {1}).replicates()).isZero();
  }

  /**
   * Under the null hypothesis p is uniform on 1/20 .. 20/20 with 19 replicates: 4,000 data sets
   * each of pairs, areas and correlations.
   */
  @Test
  void pIsUniformUnderTheNull() {
    int sets = 4_000;
    long[][] counts = new long[4][20];
    for (int set = 0; set < sets; set++) {
      Keyed data = FUNCTION.derive(set);
      double[] d = new double[25];
      double[] x = new double[25];
      boolean[] first = new boolean[25];
      for (int i = 0; i < 25; i++) {
        d[i] = data.uniform(0, i) - 0.5;
        x[i] = data.uniform(1, i);
        first[i] = i % 3 == 0;
      }
      Keyed function = data.derive(1);
      Strata one = Strata.one(25);
      List<Statistics> all =
          List.of(
              LinearStatistics.pairedMeans(function, List.of(Column.of(d)), new double[] {25}, 0),
              LinearStatistics.meanDifferences(function, one, first, new double[][] {x}, 0),
              new Spearman(function, one, d, x, 0),
              EnergyDistance.of(function, one, first, x, 0));
      for (int k = 0; k < all.size(); k++) {
        Alternative alternative = k == 3 ? Alternative.GREATER : Alternative.TWO_SIDED;
        MonteCarloP p = StatisticsTest.p(all.get(k), alternative, 19);
        counts[k][(int) Math.round(p.p() * 20) - 1]++;
      }
    }
    for (long[] count : counts) {
      Fit.assertUniform(count);
    }
  }

  /** Eight correlated hypotheses, all null: a false rejection at 0.1 in a tenth of 2,000 sets. */
  @Test
  void maxTControlsTheFamilyWiseErrorUnderDependence() {
    int sets = 2_000;
    int rejected = 0;
    for (int set = 0; set < sets; set++) {
      Keyed data = FUNCTION.derive(100_000 + set);
      List<Column> columns = new ArrayList<>();
      for (int k = 0; k < 8; k++) {
        double[] d = new double[20];
        for (int i = 0; i < 20; i++) {
          d[i] = data.uniform(0, i) - 0.5 + (data.uniform(1 + k, i) - 0.5) / 2;
        }
        columns.add(Column.of(d));
      }
      double[] weights = new double[8];
      Arrays.fill(weights, 20);
      LinearStatistics statistics =
          LinearStatistics.pairedMeans(data.derive(1), columns, weights, 0);
      MaxT maxT = new MaxT(statistics, Alternative.TWO_SIDED);
      double[][] values = new double[8][99];
      statistics.fill(0, 99, values);
      maxT.add(values, 99);
      rejected += Arrays.stream(maxT.stepDown()).min().orElseThrow() <= 0.1 ? 1 : 0;
    }
    // The smallest p is uniform on 1/100 .. 100/100. Five standard deviations: 6e-7.
    assertThat(rejected / (double) sets).isCloseTo(0.1, within(5 * Math.sqrt(0.09 / sets)));
  }
}
