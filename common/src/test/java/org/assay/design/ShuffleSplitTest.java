package org.assay.design;

import static org.assay.design.KFoldTest.assertInput;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShuffleSplitTest extends SchemeContract {
  @Override
  List<String> plans() {
    return List.of(
        "kind = shuffle-split, splits = 5",
        "kind = shuffle-split, splits = 4, test = 13, train = 20",
        "kind = shuffle-split, splits = 4, test = 0.3, train = 0.45, stratify = true",
        "kind = shuffle-split, splits = 4, test = 0.5, train = 0.3, assign = stable");
  }

  @Override
  List<String> groupedPlans() {
    return List.of(
        "kind = shuffle-split, splits = 5",
        "kind = shuffle-split, splits = 4, test = 0.3, train = 0.45, stratify = true",
        "kind = shuffle-split, splits = 3, test = 0.5, train = 0.4, assign = stable");
  }

  @Override
  boolean partitions() {
    return false;
  }

  @Override
  boolean random() {
    return true;
  }

  @Test
  void sizesAreExactOverallAndWithinOneInEveryClass() {
    for (int s = 0; s < 20; s++) {
      Sample sample = Sample.random(s);
      long n = sample.all().size();
      Design plain = sample.bind("kind = shuffle-split, test = 0.17, train = 31", s);
      for (int[] weights : sample.weights(plain)) {
        assertThat(Sample.count(weights, 0)).isEqualTo((17 * n + 99) / 100);
        assertThat(Sample.count(weights, 1)).isEqualTo(31);
      }
      Design stratified = sample.bind("kind = shuffle-split, test = 0.3, stratify = true", s);
      for (int[] weights : sample.weights(stratified)) {
        Balance balance = Balance.of(sample.all(), weights);
        assertThat(balance.testRows()).isEqualTo((3 * n + 9) / 10);
        assertThat(balance.trainRows()).isEqualTo(n - balance.testRows());
        assertThat(balance.unused()).isZero();
        for (int c = 0; c < balance.test().length; c++) {
          double share = (balance.test()[c] + balance.train()[c]) * (double) balance.testRows() / n;
          assertThat(Math.abs(balance.test()[c] - share)).isLessThan(1);
        }
      }
    }
  }

  @Test
  void fractionsAreDecimal() {
    Sample sample = Sample.plain(100);
    // In binary 0.07 * 100 is 7.000000000000001.
    assertThat(
            Sample.count(sample.weights(sample.bind("kind = shuffle-split, test = 0.07", 1), 0), 0))
        .isEqualTo(7);
  }

  /**
   * Row 3 is in the test part with probability 2/7 whatever its class; 5 standard deviations: 6e-7.
   */
  @Test
  void everyRowIsHeldOutWithTheSameProbability() {
    Sample sample = Sample.strata(0, 1, 0, 1, 0, 0, 1);
    for (String plan :
        List.of(
            "kind = shuffle-split, splits = 20000, test = 2",
            "kind = shuffle-split, splits = 20000, test = 2, stratify = true")) {
      Design design = sample.bind(plan, 4);
      int[] weight = new int[7];
      int[] heldOut = new int[7];
      for (int r = 0; r < design.replicates(); r++) {
        design.fill(r, sample.all(), weight);
        for (int i = 0; i < 7; i++) {
          heldOut[i] += weight[i] == 0 ? 1 : 0;
        }
      }
      double p = 2 / 7.0;
      for (int h : heldOut) {
        assertThat((h - 20_000 * p) / Math.sqrt(20_000 * p * (1 - p))).isBetween(-5.0, 5.0);
      }
    }
  }

  @Test
  void groupsComeNearTheSizesAskedFor() {
    long[] group = new long[1000];
    Arrays.setAll(group, i -> i / 4 * 0x9E3779B97F4A7C15L);
    Sample sample = Sample.groups(group);
    Design design =
        Sample.groupedPlan("kind = shuffle-split, test = 0.2, train = 0.5")
            .bind(sample.population(), 1);
    for (int[] weights : sample.weights(design)) {
      assertThat(Sample.count(weights, 0)).isBetween(196L, 204L);
      assertThat(Sample.count(weights, 1)).isBetween(496L, 504L);
    }
  }

  @Test
  void twoGroupsGiveOneEach() {
    Sample sample = Sample.groups(1, 1, 1, 2, 2, 2);
    Design design =
        Sample.groupedPlan("kind = shuffle-split, test = 0.2, splits = 20")
            .bind(sample.population(), 1);
    for (int[] weights : sample.weights(design)) {
      assertThat(Sample.count(weights, 0)).isEqualTo(3);
      assertThat(Sample.count(weights, 1)).isEqualTo(3);
    }
  }

  @Test
  void bothPartsHaveAGroupHoweverSmallTheyAre() {
    Sample sample = Sample.random(3);
    Design design =
        Sample.groupedPlan("kind = shuffle-split, test = 1, train = 1")
            .bind(sample.population(), 1);
    for (int[] weights : sample.weights(design)) {
      assertThat(weights).contains(0).contains(1);
    }
  }

  @Test
  void refusesWhatTheDataDoNotAllow() {
    assertInput(() -> Sample.plain(10).bind("kind = shuffle-split, test = 8, train = 3", 1))
        .hasMessage(
            "test = 8 rows and train = 3 rows is more than the 10 rows there are; use less");
    assertInput(() -> Sample.plain(10).bind("kind = shuffle-split, test = 10", 1))
        .hasMessage(
            "test = 10 rows of 10 rows leaves no row to train on; hold out less, or add data");
    assertInput(() -> Sample.plain(1).bind("kind = shuffle-split", 1))
        .hasMessage("test = 0.2 of 1 row leaves no row to train on; hold out less, or add data");
    assertInput(() -> Sample.plain(10).bind("kind = shuffle-split, train = 0.01", 1))
        .hasMessage(
            "train = 0.01 of 10 rows leaves no row to train on; train on more, or add data");
    assertInput(
            () ->
                Sample.groupedPlan("kind = shuffle-split")
                    .bind(Sample.groups(4, 4).population(), 1))
        .hasMessage(
            "shuffle-split needs at least 2 groups, and there is 1; add data of other groups");
    assertInput(() -> Sample.strata(0, 0, 0, 1).bind("kind = shuffle-split, stratify = true", 1))
        .hasMessage(
            "class 1 has 1 row, and a stratified split needs at least 2 of every class; remove stratify, or the row");
    assertInput(() -> Sample.strata(0, 0, 0, 1, 1).bind("kind = shuffle-split, stratify = true", 1))
        .hasMessage(
            "a stratified split of 2 classes needs at least as many rows to train and to test on, and there are 4 and 1; enlarge the"
                + " smaller part, or remove stratify");
  }
}
