package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assay.permutation.Donors;
import org.assay.permutation.Strata;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

class ConditioningTest {

  private static double[] rows(List<Variable> columns) {
    int count = columns.get(0).rows();
    double[] rows = new double[count * columns.size()];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < columns.size(); j++) {
        rows[i * columns.size() + j] = columns.get(j).values()[i];
      }
    }
    return rows;
  }

  private static int[] strata(Conditioning conditioning, List<Variable> given) {
    return conditioning.strata(rows(given), given.get(0).rows());
  }

  @Test
  void treesAreThoseOfScikitLearn() {
    List<Variable> all = References.wisconsin().subList(0, 30);
    for (JsonNode reference : References.of("trees")) {
      List<Variable> given = new ArrayList<>(all);
      List<Variable> predicted = new ArrayList<>();
      for (int target : References.ints(reference.get("targets"))) {
        predicted.add(all.get(target));
      }
      given.removeAll(predicted);
      Conditioning found =
          Conditioning.tree(
              given,
              predicted,
              new Conditioning.Limits(
                  reference.get("depth").asInt(),
                  reference.get("leaf").asInt(),
                  reference.get("share").asDouble()));
      int[] leaves = References.ints(reference.get("leaves"));
      int[] strata = strata(found, given);
      Map<Integer, Integer> leafOf = new HashMap<>();
      Map<Integer, Integer> counts = new HashMap<>();
      for (int i = 0; i < leaves.length; i++) {
        assertThat(leafOf.computeIfAbsent(strata[i], s -> -1)).isIn(-1, leaves[i]);
        leafOf.put(strata[i], leaves[i]);
        counts.merge(leaves[i], 1, Integer::sum);
      }
      assertThat(found.strata()).isEqualTo(counts.size());
      assertThat(leafOf).hasSize(counts.size());
      assertThat(found.smallest())
          .isEqualTo(counts.values().stream().mapToInt(n -> n).min().getAsInt());
      assertThat(found.explained()).isCloseTo(reference.get("explained").asDouble(), within(1e-9));
      int[] used = References.ints(reference.get("used"));
      assertThat(Arrays.stream(found.used()).mapToObj(u -> given.get(u).name()))
          .containsExactly(
              Arrays.stream(used).mapToObj(u -> all.get(u).name()).toArray(String[]::new));
    }
  }

  /** A category that decides, one without meaning, and missing values that go their own way. */
  @Test
  void splitsCategoriesAndMissingValues() {
    int n = 400;
    Keyed keyed = Keyed.of(1, "categories");
    double[] kind = new double[n];
    double[] noise = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      kind[i] = i % 70;
      noise[i] = keyed.below(5, 0, i);
      boolean high = kind[i] % 7 == 3;
      if (i % 10 == 9) {
        kind[i] = Double.NaN;
      }
      y[i] = Double.isNaN(kind[i]) ? 9 : high ? 5 : 1;
    }
    List<Variable> given =
        List.of(Variable.category("noise", noise), Variable.category("kind", kind));
    Conditioning found =
        Conditioning.tree(
            given, List.of(Variable.number("y", y)), new Conditioning.Limits(4, 5, 0.01));
    assertThat(found.strata()).isEqualTo(3);
    assertThat(found.explained()).isCloseTo(1, within(1e-12));
    assertThat(found.used()).containsExactly(1);
    int[] strata = strata(found, given);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if ((strata[i] == strata[j]) != (y[i] == y[j])) {
          throw new AssertionError(i + " and " + j);
        }
      }
    }
  }

  @Test
  void categoriesArePredictedTogether() {
    double[] x = new double[300];
    double[] kind = new double[300];
    Arrays.setAll(x, i -> i);
    Arrays.setAll(kind, i -> i < 100 ? 2 : i < 200 ? 0 : 5);
    Conditioning found =
        Conditioning.tree(
            List.of(Variable.number("x", x)),
            List.of(Variable.category("kind", kind)),
            new Conditioning.Limits(3, 10, 0.01));
    assertThat(found.strata()).isEqualTo(3);
    assertThat(found.smallest()).isEqualTo(100);
    assertThat(found.explained()).isCloseTo(1, within(1e-12));
  }

  /**
   * Of y = x + noise, y permuted within strata of x keeps nearly all of its correlation with x;
   * permuted at large it has none.
   */
  @Test
  void permutingWithinStrataKeepsWhatGoesTogether() {
    int n = 4000;
    Keyed keyed = Keyed.of(2, "correlated");
    double[] x = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = keyed.uniform(0, i);
      y[i] = x[i] + 0.1 * keyed.uniform(1, i);
    }
    List<Variable> given = List.of(Variable.number("x", x));
    Conditioning found =
        Conditioning.tree(given, List.of(Variable.number("y", y)), Conditioning.Limits.DEFAULT);
    assertThat(found.strata()).isBetween(6, 16);
    int[] donor = new int[n];
    Keyed shuffle = Keyed.of(2, "shuffle");
    Donors.within(shuffle, Strata.of(strata(found, given)), 0).fill(0, donor);
    double[] permuted = new double[n];
    Arrays.setAll(permuted, i -> y[donor[i]]);
    assertThat(
            Similarity.of(List.of(Variable.number("x", x), Variable.number("y", permuted)))[0][1])
        .isGreaterThan(0.95);
    Donors.within(shuffle, Strata.one(n), 0).fill(0, donor);
    Arrays.setAll(permuted, i -> y[donor[i]]);
    // 5 standard deviations of 1 / sqrt(n - 1): 6e-7.
    assertThat(
            Similarity.of(List.of(Variable.number("x", x), Variable.number("y", permuted)))[0][1])
        .isLessThan(0.08);
  }

  @Test
  void withoutAnythingToGoByThereIsOneStratum() {
    Variable y = Variable.number("y", 1, 2, 3, 4, 5, 6);
    Variable x = Variable.number("x", 3, 1, 2, 6, 5, 4);
    Variable constant = Variable.number("c", 1, 1, 1, 1, 1, 1);
    Conditioning.Limits fine = new Conditioning.Limits(3, 1, 0);
    for (Conditioning one :
        List.of(
            Conditioning.tree(List.of(), List.of(y), fine),
            Conditioning.tree(List.of(constant), List.of(y), fine),
            Conditioning.tree(List.of(x), List.of(constant), fine),
            Conditioning.tree(List.of(x), List.of(y), new Conditioning.Limits(0, 1, 0)),
            Conditioning.tree(List.of(x), List.of(y), new Conditioning.Limits(3, 4, 0)))) {
      assertThat(one.strata()).isEqualTo(1);
      assertThat(one.smallest()).isEqualTo(6);
      assertThat(one.explained()).isZero();
      assertThat(one.used()).isEmpty();
    }
    assertThat(Conditioning.tree(List.of(x), List.of(y), fine).strata()).isBetween(4, 6);
  }

  @Test
  void cellsAreMadeFinerWhileTheyAreLargeEnough() {
    Variable x = Variable.number("x", 1, 2, 3, 4, 5, 6, 7, 8);
    Variable kind = Variable.category("kind", 1, 0, 1, 0, 1, 0, 1, 0);
    Variable single = Variable.number("single", 0, 0, 0, 0, 0, 0, 0, 9);
    assertThat(Conditioning.cells(List.of(x), 8, 2, 4)).containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
    assertThat(Conditioning.cells(List.of(x, kind, single), 8, 2, 2))
        .containsExactly(1, 0, 1, 0, 3, 2, 3, 2);
    assertThat(Conditioning.cells(List.of(x, kind), 8, 2, 3))
        .containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
    assertThat(Conditioning.cells(List.of(), 3, 2, 1)).containsExactly(0, 0, 0);
  }

  @Test
  void refusesWhatCannotBe() {
    Variable y = Variable.number("y", 1, 2);
    assertThatThrownBy(() -> Conditioning.tree(List.of(), List.of(), Conditioning.Limits.DEFAULT))
        .hasMessage("no columns to be permuted");
    assertThatThrownBy(
            () ->
                Conditioning.tree(
                    List.of(Variable.number("x", 1)), List.of(y), Conditioning.Limits.DEFAULT))
        .hasMessage("columns 'y' and 'x' have 2 and 1 rows: must be as many, and not none");
    assertThatThrownBy(() -> new Conditioning.Limits(21, 1, 0))
        .hasMessage("depth 21, leaf 1, share 0.0: must be 0 to 20, at least 1, and from 0 to 1");
    assertThatThrownBy(() -> Conditioning.cells(List.of(), 3, 1, 1))
        .hasMessage("1 parts, leaf 1: must be at least 2, and at least 1");
  }
}
