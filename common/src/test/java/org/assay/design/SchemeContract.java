package org.assay.design;

import static org.assay.design.Sample.copy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assay.UserException;
import org.junit.jupiter.api.Test;

/**
 * What every scheme keeps, for random populations. To test a scheme, extend this and say which
 * plans it has.
 */
abstract class SchemeContract {
  private static final int POPULATIONS = 12;

  /**
   * The insides of {@code plan { }} that work for every {@link Sample#random}, without a group in
   * the data.
   */
  abstract List<String> plans();

  /** The same, with a group in the data. */
  abstract List<String> groupedPlans();

  /** Whether every row is held out exactly once per repeat. */
  abstract boolean partitions();

  /** Whether anything is drawn at random. */
  abstract boolean random();

  record Case(String text, Plan plan, Sample sample) {
    Design design(long seed) {
      return plan.bind(sample.population(), seed);
    }
  }

  Stream<Case> cases() {
    return IntStream.range(0, POPULATIONS)
        .mapToObj(s -> Sample.random(1000 + s))
        .flatMap(
            sample ->
                Stream.concat(
                    plans().stream().map(p -> new Case(p, Sample.plan(p), sample)),
                    groupedPlans().stream().map(p -> new Case(p, Sample.groupedPlan(p), sample))));
  }

  @Test
  void everyReplicateTrainsAndTestsOnSomeRows() {
    cases()
        .forEach(
            c -> {
              Design design = c.design(1);
              for (int[] weights : c.sample.weights(design)) {
                assertThat(weights).as(c.text).contains(Design.HELD_OUT).contains(1);
                assertThat(Arrays.stream(weights).min().getAsInt())
                    .isGreaterThanOrEqualTo(Design.UNUSED);
              }
            });
  }

  @Test
  void designsKnowWhetherTheyPartition() {
    cases().forEach(c -> assertThat(c.design(2).isPartition()).as(c.text).isEqualTo(partitions()));
  }

  @Test
  void everyRowIsHeldOutOncePerRepeatAndTrainsOtherwise() {
    assumeTrue(partitions());
    cases()
        .forEach(
            c -> {
              Design design = c.design(2);
              Map<Integer, int[]> heldOut = new HashMap<>();
              for (int r = 0; r < design.replicates(); r++) {
                int[] times =
                    heldOut.computeIfAbsent(
                        design.split(r).repeat(), k -> new int[c.sample.all().size()]);
                int[] weights = c.sample.weights(design, r);
                for (int i = 0; i < weights.length; i++) {
                  times[i] += weights[i] == Design.HELD_OUT ? 1 : 0;
                  assertThat(weights[i]).isBetween(0, 1);
                }
              }
              assertThat(heldOut).hasSize(c.plan.options().repeats());
              heldOut.values().forEach(times -> assertThat(times).as(c.text).containsOnly(1));
            });
  }

  @Test
  void holdersAreTheReplicatesThatHoldRowsOut() {
    assumeTrue(partitions());
    cases()
        .forEach(
            c -> {
              Design design = c.design(2);
              for (Rows block : c.sample.blocks()) {
                for (int r = 0; r < design.replicates(); r++) {
                  int[] holder = new int[block.size()];
                  int[] weight = new int[block.size()];
                  design.holders(design.split(r).repeat(), block, holder);
                  design.fill(r, block, weight);
                  for (int i = 0; i < weight.length; i++) {
                    assertThat(holder[i] == r).as(c.text).isEqualTo(weight[i] == Design.HELD_OUT);
                  }
                }
              }
            });
  }

  @Test
  void placesOfReplicatesAreDistinct() {
    cases()
        .forEach(
            c -> {
              Design design = c.design(2);
              assertThat(IntStream.range(0, design.replicates()).mapToObj(design::split))
                  .doesNotHaveDuplicates();
            });
  }

  @Test
  void groupsNeverSplitBetweenTrainingAndTest() {
    cases()
        .filter(c -> c.plan.options().grouped())
        .forEach(
            c -> {
              for (int[] weights : c.sample.weights(c.design(3))) {
                Map<Long, Integer> seen = new HashMap<>();
                for (int i = 0; i < weights.length; i++) {
                  if (weights[i] != Design.UNUSED) {
                    Integer before = seen.put(c.sample.all().group()[i], weights[i]);
                    assertThat(before).as(c.text).isIn(null, weights[i]);
                  }
                }
              }
            });
  }

  @Test
  void theSameOrderInOtherBlocksGivesTheSameWeights() {
    cases()
        .forEach(
            c -> {
              Case recut = new Case(c.text, c.plan, c.sample.recut(77));
              assertThat(recut.sample.weights(recut.design(4)))
                  .as(c.text)
                  .isDeepEqualTo(c.sample.weights(c.design(4)));
            });
  }

  @Test
  void theSeedDecides() {
    cases()
        .forEach(
            c -> {
              Design design = c.design(5);
              Design same = c.design(5);
              Design other = c.design(6);
              assertThat(design.fingerprint())
                  .matches("[0-9a-f]{16}")
                  .isEqualTo(same.fingerprint());
              assertThat(design.fingerprint()).isNotEqualTo(other.fingerprint());
              int[][] weights = c.sample.weights(design);
              assertThat(weights).isDeepEqualTo(c.sample.weights(same));
              assertThat(Arrays.deepEquals(weights, c.sample.weights(other)))
                  .as(c.text)
                  .isNotEqualTo(random());
            });
  }

  @Test
  void repeatsDiffer() {
    cases()
        .filter(c -> c.plan.options().repeats() > 1)
        .forEach(
            c -> {
              // The folds of a repeat as a set: the same folds in another order would be no new
              // repeat.
              Design design = c.design(7);
              Map<Integer, Set<Set<Integer>>> folds = new HashMap<>();
              for (int r = 0; r < design.replicates(); r++) {
                Set<Integer> heldOut = Sample.where(c.sample.weights(design, r), Design.HELD_OUT);
                folds.computeIfAbsent(design.split(r).repeat(), k -> new HashSet<>()).add(heldOut);
              }
              // Few groups of very different sizes can be balanced in few ways, and some repeats
              // may coincide.
              long distinct = folds.values().stream().distinct().count();
              assertThat(distinct)
                  .as(c.text)
                  .isBetween(c.plan.options().grouped() ? 2L : folds.size(), (long) folds.size());
            });
  }

  @Test
  void survivesSerialization() {
    cases()
        .forEach(
            c -> {
              Design design = copy(copy(c.plan).bind(copy(c.sample.population()), 8));
              assertThat(c.sample.weights(design)).isDeepEqualTo(c.sample.weights(c.design(8)));
              assertThat(design.fingerprint()).isEqualTo(c.design(8).fingerprint());
            });
  }

  @Test
  void maySafelyBeFilledByManyThreads() {
    cases()
        .limit(4)
        .forEach(
            c -> {
              Design design = c.design(9);
              int[][] weights = c.sample.weights(design);
              IntStream.range(0, 8 * design.replicates())
                  .parallel()
                  .map(r -> r % design.replicates())
                  .forEach(r -> assertThat(c.sample.weights(design, r)).isEqualTo(weights[r]));
            });
  }

  @Test
  void stableRowsStayPutAsDataGrow() {
    cases()
        .filter(c -> c.plan.options().assign() == Plan.Assign.STABLE)
        .forEach(
            c -> {
              Rows all = c.sample.all();
              int[] index = IntStream.range(0, all.size()).filter(i -> i % 7 != 0).toArray();
              Sample fewer = Sample.of(all.subset(index, index.length));
              Design before = c.plan.bind(fewer.population(), 10);
              Design after = c.design(10);
              for (int r = 0; r < after.replicates(); r++) {
                int[] grown = c.sample.weights(after, r);
                int[] weights = fewer.weights(before, r);
                for (int j = 0; j < index.length; j++) {
                  assertThat(weights[j]).as(c.text).isEqualTo(grown[index[j]]);
                }
              }
            });
  }

  @Test
  void replicatesOutOfRangeAreRefused() {
    cases()
        .limit(2)
        .forEach(
            c -> {
              Design design = c.design(11);
              Rows rows = c.sample.blocks().get(0);
              int[] weight = new int[rows.size()];
              assertThatThrownBy(() -> design.fill(design.replicates(), rows, weight))
                  .isInstanceOf(IndexOutOfBoundsException.class);
              assertThatThrownBy(() -> design.split(-1))
                  .isInstanceOf(IndexOutOfBoundsException.class);
            });
  }

  @Test
  void canBeTheInnerPlanOfAnother() {
    AtomicInteger refused = new AtomicInteger();
    cases()
        .forEach(
            c -> {
              boolean grouped = c.plan.options().grouped();
              String outerText = "kind = holdout, test = 0.3";
              Design outer =
                  (grouped ? Sample.groupedPlan(outerText) : Sample.plan(outerText))
                      .bind(c.sample.population(), 12);
              List<Rows> training =
                  c.sample.blocks().stream().map(rows -> Nested.training(outer, 0, rows)).toList();
              Population population =
                  Population.of(training.stream().map(Population::census).toList());
              Design inner;
              try {
                inner = Nested.bind(c.plan, outer, 0, population, 13);
              } catch (UserException tooFew) {
                // 7 rows of 10 may be too few for this plan; which, the tests of the schemes say.
                assertThat(tooFew).hasMessageStartingWith("inner plan of repeat 0, fold 0: ");
                refused.incrementAndGet();
                return;
              }
              int[] outside = c.sample.weights(outer, 0);
              for (int[] weights : c.sample.weights(inner)) {
                for (int i = 0; i < weights.length; i++) {
                  if (outside[i] != 1) {
                    assertThat(weights[i]).isEqualTo(Design.UNUSED);
                  }
                }
                assertThat(weights).contains(Design.HELD_OUT);
              }
            });
    assertThat(refused.get()).isLessThan((int) cases().count() / 4);
  }
}
