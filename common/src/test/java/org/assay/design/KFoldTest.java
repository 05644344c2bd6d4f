package org.assay.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.assay.UserException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KFoldTest extends SchemeContract {
  /**
   * Fixed seeds; with others, a right design would fail a chi-square test with this probability.
   */
  private static final double ALPHA = 1e-4;

  @Override
  List<String> plans() {
    return List.of(
        "kind = k-fold, folds = 10",
        "kind = k-fold, folds = 7, repeats = 3",
        "kind = k-fold, folds = 3, repeats = 3, stratify = true",
        "kind = k-fold, folds = 2, repeats = 2, assign = stable");
  }

  @Override
  List<String> groupedPlans() {
    return List.of(
        "kind = k-fold, folds = 4, repeats = 3",
        "kind = k-fold, folds = 4, repeats = 2, stratify = true",
        "kind = k-fold, folds = 2, assign = stable, group = true");
  }

  @Override
  boolean partitions() {
    return true;
  }

  @Override
  boolean random() {
    return true;
  }

  @Test
  void foldsDifferInSizeByAtMostOneRowOverallAndInEveryClass() {
    cases()
        .filter(
            c ->
                !c.plan().options().grouped()
                    && c.plan().options().assign() == Plan.Assign.BALANCED)
        .forEach(
            c -> {
              Design design = c.design(21);
              int strata = c.sample().population().stratumCount();
              int folds = design.replicates() / c.plan().options().repeats();
              int[][] weights = c.sample().weights(design);
              for (int r = 0; r < weights.length; r++) {
                long n = weights[r].length;
                assertThat(Sample.count(weights[r], 0))
                    .isBetween(n / folds, (n + folds - 1) / folds);
                if (c.plan().options().stratify()) {
                  for (int s = 0; s < strata; s++) {
                    long size = 0;
                    long heldOut = 0;
                    for (int i = 0; i < n; i++) {
                      if (c.sample().all().stratum()[i] == s) {
                        size++;
                        heldOut += weights[r][i] == 0 ? 1 : 0;
                      }
                    }
                    assertThat(heldOut).isBetween(size / folds, (size + folds - 1) / folds);
                  }
                }
              }
            });
  }

  /** List scheduling: no fold is larger than another by more than the largest group. */
  @Test
  void foldsOfGroupsDifferByAtMostTheLargestGroup() {
    for (int s = 0; s < 20; s++) {
      Sample sample = Sample.random(s);
      Map<Long, Integer> size = new HashMap<>();
      for (long g : sample.all().group()) {
        size.merge(g, 1, Integer::sum);
      }
      Design design = Sample.groupedPlan("kind = k-fold, folds = 4").bind(sample.population(), s);
      long[] rows =
          Arrays.stream(sample.weights(design)).mapToLong(w -> Sample.count(w, 0)).toArray();
      assertThat(Arrays.stream(rows).max().getAsLong() - Arrays.stream(rows).min().getAsLong())
          .isLessThanOrEqualTo(size.values().stream().mapToInt(x -> x).max().getAsInt());
    }
  }

  @Test
  void groupsOfOneRowAreDividedExactly() {
    long[] group = new long[103];
    Arrays.setAll(group, i -> i * 0x9E3779B97F4A7C15L);
    Sample sample = Sample.groups(group);
    for (int[] weights :
        sample.weights(
            Sample.groupedPlan("kind = k-fold, folds = 10").bind(sample.population(), 1))) {
      assertThat(Sample.count(weights, 0)).isBetween(10L, 11L);
    }
  }

  /**
   * 24 groups of 5 rows, half of them all of class 0: every one of 4 folds gets 3 groups of either
   * kind.
   */
  @Test
  void stratifiedGroupsBalanceClasses() {
    int[] stratum = new int[120];
    long[] group = new long[120];
    for (int i = 0; i < 120; i++) {
      group[i] = 1000L - i / 5;
      stratum[i] = i / 5 % 2;
    }
    Sample sample =
        Sample.of(new Rows(0, 120, Sample.plain(120).all().key(), stratum, group, null, null));
    Design design =
        Sample.groupedPlan("kind = k-fold, folds = 4, stratify = true, repeats = 5")
            .bind(sample.population(), 3);
    for (int r = 0; r < design.replicates(); r++) {
      int[] weights = sample.weights(design, r);
      assertThat(Balance.of(sample.all(), weights).test()).containsExactly(15, 15);
      assertThat(Balance.of(sample.all(), weights).train()).containsExactly(45, 45);
    }
  }

  @Test
  void everyRowIsInEveryFoldEquallyOften() {
    assertUniform(Sample.plain(10), "kind = k-fold, folds = 3", 0, 3);
    assertUniform(
        Sample.strata(0, 1, 0, 1, 1, 0, 2, 2, 2, 1, 1),
        "kind = k-fold, folds = 3, stratify = true",
        4,
        3);
    assertUniform(Sample.plain(11), "kind = k-fold, folds = 4, assign = stable", 10, 4);
    assertUniform(Sample.plain(5_000), "kind = k-fold, folds = 7", 4_321, 7);
  }

  @Test
  void everyGroupIsInEveryFoldEquallyOften() {
    long[] group = {1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 6, 6};
    Plan plan = Sample.groupedPlan("kind = k-fold, folds = 3");
    for (int row : new int[] {0, 8, 12}) {
      assertUniform(Sample.groups(group), plan, row, 3);
    }
  }

  /**
   * Two rows are in the same fold with probability (sum of m (m - 1)) / (n (n - 1)) for fold sizes
   * m.
   */
  @Test
  void twoRowsMeetAsOftenAsChanceHasIt() {
    for (int n : new int[] {10, 5_000}) {
      Sample sample = Sample.plain(n);
      Population population = sample.population();
      double same = 0;
      for (int f = 0; f < 3; f++) {
        long m = n / 3L + (f < n % 3 ? 1 : 0);
        same += (double) m * (m - 1) / ((double) n * (n - 1));
      }
      int draws = 20_000;
      int met = 0;
      Plan plan = Sample.plan("kind = k-fold, folds = 3");
      int[] weight = new int[n];
      for (int seed = 0; seed < draws / (n > 1000 ? 10 : 1); seed++) {
        Design design = plan.bind(population, seed);
        int a = -1;
        int b = -1;
        for (int r = 0; r < 3; r++) {
          design.fill(r, sample.all(), weight);
          a = weight[3] == 0 ? r : a;
          b = weight[4] == 0 ? r : b;
        }
        met += a == b ? 1 : 0;
      }
      double expected = same * draws / (n > 1000 ? 10 : 1);
      // 4 standard deviations: 6e-5.
      assertThat((met - expected) / Math.sqrt(expected * (1 - same))).isBetween(-4.0, 4.0);
    }
  }

  private static void assertUniform(Sample sample, String plan, int row, int folds) {
    assertUniform(sample, Sample.plan(plan), row, folds);
  }

  private static void assertUniform(Sample sample, Plan plan, int row, int folds) {
    Population population = sample.population();
    int draws = sample.all().size() > 1000 ? 1_500 : 9_000;
    long[] observed = new long[folds];
    int[] weight = new int[sample.all().size()];
    for (int seed = 0; seed < draws; seed++) {
      Design design = plan.bind(population, seed);
      for (int r = 0; r < folds; r++) {
        design.fill(r, sample.all(), weight);
        observed[r] += weight[row] == 0 ? 1 : 0;
      }
    }
    double expected = draws / (double) folds;
    double chi2 =
        Arrays.stream(observed).mapToDouble(o -> (o - expected) * (o - expected) / expected).sum();
    assertThat(ChiSquaredDistribution.of(folds - 1).survivalProbability(chi2))
        .as(Arrays.toString(observed))
        .isGreaterThan(ALPHA);
  }

  /** Reports are compared over years, so these may never change. */
  @Test
  void foldsOfASeedAreFixedForEver() {
    assertThat(folds(Sample.plain(12), Sample.plan("kind = k-fold, folds = 3")))
        .isEqualTo("201210221001");
    assertThat(folds(Sample.plain(12), Sample.plan("kind = k-fold, folds = 3, assign = stable")))
        .isEqualTo("121011110100");
    assertThat(
            folds(
                Sample.groups(5, 5, 5, 1, 1, 2, 3, 3, 4, 6, 7, 7),
                Sample.groupedPlan("kind = k-fold, folds = 3")))
        .isEqualTo("111220000122");
    int[] large =
        Sample.plain(5_000).weights(Sample.plain(5_000).bind("kind = k-fold, folds = 500", 42), 0);
    assertThat(Sample.where(large, 0).toString())
        .isEqualTo("[227, 249, 862, 869, 1244, 1607, 1894, 2641, 3609, 4717]");
  }

  private static String folds(Sample sample, Plan plan) {
    Design design = plan.bind(sample.population(), 42);
    StringBuilder folds = new StringBuilder();
    for (int i = 0; i < sample.all().size(); i++) {
      for (int r = 0; r < design.replicates(); r++) {
        folds.append(sample.weights(design, r)[i] == 0 ? Integer.toString(r) : "");
      }
    }
    return folds.toString();
  }

  @Test
  void refusesWhatTheDataDoNotAllow() {
    assertInput(() -> Sample.plain(7).bind("kind = k-fold, folds = 10", 1))
        .hasMessage("10 folds need at least 10 rows, and there are 7; use at most 7 folds");
    assertInput(() -> Sample.plain(1).bind("kind = k-fold", 1))
        .hasMessage("5 folds need at least 5 rows, and there is 1; add data");
    assertInput(() -> Sample.plain(0).bind("kind = k-fold", 1))
        .hasMessage("5-fold needs rows, and there are none");
    Sample groups = Sample.groups(1, 1, 2, 2, 3, 3);
    assertInput(() -> Sample.groupedPlan("kind = k-fold").bind(groups.population(), 1))
        .hasMessage("5 folds need at least 5 groups, and there are 3; use at most 3 folds");
    Sample giant = Sample.groups(1, 1, 1, 1, 1, 1, 2, 3);
    assertInput(
            () ->
                Sample.groupedPlan("kind = k-fold, folds = 2, repeats = 5")
                    .bind(giant.population(), 1))
        .hasMessage(
            "5 repeats of 2 folds of 3 groups are all identical, for the groups are too few or too unequal to be divided in other"
                + " ways; use repeats = 1");
    assertInput(() -> Sample.groupedPlan("kind = five-by-two").bind(giant.population(), 1))
        .hasMessage(
            "5 repeats of 2 folds of 3 groups are all identical, for the groups are too few or too unequal to be divided in other"
                + " ways; use k-fold");
    Sample classes = Sample.strata(0, 0, 0, 0, 0, 1, 1, 1);
    assertInput(() -> classes.bind("kind = k-fold, stratify = true", 1))
        .hasMessage(
            "class 1 has 3 rows, and 5 stratified folds need at least 5 of every class; use at most 3 folds, or remove stratify");
    Population named =
        Sample.strata(0, 0, 0, 0, 0, 1).population().named(List.of("silver", "gold"));
    assertInput(() -> Sample.plan("kind = k-fold, stratify = true").bind(named, 1))
        .hasMessage(
            "class 'gold' has 1 row, and 5 stratified folds need at least 5 of every class; remove stratify");
    assertThatThrownBy(() -> Sample.plain(9).bind("kind = k-fold, stratify = true", 1))
        .isInstanceOf(UserException.class)
        .hasMessage("k-fold needs classes to stratify by, and the data have none; remove stratify");
  }

  @Test
  void aBlockOfAnotherPopulationIsABug() {
    Design design = Sample.plain(9).bind("kind = k-fold", 1);
    assertThatThrownBy(() -> design.fill(0, Sample.plain(8).all(), new int[8]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("block 0 has 8 rows, and the design is bound to a population where it has 9");
    Design grouped =
        Sample.groupedPlan("kind = k-fold, folds = 2").bind(Sample.groups(1, 2, 3).population(), 1);
    assertThatThrownBy(() -> grouped.fill(0, Sample.groups(1, 2, 4).all(), new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("group key 4 is not in the population that the design is bound to");
  }

  static AbstractThrowableAssert<?, ?> assertInput(ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UserException.class, e -> assertThat(e.kind()).isEqualTo(UserException.Kind.INPUT));
  }
}
