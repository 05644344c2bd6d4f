package org.assay.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class FactorDesignTest {

  /** How often each combination of symbols stands in these columns. */
  private static Map<List<Integer>, Integer> combinations(int[][] rows, int... columns) {
    Map<List<Integer>, Integer> counts = new HashMap<>();
    for (int[] row : rows) {
      counts.merge(Arrays.stream(columns).mapToObj(c -> row[c]).toList(), 1, Integer::sum);
    }
    return counts;
  }

  @Test
  void anyThreeColumnsOfTwoSymbolsAreBalanced() {
    for (int factors = 1; factors <= 47; factors += 1 + factors / 12) {
      int[][] rows = OrthogonalArray.ofTwo(factors);
      assertThat(rows.length).isLessThanOrEqualTo(2 * factors + 16);
      for (int a = 0; a < factors; a++) {
        for (int b = a + 1; b < factors; b++) {
          for (int c = b + 1; c < factors; c++) {
            Map<List<Integer>, Integer> counts = combinations(rows, a, b, c);
            assertThat(counts).hasSize(8);
            assertThat(new HashSet<>(counts.values())).containsExactly(rows.length / 8);
          }
        }
      }
    }
  }

  @Test
  void anyTwoColumnsOfAPrimeAreBalanced() {
    for (int q : new int[] {3, 5, 7}) {
      for (int factors : new int[] {1, 2, q + 1, q + 2}) {
        int[][] rows = OrthogonalArray.ofPrime(factors, q);
        assertThat(rows.length).isEqualTo(factors <= q + 1 ? q * q : q * q * q);
        for (int a = 0; a < factors; a++) {
          for (int b = a + 1; b < factors; b++) {
            Map<List<Integer>, Integer> counts = combinations(rows, a, b);
            assertThat(counts).hasSize(q * q);
            assertThat(new HashSet<>(counts.values())).hasSize(1);
          }
        }
      }
    }
  }

  @Test
  void levelsOfAnyTwoFactorsAreIndependentWhateverTheirNumbers() {
    Map<String, List<String>> factors =
        Map.of(
            "tz", List.of("UTC", "Asia/Tokyo", "America/New_York", "Asia/Kolkata"),
            "locale", List.of("en", "tr", "de"),
            "load", List.of("none", "high"));
    FactorDesign design = FactorDesign.of(factors, 42);
    assertThat(design.strength()).isEqualTo(2);
    List<SortedMap<String, String>> settings = design.settings();
    assertThat(settings).hasSize(25).isEqualTo(FactorDesign.of(factors, 42).settings());
    for (String one : factors.keySet()) {
      for (String other : factors.keySet()) {
        for (String level : factors.get(one)) {
          for (String with : factors.get(other)) {
            long a = settings.stream().filter(s -> s.get(one).equals(level)).count();
            long b = settings.stream().filter(s -> s.get(other).equals(with)).count();
            long both =
                settings.stream()
                    .filter(s -> s.get(one).equals(level) && s.get(other).equals(with))
                    .count();
            assertThat(a).isPositive();
            if (!one.equals(other)) {
              assertThat(both * 25).as("%s and %s", level, with).isEqualTo(a * b);
            }
          }
        }
      }
    }
  }

  @Test
  void refusesWhatIsNoExperiment() {
    assertThatThrownBy(() -> FactorDesign.of(Map.of(), 1)).hasMessage("a design without factors");
    assertThatThrownBy(() -> FactorDesign.of(Map.of("tz", List.of("UTC")), 1))
        .hasMessage("factor tz with levels [UTC]: must have two or more, all different");
    assertThat(FactorDesign.of(Map.of("x", List.of("0", "1")), 1).strength()).isEqualTo(3);
  }
}
