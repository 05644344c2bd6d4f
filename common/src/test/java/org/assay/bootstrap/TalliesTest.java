package org.assay.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.assay.Task;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;
import org.assay.metric.Target;
import org.assay.random.Keyed;
import org.assay.random.Lanes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pieces of the items hold, merged, is what all items hold, wherever they were divided. */
class TalliesTest {
  private static final int N = 600;
  private static final int SLICES = 4;
  private static final Target BINARY = new Target(Task.BINARY, 2, Target.Scores.PROBABILITY);

  /** Items in the order of their scores, the highest first. */
  private record Data(double[] label, double[] prediction, double[] score, int[] code, long[] key) {
    static Data of(int n, int levels, Random random) {
      double[] score =
          random
              .doubles(n)
              .map(u -> -(Math.round(u * levels) / (double) levels))
              .sorted()
              .map(s -> -s)
              .toArray();
      return new Data(
          Arrays.stream(score).map(s -> random.nextDouble() < s ? 1 : 0).toArray(),
          Arrays.stream(score).map(s -> s >= .5 ? 1 : 0).toArray(),
          score,
          random.ints(n, 0, SLICES + 1).toArray(),
          random.longs(n).toArray());
    }

    Data piece(int from, int to) {
      return new Data(
          Arrays.copyOfRange(label, from, to),
          Arrays.copyOfRange(prediction, from, to),
          Arrays.copyOfRange(score, from, to),
          Arrays.copyOfRange(code, from, to),
          Arrays.copyOfRange(key, from, to));
    }

    Replication replication(Map<Integer, Metric<?>> metrics) {
      return new Replication(
          label,
          null,
          Map.of(0, new Scored(BINARY, prediction, 1, score)),
          metrics,
          List.of(Cut.ALL, new Cut(1, SLICES, code)));
    }

    long[] lanes(KeyedResampling draws) {
      long[] lanes = new long[key.length];
      draws.fill(0, key, lanes);
      return lanes;
    }
  }

  /** Where pieces begin and end; some are empty, some of one item. */
  private static int[] bounds(int n, int pieces, Random random) {
    int[] bounds = random.ints(pieces + 1, 0, n + 1).sorted().toArray();
    bounds[0] = 0;
    bounds[pieces] = n;
    return bounds;
  }

  private static Replicates reported(Data none, Map<Integer, Metric<?>> metrics, Tallies all) {
    Replicates out = new Replicates(1, 20, SLICES + 1, Lanes.WIDTH);
    none.replication(metrics).report(all, out);
    return out;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 1_000_000})
  void piecesOfTheOrderMergeToTheWhole(int levels) {
    Random random = new Random(levels);
    Map<Integer, Metric<?>> roc = Map.of(0, Metrics.named("roc-auc"));
    Map<Integer, Metric<?>> precision = Map.of(1, Metrics.named("average-precision"));
    for (int trial = 0; trial < 60; trial++) {
      int n = trial == 0 ? N : random.nextInt(40);
      Data data = Data.of(n, Math.max(1, levels), random);
      if (levels == 0) {
        Arrays.fill(data.score, .5);
      }
      KeyedResampling draws = new Poisson(trial, 8);
      Map<Integer, Metric<?>> both = new LinkedHashMap<>(roc);
      both.putAll(precision);
      Replicates whole = new Replicates(1, 2, SLICES + 1, Lanes.WIDTH);
      Replication all = data.replication(both);
      all.report(all.tally(data.lanes(draws), null), whole);

      int[] bounds = bounds(n, 1 + random.nextInt(6), random);
      Tallies pairs = null;
      List<Tallies> before = new ArrayList<>();
      for (int p = 0; p + 1 < bounds.length; p++) {
        Data piece = data.piece(bounds[p], bounds[p + 1]);
        before.add(pairs == null ? null : pairs.ranked());
        Tallies here = piece.replication(roc).tally(piece.lanes(draws), null);
        if (pairs == null) {
          pairs = here;
        } else {
          pairs.merge(here);
        }
      }
      Tallies curve = null;
      for (int p = 0; p + 1 < bounds.length; p++) {
        Data piece = data.piece(bounds[p], bounds[p + 1]);
        Tallies here = piece.replication(precision).tally(piece.lanes(draws), before.get(p));
        if (curve == null) {
          curve = here;
        } else {
          curve.merge(here);
        }
      }
      Data none = data.piece(0, 0);
      Replicates foundPairs = reported(none, roc, pairs);
      Replicates foundCurve = reported(none, precision, curve);
      for (int s = 0; s <= SLICES; s++) {
        assertThat(foundPairs.of(0, 0, s)).isEqualTo(whole.of(0, 0, s));
        assertThat(foundCurve.of(0, 1, s)).containsExactly(whole.of(0, 1, s), within(1e-14));
      }
    }
  }

  /** Merging is associative: groups of pieces, tied and single ones too, in any grouping. */
  @Test
  void pairsMergeInAnyGrouping() {
    Random random = new Random(3);
    Map<Integer, Metric<?>> roc = Map.of(0, Metrics.named("roc-auc"));
    for (int trial = 0; trial < 200; trial++) {
      Data data = Data.of(30, 4, random);
      KeyedResampling draws = new Poisson(trial, 8);
      int[] bounds = bounds(30, 8, random);
      List<Tallies> left = new ArrayList<>();
      List<Tallies> right = new ArrayList<>();
      for (int p = 0; p < 8; p++) {
        Data piece = data.piece(bounds[p], bounds[p + 1]);
        left.add(piece.replication(roc).tally(piece.lanes(draws), null));
        right.add(piece.replication(roc).tally(piece.lanes(draws), null));
      }
      while (left.size() > 1) {
        int at = random.nextInt(left.size() - 1);
        left.get(at).merge(left.remove(at + 1));
        right.get(0).merge(right.remove(1));
      }
      Data none = data.piece(0, 0);
      for (int s = 0; s <= SLICES; s++) {
        assertThat(reported(none, roc, left.get(0)).of(0, 0, s))
            .isEqualTo(reported(none, roc, right.get(0)).of(0, 0, s));
      }
    }
  }

  @Test
  void everyOtherMetricMerges() {
    Random random = new Random(5);
    Data data = Data.of(N, 50, random);
    Map<Integer, Metric<?>> metrics = new LinkedHashMap<>();
    for (String name : Metrics.names()) {
      Metric<?> metric = Metrics.named(name);
      if (metric.refusal(BINARY) == null && Form.unweighted(metric, BINARY) != Form.ORDER) {
        metrics.put(metrics.size(), metric);
      }
    }
    assertThat(metrics).hasSizeGreaterThan(8);
    KeyedResampling draws = new Poisson(1, 8);
    int[] bounds = bounds(N, 9, random);
    Tallies merged = null;
    for (int p = 0; p < 9; p++) {
      Data piece = data.piece(bounds[p], bounds[p + 1]);
      Tallies here = piece.replication(metrics).tally(piece.lanes(draws), null);
      if (merged == null) {
        merged = here;
      } else {
        merged.merge(here);
      }
    }
    Replication all = data.replication(metrics);
    Replicates whole = reported(data.piece(0, 0), metrics, all.tally(data.lanes(draws), null));
    Replicates found = reported(data.piece(0, 0), metrics, merged);
    metrics.forEach(
        (j, metric) -> {
          for (int s = 0; s <= SLICES; s++) {
            assertThat(found.of(0, j, s))
                .as(metric.spec())
                .containsExactly(
                    whole.of(0, j, s),
                    within(Form.unweighted(metric, BINARY) == Form.LOSSES ? 1e-13 : 0));
          }
        });
  }

  /** Groups by key: each unit is left out once, and sizes are those of chance. */
  @Test
  void theJackknifeByKeyLeavesEachUnitOutOnce() {
    KeyedJackknife jackknife = new KeyedJackknife();
    long[] keys = LongStream.rangeClosed(1, 100_000).map(Keyed::mix).toArray();
    long[] lanes = new long[keys.length];
    int[] left = new int[keys.length];
    int[] size = new int[Jackknife.GROUPS];
    for (int g = 0; g < Jackknife.GROUPS; g++) {
      jackknife.fill(g / Lanes.WIDTH, keys, lanes);
      for (int i = 0; i < lanes.length; i++) {
        int out = 1 - Lanes.get(lanes[i], g % Lanes.WIDTH);
        left[i] += out;
        size[g] += out;
      }
    }
    assertThat(left).containsOnly(1);
    // Binomial(1e5, 1/256): beyond 391 +- 120, 6 sd, has a probability below 1e-8 in any group.
    assertThat(Arrays.stream(size).min().orElseThrow()).isGreaterThan(270);
    assertThat(Arrays.stream(size).max().orElseThrow()).isLessThan(511);
  }

  /** The acceleration of a skewed mean by groups of chance is that of the sample's own skewness. */
  @Test
  void groupsByKeyKeepTheAcceleration() {
    double[] skewed = new Random(8).doubles(20_000).map(u -> -Math.log(u)).toArray();
    long[] keys = LongStream.range(0, skewed.length).toArray();
    long[] lanes = new long[skewed.length];
    double[] sums = new double[Jackknife.GROUPS];
    double[] counts = new double[Jackknife.GROUPS];
    KeyedJackknife jackknife = new KeyedJackknife();
    for (int g = 0; g < Jackknife.GROUPS; g++) {
      jackknife.fill(g / Lanes.WIDTH, keys, lanes);
      for (int i = 0; i < skewed.length; i++) {
        int kept = Lanes.get(lanes[i], g % Lanes.WIDTH);
        sums[g] += kept * skewed[i];
        counts[g] += kept;
      }
    }
    double[] without = new double[sums.length];
    Arrays.setAll(without, g -> sums[g] / counts[g]);
    double mean = Arrays.stream(skewed).average().orElseThrow();
    double squares = Arrays.stream(skewed).map(x -> (x - mean) * (x - mean)).sum();
    double cubes = Arrays.stream(skewed).map(x -> Math.pow(x - mean, 3)).sum();
    // 5 sd of 0.4 / 256: see Jackknife.
    assertThat(Jackknife.acceleration(without))
        .isCloseTo(cubes / (6 * Math.pow(squares, 1.5)), within(.008));
  }
}
