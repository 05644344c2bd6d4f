package org.assay.design;

import static org.assay.design.KFoldTest.assertInput;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.random.Keyed;
import org.assay.random.Multinomial;
import org.junit.jupiter.api.Test;

class BootstrapTest extends SchemeContract {
  @Override
  List<String> plans() {
    return List.of(
        "kind = bootstrap, replicates = 5", "kind = bootstrap, replicates = 4, stratify = true");
  }

  @Override
  List<String> groupedPlans() {
    return plans();
  }

  @Override
  boolean partitions() {
    return false;
  }

  @Override
  boolean random() {
    return true;
  }

  private static int sum(int[] weights) {
    return Arrays.stream(weights).sum();
  }

  @Test
  void drawsAsManyRowsAsThereAre() {
    for (int s = 0; s < 10; s++) {
      Sample sample = Sample.random(s);
      for (int[] weights : sample.weights(sample.bind("kind = bootstrap, replicates = 7", s))) {
        assertThat(sum(weights)).isEqualTo(sample.all().size());
        assertThat(weights).contains(0, 1, 2);
      }
    }
  }

  @Test
  void drawsWithinStrataWhenAsked() {
    for (int s = 0; s < 10; s++) {
      Sample sample = Sample.random(s);
      int[] stratum = sample.all().stratum();
      Design design = sample.bind("kind = bootstrap, replicates = 7, stratify = true", s);
      for (int[] weights : sample.weights(design)) {
        int[] drawn = new int[4];
        int[] sizes = new int[4];
        for (int i = 0; i < weights.length; i++) {
          drawn[stratum[i]] += weights[i];
          sizes[stratum[i]]++;
        }
        assertThat(drawn).isEqualTo(sizes);
      }
    }
  }

  /** As many groups as there are, within the strata of most of their rows. */
  @Test
  void drawsWholeGroups() {
    for (int s = 0; s < 10; s++) {
      Sample sample = Sample.random(s);
      Rows all = sample.all();
      for (boolean stratify : new boolean[] {false, true}) {
        Design design =
            Sample.groupedPlan("kind = bootstrap, replicates = 3, stratify = " + stratify)
                .bind(sample.population(), s);
        Map<Long, TreeMap<Integer, Integer>> rows = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
          rows.computeIfAbsent(all.group()[i], g -> new TreeMap<>())
              .merge(all.stratum()[i], 1, Integer::sum);
        }
        for (int[] weights : sample.weights(design)) {
          Map<Long, Integer> drawn = new HashMap<>();
          for (int i = 0; i < weights.length; i++) {
            drawn.put(all.group()[i], weights[i]);
          }
          int[] draws = new int[4];
          int[] groups = new int[4];
          drawn.forEach(
              (group, times) -> {
                int best = stratify ? rows.get(group).firstKey() : 0;
                for (Map.Entry<Integer, Integer> entry : rows.get(group).entrySet()) {
                  best =
                      stratify && entry.getValue() > rows.get(group).get(best)
                          ? entry.getKey()
                          : best;
                }
                draws[best] += times;
                groups[best]++;
              });
          assertThat(draws).isEqualTo(groups);
        }
      }
    }
  }

  /** The counts are those of the one multinomial of the project, row by row. */
  @Test
  void countsAreTheKeyedOnes() {
    Sample sample = Sample.plain(1000).recut(3);
    int[] expected =
        new Multinomial(Keyed.of(9, "bootstrap samples").derive(0), 1000).counts(11, 0, 1000);
    Design design = sample.bind("kind = bootstrap", 9);
    assertThat(design.replicates()).isEqualTo(200);
    assertThat(sample.weights(design, 11)).isEqualTo(expected);
  }

  /**
   * Each row is left out with probability (1 - 1/n)^n, and two rows at once with (1 - 2/n)^n; over
   * 20,000 replicates, 5 standard deviations: 6e-7 each.
   */
  @Test
  void rowsAreLeftOutAsOftenAsTheyShould() {
    Sample sample = Sample.plain(9);
    Design design = sample.bind("kind = bootstrap, replicates = 20000", 4);
    int[] weight = new int[9];
    double[] out = new double[9];
    double both = 0;
    for (int r = 0; r < 20_000; r++) {
      design.fill(r, sample.all(), weight);
      for (int i = 0; i < 9; i++) {
        out[i] += weight[i] == 0 ? 1 : 0;
      }
      both += weight[2] == 0 && weight[7] == 0 ? 1 : 0;
    }
    double p = Math.pow(8 / 9.0, 9);
    for (double o : out) {
      assertThat((o - 20_000 * p) / Math.sqrt(20_000 * p * (1 - p))).isBetween(-5.0, 5.0);
    }
    double q = Math.pow(7 / 9.0, 9);
    assertThat((both - 20_000 * q) / Math.sqrt(20_000 * q * (1 - q))).isBetween(-5.0, 5.0);
  }

  @Test
  void everyReplicateIsARepeatOfItsOwn() {
    Design design = Sample.plain(5).bind("kind = bootstrap, replicates = 3", 1);
    assertThat(IntStream.range(0, 3).mapToObj(design::split))
        .containsExactly(new Design.Split(0, 0), new Design.Split(1, 0), new Design.Split(2, 0));
  }

  @Test
  void plansKnowWhetherTheyAreBootstraps() {
    assertThat(Sample.plan("kind = bootstrap").isBootstrap()).isTrue();
    assertThat(Sample.plan("kind = bootstrap").label()).isEqualTo("200 bootstrap samples");
    assertThat(Sample.plan("kind = k-fold").isBootstrap()).isFalse();
    assertThat(
            Sample.plan("kind = nested, outer { kind = bootstrap }, inner { kind = k-fold }")
                .isBootstrap())
        .isTrue();
    assertThat(
            Sample.plan("kind = nested, outer { kind = k-fold }, inner { kind = bootstrap }")
                .isBootstrap())
        .isFalse();
  }

  @Test
  void refusesWhatMeansNothing() {
    assertUsage(
        "kind = bootstrap, replicates = 0",
        "plan.replicates = 0: must be a whole number between 2 and 1000000");
    assertUsage(
        "kind = bootstrap, repeats = 2",
        "plan.repeats = 2: every replicate is a new draw already; use replicates; remove this key");
    assertUsage(
        "kind = bootstrap, assign = stable",
        "plan.assign = \"stable\": how often a row is drawn depends on how often the others are; remove this key");
    assertThatThrownBy(() -> Sample.plan("kind = bootstrap, samples = 5"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("samples");
    assertThatThrownBy(() -> Sample.plan("kind = bootstrap, group = true"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("the data declare no group; add `group = COLUMN` to the data");
  }

  private static void assertUsage(String plan, String message) {
    assertThatThrownBy(() -> Sample.plan(plan))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesWhatTheDataDoNotAllow() {
    assertInput(() -> Sample.plain(1).bind("kind = bootstrap", 1))
        .hasMessage("a bootstrap sample needs at least 2 rows, and there is 1; add data");
    assertInput(
            () -> Sample.groupedPlan("kind = bootstrap").bind(Sample.groups(4, 4).population(), 1))
        .hasMessage("a bootstrap sample needs at least 2 groups, and there is 1; add data");
    assertInput(() -> Sample.strata(0, 1).bind("kind = bootstrap, stratify = true", 1))
        .hasMessage(
            "no class has more than 1 row, so every stratified bootstrap sample has all rows and holds out none; remove stratify, or add data");
  }

  @Test
  void resubstitutionTrainsAndTestsOnAllRows() {
    Sample sample = Sample.random(3);
    Design design = Resubstitution.of(sample.population());
    assertThat(sample.weights(design)).hasDimensions(1, sample.all().size());
    assertThat(sample.weights(design, 0)).containsOnly(1);
    assertThat(design.tests(1)).isTrue();
    assertThat(design.tests(Design.HELD_OUT)).isFalse();
    assertThat(design.fingerprint())
        .matches("[0-9a-f]{16}")
        .isNotEqualTo(Resubstitution.of(Sample.plain(7).population()).fingerprint());
    Design held = sample.bind("kind = bootstrap", 1);
    assertThat(held.tests(0)).isTrue();
    assertThat(held.tests(2)).isFalse();
    assertThat(held.tests(Design.UNUSED)).isFalse();
  }
}
