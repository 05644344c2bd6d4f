package org.assay.design;

import static org.assay.design.KFoldTest.assertInput;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimeSeriesTest extends SchemeContract {
  private static final long HOUR = 3_600_000_000L;

  @Override
  List<String> plans() {
    return List.of(
        "kind = time-series, folds = 3",
        "kind = time-series, folds = 2, window = sliding, train = 20, gap = 2, horizon = 10",
        "kind = time-series, folds = 2, horizon = 9h, gap = 30m",
        "kind = time-series, folds = 2, horizon = 10h, gap = 2h, window = sliding, train = 15h");
  }

  @Override
  List<String> groupedPlans() {
    return List.of("kind = time-series, folds = 2, horizon = 5");
  }

  @Override
  boolean partitions() {
    return false;
  }

  @Override
  boolean random() {
    return false;
  }

  @Test
  void equalsScikitLearnWhenNoTimesAreTied() {
    for (JsonNode c : References.splits("time-series")) {
      int n = c.get("n").intValue();
      long[] time = new long[n];
      Arrays.setAll(time, i -> 17L * i - 300);
      Sample sample = Sample.times(time).recut(2);
      String plan =
          "kind = time-series, folds = "
              + c.get("folds")
              + ", gap = "
              + c.get("gap")
              + (c.get("horizon").isNull() ? "" : ", horizon = " + c.get("horizon"))
              + (c.get("train").isNull() ? "" : ", window = sliding, train = " + c.get("train"));
      References.assertSame(sample, sample.bind(plan, 1), c.get("splits"));
    }
  }

  /** The order of rows in a block is by key, not by time. */
  @Test
  void onlyTimesMatterNotTheOrderOfRows() {
    Sample sample = Sample.times(50, 10, 40, 20, 30, 60);
    Design design = sample.bind("kind = time-series, folds = 2, horizon = 1", 1);
    assertThat(sample.weights(design, 0)).containsExactly(0, 1, 1, 1, 1, -1);
    assertThat(sample.weights(design, 1)).containsExactly(1, 1, 1, 1, 1, 0);
  }

  @Test
  void tiedTimesAreNeverCut() {
    Sample sample = Sample.times(1, 2, 3, 3, 3, 4, 5, 5);
    Design design = sample.bind("kind = time-series, folds = 2, horizon = 2", 1);
    // The first cut falls at the third 3 and goes before the first of them; the second at a 5.
    assertThat(sample.weights(design, 0)).containsExactly(1, 1, 0, 0, 0, 0, -1, -1);
    assertThat(sample.weights(design, 1)).containsExactly(1, 1, 1, 1, 1, 1, 0, 0);
    // The gap ends among the 3s, and all of them are in it.
    Design gap = sample.bind("kind = time-series, folds = 1, horizon = 2, gap = 2", 1);
    assertThat(sample.weights(gap, 0)).containsExactly(1, 1, -1, -1, -1, -1, 0, 0);
  }

  @Test
  void lengthsInTimeCountBackFromTheLastRow() {
    long[] time = {0, HOUR, 2 * HOUR, 3 * HOUR, 3 * HOUR + 1, 4 * HOUR, 5 * HOUR};
    Sample sample = Sample.times(time);
    Design design = sample.bind("kind = time-series, folds = 2, horizon = 60m, gap = 3600s", 1);
    // Windows (3 h, 4 h] and (4 h, 5 h]; training ends an hour before.
    assertThat(sample.weights(design, 0)).containsExactly(1, 1, 1, -1, 0, 0, -1);
    assertThat(sample.weights(design, 1)).containsExactly(1, 1, 1, 1, -1, -1, 0);
    Design sliding =
        sample.bind("kind = time-series, folds = 1, horizon = 1h, window = sliding, train = 2h", 1);
    assertThat(sample.weights(sliding, 0)).containsExactly(-1, -1, -1, 1, 1, 1, 0);
  }

  /** The plain definition: train only where the group has no row in the test window. */
  @Test
  void groupsOfTheTestWindowDoNotTrain() {
    Random random = new Random(6);
    for (int round = 0; round < 30; round++) {
      int n = 80;
      long[] time = random.longs(n, 0, 60).toArray();
      long[] group = random.longs(n, 0, 30).toArray();
      Rows rows = new Rows(0, n, Sample.plain(n).all().key(), null, group, time, null);
      Sample sample = Sample.of(rows).recut(round);
      String plan = "kind = time-series, folds = 3, horizon = 8, gap = 1";
      Design free = Sample.plan(plan).bind(sample.population(), 1);
      Design grouped = Sample.groupedPlan(plan).bind(sample.population(), 1);
      for (int r = 0; r < 3; r++) {
        int[] expected = sample.weights(free, r);
        Set<Long> tested = new HashSet<>();
        for (int i : Sample.where(expected, 0)) {
          tested.add(group[i]);
        }
        for (int i : Sample.where(expected, 1)) {
          expected[i] = tested.contains(group[i]) ? -1 : 1;
        }
        assertThat(sample.weights(grouped, r)).isEqualTo(expected);
      }
    }
  }

  @Test
  void refusesWhatTheDataDoNotAllow() {
    assertInput(() -> Sample.times(1, 2, 3).bind("kind = time-series", 1))
        .hasMessage(
            "5 folds of a time series need at least 6 rows, and there are 3; use fewer folds");
    assertInput(
            () ->
                Sample.times(1, 2, 3, 4, 5, 6)
                    .bind("kind = time-series, folds = 2, horizon = 2, gap = 2", 1))
        .hasMessage(
            "fold 0 of time-series, 2 folds of 2 rows, expanding window, gap 2 rows has no row to train on: 2 of 6 rows come before its"
                + " test window, with a gap of 2 rows; use fewer folds, a shorter horizon, a shorter gap");
    assertInput(
            () ->
                Sample.times(1, 2, 2, 2, 2, 3)
                    .bind("kind = time-series, folds = 3, horizon = 1", 1))
        .hasMessage(
            "fold 0 of time-series, 3 folds of 1 row, expanding window has no row to test on: rows of the same time stay together;"
                + " use fewer folds or a longer horizon");
    assertInput(
            () ->
                Sample.times(0, HOUR, 9 * HOUR)
                    .bind("kind = time-series, folds = 2, horizon = 1h", 1))
        .hasMessage(
            "fold 0 of time-series, 2 folds of 1h, expanding window has no row to test on in its 1h; use a longer horizon");
    Rows rows =
        new Rows(0, 4, new long[4], null, new long[] {1, 2, 1, 2}, new long[] {1, 2, 3, 4}, null);
    assertInput(
            () ->
                Sample.groupedPlan("kind = time-series, folds = 1, horizon = 2")
                    .bind(Sample.of(rows).population(), 1))
        .hasMessage(
            "fold 0 of time-series, 1 fold of 2 rows, expanding window has no row to train on: every group before its test"
                + " window occurs in it too, and rows of a group never split; use a shorter horizon");
  }
}
