package org.assay.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PopulationTest {

  /** The plain definition, over all rows at once. */
  @Test
  void countsAreThoseOfAllRows() {
    for (int s = 0; s < 10; s++) {
      Sample sample = Sample.random(s);
      Rows all = sample.all();
      Population population = sample.population();
      TreeMap<Long, Long> groups = new TreeMap<>();
      TreeMap<Long, Long> times = new TreeMap<>();
      TreeMap<Integer, Long> strata = new TreeMap<>();
      TreeMap<String, Long> pairs = new TreeMap<>();
      for (int i = 0; i < all.size(); i++) {
        groups.merge(all.group()[i], 1L, Long::sum);
        times.merge(all.time()[i], 1L, Long::sum);
        strata.merge(all.stratum()[i], 1L, Long::sum);
        pairs.merge(all.group()[i] + " " + all.time()[i], 1L, Long::sum);
      }
      assertThat(population.size()).isEqualTo(all.size());
      assertThat(population.groupCount()).isEqualTo(groups.size());
      assertThat(population.groups().key())
          .containsExactly(groups.keySet().stream().mapToLong(k -> k).toArray());
      assertThat(population.groups().count())
          .containsExactly(groups.values().stream().mapToLong(k -> k).toArray());
      assertThat(population.times().key())
          .containsExactly(times.keySet().stream().mapToLong(k -> k).toArray());
      assertThat(population.times().count())
          .containsExactly(times.values().stream().mapToLong(k -> k).toArray());
      strata.forEach((code, count) -> assertThat(population.stratumSize(code)).isEqualTo(count));
      TreeMap<String, Long> found = new TreeMap<>();
      Counts joint = population.groupTimes();
      for (int i = 0; i < joint.distinct(); i++) {
        long g = population.groups().key()[(int) (joint.key()[i] / population.times().distinct())];
        long t = population.times().key()[(int) (joint.key()[i] % population.times().distinct())];
        found.put(g + " " + t, joint.count()[i]);
      }
      assertThat(found).isEqualTo(pairs);
    }
  }

  @Test
  void emptyBlocksMayBeLeftOutAndNeedNoArrays() {
    Rows rows = new Rows(3, 2, new long[] {1, 2}, new int[] {0, 1}, null, null, null);
    Rows empty = new Rows(5, 0, new long[0], null, null, null, null);
    Population population =
        Population.of(List.of(Population.census(empty), Population.census(rows)));
    assertThat(population.size()).isEqualTo(2);
    Design design = Sample.plan("kind = k-fold, folds = 2").bind(population, 1);
    int[] weight = {9, 9};
    design.fill(0, empty, weight);
    assertThat(weight).containsExactly(9, 9);
    design.fill(0, new Rows(99, 0, new long[0], null, null, null, null), weight);
    design.fill(0, rows, weight);
    assertThat(weight).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void refusesBlocksThatDoNotFitTogether() {
    Rows a = Sample.strata(0, 1).all();
    Rows b = new Rows(1, 2, new long[2], null, null, null, null);
    assertThatThrownBy(() -> Population.of(List.of(Population.census(a), Population.census(a))))
        .hasMessage("block 0 occurs twice in the census");
    assertThatThrownBy(() -> Population.of(List.of(Population.census(a), Population.census(b))))
        .hasMessage("some blocks have strata and others have none");
    assertThatThrownBy(() -> Population.census(Sample.strata(0, -1).all()))
        .hasMessage("stratum -1 in block 0: codes start at 0");
  }

  @Test
  void groupsAreFoundWhateverTheirKeys() {
    for (long[] keys :
        new long[][] {
          {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE},
          {5},
          {1, 2, 3, 4, 5, 6, 7, 8, 9},
          {-3, -2},
          {Long.MIN_VALUE},
          {Long.MAX_VALUE - 1, Long.MAX_VALUE}
        }) {
      Groups groups = new Groups(keys);
      for (int g = 0; g < keys.length; g++) {
        assertThat(groups.index(keys[g])).isEqualTo(g);
      }
      assertThatThrownBy(() -> groups.index(77)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
