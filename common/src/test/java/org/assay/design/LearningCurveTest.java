package org.assay.design;

import static org.assay.design.KFoldTest.assertInput;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearningCurveTest {
  private static final String SIZES = ", train-sizes = [0.5, 0.1, 7, 1.0, 0.93, 20]";
  private static final double[] SHARES = {0.5, 0.1, 0, 1, 0.93, 0};
  private static final int[] COUNTS = {0, 0, 7, 0, 0, 20};

  private static List<Design> curve(Plan plan, Sample sample, long seed) {
    Population population = sample.population();
    Design uncut = plan.bind(population, seed);
    List<Population> training =
        IntStream.range(0, uncut.replicates())
            .mapToObj(
                r ->
                    Population.of(
                        sample.blocks().stream()
                            .map(rows -> Population.census(Nested.training(uncut, r, rows)))
                            .toList()))
            .toList();
    return LearningCurve.of(plan, uncut, population, training, seed);
  }

  private static void each(String plan, boolean grouped, BiConsumer<Sample, List<Design>> check) {
    for (int s = 0; s < 12; s++) {
      Sample sample = Sample.random(3000 + s);
      String text = plan + SIZES;
      check.accept(
          sample, curve(grouped ? Sample.groupedPlan(text) : Sample.plan(text), sample, 5));
    }
  }

  private static final String FOLDS = "kind = k-fold, folds = 3, repeats = 2";
  private static final String SPLITS = "kind = shuffle-split, splits = 4, test = 0.3, train = 0.5";

  @ParameterizedTest
  @ValueSource(strings = {FOLDS, SPLITS, FOLDS + ", stratify = true", SPLITS + ", stratify = true"})
  void sizesAreExactAndSubsetsNested(String plan) {
    each(
        plan,
        false,
        (sample, curve) -> {
          Design uncut = curve.get(3);
          for (int r = 0; r < uncut.replicates(); r++) {
            int[] all = sample.weights(uncut, r);
            Set<Integer> training = Sample.where(all, 1);
            List<Set<Integer>> subsets = new ArrayList<>();
            for (int k = 0; k < curve.size(); k++) {
              int[] weights = sample.weights(curve.get(k), r);
              assertThat(Sample.where(weights, 0)).isEqualTo(Sample.where(all, 0));
              Set<Integer> subset = Sample.where(weights, 1);
              int expected =
                  COUNTS[k] > 0 ? COUNTS[k] : (int) Math.floor(SHARES[k] * training.size() + 1e-9);
              assertThat(subset).hasSize(expected).isSubsetOf(training);
              assertThat(Sample.count(weights, Design.UNUSED))
                  .isEqualTo(Sample.count(all, Design.UNUSED) + training.size() - subset.size());
              subsets.add(subset);
            }
            subsets.sort(Comparator.comparingInt(Set::size));
            for (int k = 1; k < subsets.size(); k++) {
              assertThat(subsets.get(k)).containsAll(subsets.get(k - 1));
            }
          }
        });
  }

  /** The definition: rows of all strata in one line, and the first m of it. */
  private static long[] line(long[] sizes, int m) {
    record At(int stratum, long twice, long of) {}
    List<At> line = new ArrayList<>();
    for (int s = 0; s < sizes.length; s++) {
      for (long j = 0; j < sizes[s]; j++) {
        line.add(new At(s, 2 * j + 1, sizes[s]));
      }
    }
    line.sort(
        (a, b) -> {
          int order = Long.compare(a.twice * b.of, b.twice * a.of);
          return order != 0 ? order : Integer.compare(a.stratum, b.stratum);
        });
    long[] first = new long[sizes.length];
    line.subList(0, m).forEach(at -> first[at.stratum]++);
    return first;
  }

  @Test
  void strataHaveTheirSharesAsWebsterDividesThem() {
    each(
        FOLDS + ", stratify = true",
        false,
        (sample, curve) -> {
          Design uncut = curve.get(3);
          for (int r = 0; r < uncut.replicates(); r++) {
            long[] sizes = strata(sample, sample.weights(uncut, r));
            long all = IntStream.range(0, sizes.length).mapToLong(s -> sizes[s]).sum();
            for (Design cut : curve) {
              long[] own = strata(sample, sample.weights(cut, r));
              int m = (int) IntStream.range(0, own.length).mapToLong(s -> own[s]).sum();
              assertThat(own).isEqualTo(line(sizes, m));
              for (int s = 0; s < own.length; s++) {
                assertThat((double) own[s])
                    .isCloseTo((double) m * sizes[s] / all, within(sizes[3] > 0 ? 1.5 : 1));
              }
            }
          }
        });
    assertThat(RowSubsets.shares(new long[] {1L << 51, 0, 1L << 50}, 3L << 49))
        .containsExactly(1L << 50, 0, 1L << 49);
    assertThat(RowSubsets.shares(new long[] {1, 1, 1, 1, 1}, 2)).containsExactly(1, 1, 0, 0, 0);
    assertThat(RowSubsets.shares(new long[] {1, 1, 1, 1, 1}, 4)).containsExactly(1, 1, 1, 1, 0);
    for (long[] sizes : new long[][] {{13, 29, 1, 57, 0, 4}, {1, 2, 3}, {40}, {9, 9, 9, 9}}) {
      for (int m = 0; m <= java.util.Arrays.stream(sizes).sum(); m++) {
        assertThat(RowSubsets.shares(sizes, m)).isEqualTo(line(sizes, m));
      }
    }
  }

  private static long[] strata(Sample sample, int[] weights) {
    long[] count = new long[4];
    for (int i = 0; i < weights.length; i++) {
      count[sample.all().stratum()[i]] += weights[i] > 0 ? 1 : 0;
    }
    return count;
  }

  @ParameterizedTest
  @ValueSource(strings = {FOLDS, FOLDS + ", stratify = true", SPLITS})
  void groupsAreTakenWhole(String plan) {
    each(
        plan,
        true,
        (sample, curve) -> {
          Design uncut = curve.get(3);
          for (int r = 0; r < uncut.replicates(); r++) {
            int[] all = sample.weights(uncut, r);
            Map<Long, Integer> groups = new HashMap<>();
            for (int i = 0; i < all.length; i++) {
              if (all[i] > 0) {
                groups.merge(sample.all().group()[i], 1, Integer::sum);
              }
            }
            int largest = groups.values().stream().mapToInt(n -> n).max().orElseThrow();
            Set<Long> smaller = Set.of();
            for (int k : new int[] {1, 0, 4, 3}) {
              int[] weights = sample.weights(curve.get(k), r);
              Set<Long> taken = new HashSet<>();
              int rows = 0;
              for (int i = 0; i < all.length; i++) {
                if (weights[i] > 0) {
                  taken.add(sample.all().group()[i]);
                  rows++;
                }
                assertThat(weights[i] == 0).isEqualTo(all[i] == 0);
              }
              assertThat(rows).isEqualTo(taken.stream().mapToInt(groups::get).sum());
              assertThat(taken).isNotEmpty().containsAll(smaller);
              double m = SHARES[k] * groups.values().stream().mapToInt(n -> n).sum();
              assertThat(taken.size() == 1 || Math.abs(rows - m) <= 1 + largest / 2.0).isTrue();
              smaller = taken;
            }
          }
        });
  }

  /** A row that trains is in a subset of half of them with probability 1/2: 5 sigma, fixed seed. */
  @Test
  void everyTrainingRowIsTakenWithTheSameProbability() {
    Sample sample = Sample.plain(12);
    List<Design> curve =
        curve(
            Sample.plan("kind = shuffle-split, splits = 4000, test = 0.5, train-sizes = [3, 1.0]"),
            sample,
            9);
    int[] trains = new int[12];
    int[] taken = new int[12];
    int[] together = new int[12];
    for (int r = 0; r < 4000; r++) {
      int[] all = sample.weights(curve.get(1), r);
      int[] cut = sample.weights(curve.get(0), r);
      for (int i = 0; i < 12; i++) {
        trains[i] += all[i];
        taken[i] += cut[i] == 1 ? 1 : 0;
        together[i] += cut[i] == 1 && cut[0] == 1 ? 1 : 0;
      }
    }
    for (int i = 0; i < 12; i++) {
      assertThat(taken[i] / (double) trains[i])
          .isCloseTo(0.5, within(5 * Math.sqrt(0.25 / trains[i])));
      double both = i == 0 ? 0.25 : 0.25 * 2 / 11; // 3 of 12, then 2 of the other 11
      assertThat(together[i] / 4000.0)
          .isCloseTo(both, within(5 * Math.sqrt(both * (1 - both) / 4000)));
    }
  }

  @Test
  void subsetsDependOnSeedReplicateAndRowAlone() {
    for (boolean grouped : new boolean[] {false, true}) {
      each(
          FOLDS + ", stratify = true",
          grouped,
          (sample, curve) -> {
            String text = FOLDS + ", stratify = true" + SIZES;
            Plan plan = grouped ? Sample.groupedPlan(text) : Sample.plan(text);
            Sample recut = sample.recut(31);
            List<Design> again = curve(Sample.copy(plan), recut, 5);
            List<Design> other = curve(plan, sample, 6);
            Set<String> fingerprints = new HashSet<>();
            for (int k = 0; k < curve.size(); k++) {
              int[][] weights = sample.weights(curve.get(k));
              assertThat(recut.weights(again.get(k))).isDeepEqualTo(weights);
              assertThat(sample.weights(Sample.copy(curve.get(k)))).isDeepEqualTo(weights);
              assertThat(sample.weights(other.get(k))).isNotEqualTo(weights);
              assertThat(curve.get(k).fingerprint()).matches("[0-9a-f]{16}");
              fingerprints.add(curve.get(k).fingerprint());
              fingerprints.add(other.get(k).fingerprint());
              assertThat(curve.get(k).isPartition()).isEqualTo(k == 3);
              assertThat(curve.get(k).split(4)).isEqualTo(curve.get(3).split(4));
            }
            assertThat(fingerprints).hasSize(2 * curve.size());
          });
    }
  }

  /** The subset of one replicate says nothing of that of another with the same training rows. */
  @Test
  void replicatesDrawAnew() {
    Sample sample = Sample.plain(40);
    List<Design> curve = curve(Sample.plan("kind = leave-one-out, train-sizes = [0.5]"), sample, 1);
    Set<Set<Integer>> subsets = new HashSet<>();
    for (int[] weights : sample.weights(curve.get(0))) {
      subsets.add(Sample.where(weights, 1));
    }
    assertThat(subsets).hasSize(40);
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    Sample sample = Sample.plain(20);
    assertInput(
            () ->
                curve(Sample.plan("kind = k-fold, folds = 4, train-sizes = [0.5, 16]"), sample, 1))
        .hasMessage(
            "train-sizes: 16 is more than the 15 rows that repeat 0, fold 0 trains on; use a smaller number, or a share");
    assertInput(
            () -> curve(Sample.plan("kind = k-fold, folds = 4, train-sizes = [0.06]"), sample, 1))
        .hasMessage(
            "train-sizes: 0.06 of the 15 rows that repeat 0, fold 0 trains on is none; use a larger share");
    String list =
        ": must be a list of shares above 0 and up to 1, or of whole numbers of rows from 2 on, no two alike";
    refused("kind = k-fold, train-sizes = []", "plan.train-sizes = []" + list);
    refused("kind = k-fold, train-sizes = [0]", "plan.train-sizes = [0]" + list);
    refused("kind = k-fold, train-sizes = [2.5]", "plan.train-sizes = [2.5]" + list);
    refused("kind = k-fold, train-sizes = [NaN]", "plan.train-sizes = [\"NaN\"]" + list);
    refused("kind = k-fold, train-sizes = [half]", "plan.train-sizes = [\"half\"]" + list);
    refused("kind = k-fold, train-sizes = [1, 1.0]", "plan.train-sizes = [1,1]" + list);
    refused(
        "kind = bootstrap, train-sizes = [0.5]",
        "plan.train-sizes = [0.5]: a bootstrap sample has as many rows as there are; use kind = shuffle-split");
    refused(
        "kind = time-series, train-sizes = [0.5]",
        "plan.train-sizes = [0.5]: takes training rows at random, whatever their time; use window = sliding with train = LENGTH in several jobs");
    refused(
        "kind = k-fold, assign = stable, train-sizes = [0.5]",
        "plan.train-sizes = [0.5]: are exact, and stable parts have no exact sizes; use assign = balanced");
    String nested = ": is not for nested plans, whose settings are chosen; remove it";
    refused(
        "kind = nested, outer { kind = k-fold }, inner { kind = k-fold }, train-sizes = [0.5]",
        "plan.train-sizes = [0.5]" + nested);
    refused(
        "kind = nested, outer { kind = k-fold, train-sizes = [0.5] }, inner { kind = k-fold }",
        "plan.outer.train-sizes = [0.5]" + nested);
  }

  private static void refused(String plan, String message) {
    assertThatThrownBy(() -> Sample.plan(plan))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith(message);
  }
}
