package org.assay.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assay.Task;
import org.assay.metric.Metrics;
import org.assay.metric.Target;
import org.assay.random.Keyed;
import org.assay.random.Lanes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearerTest {
  private static final Keyed KEYED = Keyed.of(1, "nearer");

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1000, 1000",
    "65536, 65536",
    "65537, 65537",
    "300001, 300001",
    "300001, 70000",
    "300001, 3",
    "131072, 131072"
  })
  void everyPlaceReadsItsItem(int items, int places) {
    int[] order = shuffled(items, places);
    long[] lanes = IntStream.range(0, items).mapToLong(i -> KEYED.bits(2, i)).toArray();
    int[] copied = order.clone();
    Nearer nearer = new Nearer(copied);

    long[] copy = new Drawn(lanes).by(nearer);

    assertThat(Arrays.stream(copied).distinct().count()).isEqualTo(places);
    for (int place = 0; place < places; place++) {
      assertThat(copy[copied[place]]).isEqualTo(lanes[order[place]]);
      assertThat(copied[place] >> 16).isEqualTo(place >> 16);
    }
  }

  @Test
  void nothingIsCopiedThatHasChanged() {
    long[] lanes = {1, 2, 3};
    int[] order = {2, 0, 1};
    Nearer nearer = new Nearer(order);
    Drawn drawn = new Drawn(lanes);
    assertThat(drawn.by(nearer)[order[0]]).isEqualTo(3);
    lanes[2] = 7;
    drawn.changed();
    assertThat(drawn.by(nearer)[order[0]]).isEqualTo(7);
  }

  /** By the sum of ranks, for more items than are read where they are, with ties, by slice too. */
  @Test
  void areasOfManyItems() {
    int n = Nearer.MOST + 70_001;
    double[] label = new double[n];
    double[] score = new double[n];
    int[] slice = new int[n];
    for (int i = 0; i < n; i++) {
      score[i] = Math.rint(KEYED.uniform(0, i) * 50_000) / 50_000;
      label[i] = KEYED.uniform(1, i) < score[i] ? 1 : 0;
      slice[i] = (int) (KEYED.uniform(3, i) * 3); // the last in no slice
    }
    Target target = new Target(Task.BINARY, 2, Target.Scores.PROBABILITY);
    Draws draws = new Draws(5, Lanes.WIDTH, Units.single(n, null));
    Replicates found =
        new Replication(
                label,
                null,
                List.of(new Scored(target, new double[n], 1, score)),
                List.of(Metrics.named("roc-auc"), Metrics.named("average-precision")),
                List.of(Cut.ALL, new Cut(1, 2, slice)))
            .measure(draws);

    long[] lanes = new long[n];
    draws.fill(0, lanes);
    int[] order = Ranking.sorted(score);
    for (int s = 0; s < 3; s++) {
      for (int k = 0; k < Lanes.WIDTH; k++) {
        long positives = 0;
        long negatives = 0;
        long concordance = 0;
        double precision = 0;
        for (int at = 0; at < n; ) {
          long p = 0;
          long q = 0;
          double here = score[order[at]];
          for (; at < n && score[order[at]] == here; at++) {
            int i = order[at];
            int count = s == 0 || slice[i] == s - 1 ? Lanes.get(lanes[i], k) : 0;
            p += label[i] == 1 ? count : 0;
            q += label[i] == 1 ? 0 : count;
          }
          concordance += 2 * positives * q + p * q;
          positives += p;
          negatives += q;
          precision += p == 0 ? 0 : p * (double) positives / (positives + negatives);
        }
        assertThat(found.get(0, 0, s, k)).isEqualTo(concordance / (2.0 * positives * negatives));
        assertThat(found.get(0, 1, s, k))
            .isCloseTo(precision / positives, org.assertj.core.data.Offset.offset(1e-12));
      }
    }
  }

  /** Some items in an order without meaning. */
  private static int[] shuffled(int items, int places) {
    int[] order = IntStream.range(0, items).toArray();
    for (int i = items - 1; i > 0; i--) {
      int j = (int) (KEYED.uniform(4, i) * (i + 1));
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return Arrays.copyOf(order, places);
  }
}
