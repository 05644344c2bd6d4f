package org.assay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.junit.jupiter.api.Test;

class GridTest {

  private static List<Map<String, Object>> settings(String keys, long seed) {
    Section section = Section.root(ConfigFactory.parseString("m {" + keys + "}")).section("m");
    return Grid.read("m", section, seed).settings(Map.of("fixed", 1));
  }

  @Test
  void allCombinationsGoFirstNameSlowest() {
    assertThat(settings("grid { b = [1, 2], a = [x, y] }", 1))
        .extracting(s -> "" + s.get("a") + s.get("b") + s.get("fixed"))
        .containsExactly("x11", "x21", "y11", "y21");
    assertThat(settings("", 1)).containsExactly(Map.of("fixed", 1));
  }

  @Test
  void listsAreDrawnWithoutRepetitionAndAllEquallyLikely() {
    String grid = "grid { a = [1, 2, 3], b = [x, y] }, search = random, trials = ";
    assertThat(settings(grid + 6, 1))
        .containsExactlyElementsOf(settings("grid { a = [1, 2, 3], b = [x, y] }", 1));
    assertThat(settings(grid + 100, 1)).hasSize(6);
    int[] count = new int[6];
    List<Map<String, Object>> all = settings(grid + 6, 1);
    for (int seed = 0; seed < 3000; seed++) {
      List<Map<String, Object>> some = settings(grid + 2, seed);
      assertThat(some).doesNotHaveDuplicates().hasSize(2);
      some.forEach(setting -> count[all.indexOf(setting)]++);
    }
    // 3000 x 1/3 each, 5 standard deviations.
    assertThat(Arrays.stream(count).boxed())
        .allMatch(n -> Math.abs(n - 1000) < 5 * Math.sqrt(3000 * 2 / 9.0));
  }

  /** Kolmogorov's distance of 4000 draws is above 0.036 with probability 1e-4. */
  @Test
  void rangesAreDrawnByTheirLaws() {
    List<Map<String, Object>> drawn =
        settings(
            "grid { u { uniform = [-1, 3] }, l { log-uniform = [0.001, 10] }, i { integers = [2, 5] }, j { log-integers = [1, 8] }, c = [a, b] }, search = random, trials = 4000",
            7);
    assertThat(drawn).hasSize(4000);
    assertThat(distance(drawn, "u", x -> (x + 1) / 4)).isLessThan(0.036);
    assertThat(distance(drawn, "l", x -> (Math.log10(x) + 3) / 4)).isLessThan(0.036);
    assertThat(drawn).extracting(s -> s.get("i")).containsOnly(2, 3, 4, 5);
    assertThat(distance(drawn, "i", x -> (x - 1) / 4)).isLessThan(0.036);
    assertThat(distance(drawn, "j", x -> Math.log(x + 1) / Math.log(9))).isLessThan(0.036);
    Set<Object> texts = new HashSet<>();
    drawn.forEach(s -> texts.add(s.get("c")));
    assertThat(texts).containsExactlyInAnyOrder("a", "b");
    // Parameters are drawn apart: of two halves, all four quarters.
    Map<String, Long> quarters =
        drawn.stream()
            .collect(
                Collectors.groupingBy(
                    s -> "" + s.get("c") + ((Double) s.get("u") > 1), Collectors.counting()));
    assertThat(quarters.values())
        .hasSize(4)
        .allMatch(n -> Math.abs(n - 1000) < 5 * Math.sqrt(4000 * 3 / 16.0));
  }

  private static double distance(
      List<Map<String, Object>> drawn,
      String name,
      java.util.function.DoubleUnaryOperator distribution) {
    double[] x = drawn.stream().mapToDouble(s -> ((Number) s.get(name)).doubleValue()).toArray();
    return IntStream.range(0, x.length)
        .mapToDouble(
            i ->
                Math.abs(
                    Arrays.stream(x).filter(v -> v <= x[i]).count() / (double) x.length
                        - distribution.applyAsDouble(x[i])))
        .max()
        .orElseThrow();
  }

  @Test
  void drawsDependOnSeedNameAndTrialAlone() {
    String grid = "grid { u { uniform = [0, 1] }, c = [1, 2] }, search = random, trials = ";
    List<Map<String, Object>> ten = settings(grid + 10, 3);
    assertThat(settings(grid + 20, 3).subList(0, 10)).isEqualTo(ten);
    assertThat(settings(grid + 10, 3)).isEqualTo(ten);
    assertThat(settings(grid + 10, 4)).isNotEqualTo(ten);
    assertThat(settings("grid { i { integers = [1, 3] } }, search = random, trials = 50", 1))
        .hasSize(3);
    assertThat(settings("grid { i { integers = [1, 3] } }, search = random", 1))
        .hasSizeBetween(2, 3);
  }

  @Test
  void whatMeansNothingIsRefused() {
    refused(
        "grid { a = [1] }, trials = 5",
        "m.trials = 5: is how many settings search = random draws; set it, or remove this key");
    refused(
        "search = random",
        "m.search = \"random\": has no grid to draw from; add one, or remove this key");
    refused(
        "grid { a { uniform = [0, 1] } }",
        "m.grid.a = {\"uniform\":[0,1]}: is a distribution; set search = random to draw from it, or give a list of values");
    refused("grid { a = [] }", "m.grid.a = []: must be a list of at least one value");
    refused(
        "grid { a = 1 }, search = random",
        "m.grid.a = 1: must be a list of at least one value, or a distribution such as { log-uniform = [0.001, 1] }");
    refused(
        "grid { a { log-uniform = [0, 1] } }, search = random",
        "m.grid.a.log-uniform = [0,1]: must be [LOW, HIGH], numbers above 0, LOW below HIGH");
    refused(
        "grid { a { integers = [0.5, 1] } }, search = random",
        "m.grid.a.integers = [0.5,1]: must be [LOW, HIGH], whole numbers, LOW below HIGH");
    refused(
        "grid { a { uniform = [2, 1] } }, search = random",
        "m.grid.a.uniform = [2,1]: must be [LOW, HIGH], numbers, LOW below HIGH");
    refused(
        "grid { a { normal = [0, 1] } }, search = random",
        "m.grid.a = {\"normal\":[0,1]}: must be a list, or one of { uniform = [LOW, HIGH] }, { log-uniform = [LOW, HIGH] }, { integers = [LOW, HIGH] }, { log-integers = [LOW, HIGH] }");
  }

  private static void refused(String keys, String message) {
    assertThatThrownBy(() -> settings(keys, 1))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith(message);
  }
}
