package org.assay.design;

import static org.assay.design.KFoldTest.assertInput;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NestedTest {

  @Test
  void innerFoldsPartitionTheOuterTrainingRowsExactly() {
    Plan plan =
        Sample.plan(
            "kind = nested, outer { kind = k-fold, folds = 4 }, inner { kind = k-fold, folds = 3, repeats = 2, stratify = true }");
    Plan innerPlan = plan.inner().orElseThrow();
    Sample sample = Sample.random(8);
    Design outer = plan.bind(sample.population(), 5);
    for (int r = 0; r < outer.replicates(); r++) {
      Design inner = Nested.bind(innerPlan, outer, r, training(sample, outer, r), 5);
      int[] outside = sample.weights(outer, r);
      int[] heldOut = new int[outside.length];
      for (int q = 0; q < inner.replicates(); q++) {
        int[] weights = sample.weights(inner, q);
        for (int i = 0; i < weights.length; i++) {
          assertThat(weights[i] == Design.UNUSED).isEqualTo(outside[i] == Design.HELD_OUT);
          heldOut[i] += weights[i] == Design.HELD_OUT ? 1 : 0;
        }
        long n = Sample.count(outside, 1);
        assertThat(Sample.count(weights, 0)).isBetween(n / 3, (n + 2) / 3);
      }
      for (int i = 0; i < heldOut.length; i++) {
        assertThat(heldOut[i]).isEqualTo(outside[i] == 1 ? 2 : 0);
      }
    }
  }

  /** Rows that an outer bootstrap draws twice count twice, so folds of them are no partition. */
  @Test
  void innerFoldsKnowWhetherTheyPartition() {
    Plan plan = Sample.plan("kind = k-fold, folds = 3");
    Sample sample = Sample.plain(40);
    for (String kind : List.of("kind = k-fold, folds = 4", "kind = bootstrap, replicates = 2")) {
      Design outer = sample.bind(kind, 5);
      Design inner = Nested.bind(plan, outer, 0, training(sample, outer, 0), 5);
      boolean once = true;
      for (int[] weights : sample.weights(inner)) {
        for (int weight : weights) {
          once &= weight <= 1;
        }
      }
      assertThat(inner.isPartition()).as(kind).isEqualTo(once).isEqualTo(kind.contains("fold"));
    }
  }

  @Test
  void innerDesignsOfDifferentOuterReplicatesAreUnrelated() {
    Sample sample = Sample.plain(40);
    Design outer = sample.bind("kind = k-fold, folds = 4", 5);
    Plan plan = Sample.plan("kind = k-fold, folds = 3");
    List<Design> inner =
        List.of(
            Nested.bind(plan, outer, 0, training(sample, outer, 0), 5),
            Nested.bind(plan, outer, 1, training(sample, outer, 1), 5));
    assertThat(inner.get(0).fingerprint())
        .matches("[0-9a-f]{16}")
        .isNotEqualTo(inner.get(1).fingerprint());
    assertThat(sample.weights(Sample.copy(inner.get(0))))
        .isDeepEqualTo(sample.weights(inner.get(0)));
  }

  @Test
  void innerPlansKeepGroupsTogether() {
    Plan plan =
        Sample.groupedPlan(
            "kind = nested, outer { kind = k-fold, folds = 3 }, inner { kind = k-fold, folds = 2 }");
    assertThat(plan.inner().orElseThrow().options().grouped()).isTrue();
  }

  /**
   * An outer weight of 3, as a bootstrap gives, is the weight of the row wherever it trains inside.
   */
  @Test
  void outerWeightsCarryOver() {
    Sample sample = Sample.plain(12);
    Design outer =
        new Design() {
          @Override
          public int replicates() {
            return 1;
          }

          @Override
          public Split split(int replicate) {
            return new Split(0, 0);
          }

          @Override
          public void fill(int replicate, Rows rows, int[] weight) {
            for (int i = 0; i < rows.size(); i++) {
              weight[i] = (int) (rows.key()[i] % 4);
            }
          }

          @Override
          public String fingerprint() {
            return "0123456789abcdef";
          }
        };
    Design inner =
        Nested.bind(
            Sample.plan("kind = k-fold, folds = 3"), outer, 0, training(sample, outer, 0), 1);
    for (int[] weights : sample.weights(inner)) {
      assertThat(Sample.count(weights, 0)).isEqualTo(3);
      for (int i = 0; i < 12; i++) {
        assertThat(weights[i]).isIn(i % 4 == 0 ? new Object[] {-1} : new Object[] {0, i % 4});
      }
    }
  }

  @Test
  void refusalsNameTheOuterReplicate() {
    Sample sample = Sample.plain(6);
    Design outer = sample.bind("kind = k-fold, folds = 3, repeats = 2", 1);
    assertInput(
            () ->
                Nested.bind(Sample.plan("kind = k-fold"), outer, 4, training(sample, outer, 4), 1))
        .hasMessage(
            "inner plan of repeat 1, fold 1: 5 folds need at least 5 rows, and there are 4; use at most 4 folds");
  }

  private static Population training(Sample sample, Design outer, int replicate) {
    return Population.of(
        sample.blocks().stream()
            .map(rows -> Population.census(Nested.training(outer, replicate, rows)))
            .toList());
  }
}
