package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeltaDebuggingTest {

  private static DeltaDebugging solved(int n, int workers, Predicate<int[]> effect) {
    DeltaDebugging search = new DeltaDebugging(IntStream.range(0, n).toArray(), workers);
    while (!search.isDone()) {
      List<int[]> parts = search.next();
      assertThat(parts).isNotEmpty().isEqualTo(search.next());
      boolean[] results = new boolean[parts.size()];
      for (int i = 0; i < results.length; i++) {
        results[i] = effect.test(parts.get(i));
      }
      search.accept(results);
    }
    assertThat(search.next()).isEmpty();
    return search;
  }

  private static boolean has(int[] part, int test) {
    return Arrays.stream(part).anyMatch(x -> x == test);
  }

  @ParameterizedTest
  @CsvSource({"1000, 1, 11", "1000, 3, 6", "1000, 9, 4", "4096, 7, 5", "2, 4, 2", "1, 4, 0"})
  void oneCulpritIsFoundInTheLogarithmOfBatches(int n, int workers, int batches) {
    for (int culprit = 0; culprit < n; culprit += Math.max(1, n / 37)) {
      int test = culprit;
      DeltaDebugging search = solved(n, workers, part -> has(part, test));
      assertThat(search.result()).containsExactly(test);
      assertThat(search.batches()).as("test %s", test).isLessThanOrEqualTo(batches);
    }
  }

  /** Any set of culprits that are all needed is found: the plain definition of 1-minimal. */
  @Test
  void severalCulpritsThatAreAllNeededAreFound() {
    Keyed draws = Keyed.of(1, "culprits");
    for (int trial = 0; trial < 200; trial++) {
      int n = 2 + (int) draws.below(40, trial, 0);
      int count = 1 + (int) draws.below(Math.min(n, 4), trial, 1);
      int[] order = IntStream.range(0, n).toArray();
      Set<Integer> culprits =
          IntStream.range(0, count)
              .mapToObj(i -> order[(int) draws.below(n, 1000 + i, 0)])
              .collect(Collectors.toSet());
      DeltaDebugging search =
          solved(
              n,
              1 + trial % 5,
              part ->
                  Arrays.stream(part).boxed().collect(Collectors.toSet()).containsAll(culprits));
      assertThat(search.result())
          .as("trial %s", trial)
          .containsExactly(culprits.stream().sorted().mapToInt(x -> x).toArray());
    }
  }

  /** Any of several is enough: one of them is found; and a cleaner after it is no obstacle. */
  @Test
  void oneOfSeveralIsFoundThoughACleanerMayFollow() {
    DeltaDebugging search =
        solved(
            64,
            2,
            part -> {
              boolean polluted = false;
              for (int x : part) {
                polluted = x == 20 || x == 50 || polluted && x != 30;
              }
              return polluted;
            });
    assertThat(search.result()).hasSize(1).containsAnyOf(20, 50);
  }

  @Test
  void refusesNothing() {
    assertThatThrownBy(() -> new DeltaDebugging(new int[0], 2))
        .hasMessage("a sequence of 0 tests and 2 workers: must be positive");
    DeltaDebugging search = new DeltaDebugging(new int[] {1, 2, 3}, 2);
    assertThat(search.next()).hasSize(2);
    assertThatThrownBy(() -> search.accept(new boolean[1]))
        .hasMessage("1 results of 2 parts: must be as many");
  }
}
