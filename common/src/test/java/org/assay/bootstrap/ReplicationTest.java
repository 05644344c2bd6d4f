package org.assay.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.assay.Task;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;
import org.assay.metric.Scorecard;
import org.assay.metric.Target;
import org.assay.metric.Value;
import org.assay.random.Keyed;
import org.assay.random.Lanes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What replicates measure is what scorecards say of the items, each as often as it was drawn. */
class ReplicationTest {
  private static final int N = 700;
  private static final Cut CUT = new Cut(1, 5, codes(5));

  private static int[] codes(int size) {
    // Slice 4 is rare, and some items are in none.
    return new Random(9)
        .ints(N, 0, 60)
        .map(c -> c < 40 ? c % 4 : c < 42 ? size - 1 : size)
        .toArray();
  }

  /** Items of a task whose scores tie when {@code levels} is small. */
  private static Scored scored(Task task, int classes, int levels, double[] label, long seed) {
    Random random = new Random(seed);
    int width = task == Task.REGRESSION ? 0 : task == Task.BINARY ? 1 : classes;
    double[] prediction = new double[N];
    double[] scores = new double[N * width];
    for (int i = 0; i < N; i++) {
      if (task == Task.REGRESSION) {
        prediction[i] = label[i] + random.nextGaussian();
      } else if (task == Task.BINARY) {
        double score = (random.nextDouble() + label[i]) / 2;
        scores[i] = Math.round(score * levels) / (double) levels;
        prediction[i] = scores[i] >= .5 ? 1 : 0;
      } else {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
          scores[i * classes + c] = random.nextDouble() + (label[i] == c ? 1 : 0);
          sum += scores[i * classes + c];
        }
        for (int c = 0; c < classes; c++) {
          scores[i * classes + c] /= sum;
        }
        prediction[i] = random.nextInt(classes);
      }
    }
    Target target =
        new Target(
            task,
            classes,
            task == Task.REGRESSION ? Target.Scores.NONE : Target.Scores.PROBABILITY);
    return new Scored(target, prediction, width, scores);
  }

  /** Standard errors by their definition, from the rows that a replicate drew. */
  @Test
  void standardErrorsAreThoseOfTheItemsDrawn() {
    double[] label = new Random(4).ints(N, 0, 2).asDoubleStream().toArray();
    Scored model = scored(Task.BINARY, 2, 50, label, 6);
    Metric<?> loss = Metrics.named("brier");
    Metric<?> accuracy = Metrics.named("accuracy");
    List<Metric<?>> metrics =
        List.of(
            Companions.standardError(loss).orElseThrow(),
            loss,
            Companions.standardError(accuracy).orElseThrow(),
            Companions.trials(Metrics.named("recall")).orElseThrow(),
            Companions.trials(Metrics.named("precision")).orElseThrow());
    check(label, null, List.of(model), metrics, 1e-12);
    check(label, new Random(2).doubles(N).toArray(), List.of(model), metrics, 1e-12);
    Resampling draws = new Draws(5, 3, Units.single(N, null));
    Replicates all =
        new Replication(label, null, List.of(model), metrics, List.of(Cut.ALL)).measure(draws);
    long[] lanes = new long[N];
    draws.fill(0, lanes);
    for (int r = 0; r < 3; r++) {
      List<Double> losses = new ArrayList<>();
      List<Double> right = new ArrayList<>();
      int positives = 0;
      int found = 0;
      for (int i = 0; i < N; i++) {
        for (int times = 0; times < Lanes.get(lanes[i], r); times++) {
          losses.add(Math.pow(model.scores()[i] - label[i], 2));
          right.add(model.prediction()[i] == label[i] ? 1.0 : 0);
          positives += label[i] == 1 ? 1 : 0;
          found += model.prediction()[i] == 1 ? 1 : 0;
        }
      }
      assertThat(all.get(0, 0, 0, r)).isCloseTo(standardError(losses), within(1e-15));
      assertThat(all.get(0, 2, 0, r)).isCloseTo(standardError(right), within(1e-15));
      assertThat(all.get(0, 3, 0, r)).isEqualTo(positives);
      assertThat(all.get(0, 4, 0, r)).isEqualTo(found);
    }
  }

  private static double standardError(List<Double> numbers) {
    double mean = numbers.stream().mapToDouble(x -> x).sum() / numbers.size();
    double squares = numbers.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    return Math.sqrt(squares / numbers.size() / numbers.size());
  }

  private static void check(
      double[] label, double[] weight, List<Scored> models, List<Metric<?>> metrics, double apart) {
    Replication replication =
        new Replication(label, weight, models, metrics, List.of(Cut.ALL, CUT));
    Resampling draws = new Draws(5, 11, Units.single(N, null));
    Replicates all = replication.measure(draws);
    int undefined = 0;
    for (int r = 0; r < 11; r++) {
      long[] lanes = new long[N];
      draws.fill(r / Lanes.WIDTH, lanes);
      for (int m = 0; m < models.size(); m++) {
        Scored model = models.get(m);
        for (int slice = 0; slice < 6; slice++) {
          Scorecard card = Scorecard.of(model.target(), metrics);
          for (int i = 0; i < N; i++) {
            if (slice == 0 || CUT.code()[i] == slice - 1) {
              card.add(
                  label[i],
                  model.prediction()[i],
                  Arrays.copyOfRange(model.scores(), i * model.width(), (i + 1) * model.width()),
                  Lanes.get(lanes[i], r % Lanes.WIDTH) * (weight == null ? 1 : weight[i]));
            }
          }
          for (int j = 0; j < metrics.size(); j++) {
            Value expected = card.value(j);
            double found = all.get(m, j, slice, r);
            if (expected.isDefined()) {
              assertThat(found)
                  .as("%s of model %d in slice %d", metrics.get(j).spec(), m, slice)
                  .isCloseTo(expected.value(), within(apart * Math.max(1, expected.value())));
            } else {
              assertThat(found).isNaN();
              undefined++;
            }
          }
        }
      }
    }
    assertThat(undefined).isLessThan(11 * 6 * metrics.size() * models.size() / 2);
  }

  private static List<Metric<?>> possible(Target target) {
    List<Metric<?>> metrics = new ArrayList<>();
    for (String name : Metrics.names()) {
      Metric<?> metric = Metrics.named(name);
      if (metric.refusal(target) == null) {
        metrics.add(metric);
      }
    }
    assertThat(metrics).hasSizeGreaterThan(7);
    return metrics;
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 20, 1_000_000_000})
  void everyBinaryMetricIsThatOfItsItems(int levels) {
    double[] label = new Random(1).ints(N, 0, 10).mapToDouble(c -> c < 3 ? 1 : 0).toArray();
    List<Scored> models =
        List.of(scored(Task.BINARY, 2, levels, label, 2), scored(Task.BINARY, 2, levels, label, 3));
    check(label, null, models, possible(models.get(0).target()), 1e-13);
  }

  @ParameterizedTest
  @CsvSource({"MULTICLASS, 3", "MULTICLASS, 120", "REGRESSION, 0"})
  void everyOtherMetricIsThatOfItsItems(Task task, int classes) {
    Random random = new Random(4);
    double[] label =
        IntStream.range(0, N)
            .mapToDouble(
                i -> task == Task.REGRESSION ? random.nextGaussian() : random.nextInt(classes))
            .toArray();
    List<Scored> models = List.of(scored(task, classes, 0, label, 5));
    check(label, null, models, possible(models.get(0).target()), 1e-12);
  }

  @Test
  void itemsKeepTheirWeights() {
    double[] label = new Random(1).ints(N, 0, 2).asDoubleStream().toArray();
    double[] weight = new Random(2).doubles(N, 0, 3).toArray();
    List<Scored> models = List.of(scored(Task.BINARY, 2, 10, label, 2));
    check(label, weight, models, possible(models.get(0).target()), 1e-13);
  }

  /** Long ties and long runs, in which sums of bytes must not overflow. */
  @Test
  void longTiesAreCountedInFull() {
    int n = 5000;
    double[] label = IntStream.range(0, n).mapToDouble(i -> i % 3 == 0 ? 1 : 0).toArray();
    double[] score = IntStream.range(0, n).mapToDouble(i -> i < 2500 ? .25 : .75).toArray();
    Scored model =
        new Scored(new Target(Task.BINARY, 2, Target.Scores.PROBABILITY), label, 1, score);
    List<Metric<?>> metrics = List.of(Metrics.named("roc-auc"), Metrics.named("average-precision"));
    Replication replication =
        new Replication(label, null, List.of(model), metrics, List.of(Cut.ALL));
    Resampling heavy =
        new Resampling() {
          @Override
          public int replicates() {
            return 8;
          }

          @Override
          public void fill(int batch, long[] lanes) {
            Arrays.fill(lanes, -1); // each item 255 times
          }
        };
    Replicates found = replication.measure(heavy);
    Scorecard card = Scorecard.of(model.target(), metrics);
    for (int i = 0; i < n; i++) {
      card.add(label[i], label[i], new double[] {score[i]}, 255);
    }
    for (int k = 0; k < 8; k++) {
      assertThat(found.get(0, 0, 0, k)).isEqualTo(card.value(0).value());
      assertThat(found.get(0, 1, 0, k)).isCloseTo(card.value(1).value(), within(1e-13));
    }
  }

  /** Groups come whole, and each stratum gives as many units as it has. */
  @Test
  void unitsAreDrawnWholeAndWithinStrata() {
    Random random = new Random(3);
    long[] keys = random.longs(N).sorted().toArray();
    long[] group = random.ints(N, 0, 90).mapToLong(g -> Keyed.mix(g + 1)).toArray();
    int[] stratum = Arrays.stream(group).mapToInt(g -> (int) (g >>> 62)).toArray();
    Units units = Units.of(keys, group, stratum);
    assertThat(units.count()).isEqualTo((int) Arrays.stream(group).distinct().count());
    for (Resampling resampling :
        List.of(new Draws(1, 8, units), new PoissonDraws(1, 8, units), new Jackknife(units))) {
      long[] lanes = new long[N];
      resampling.fill(0, lanes);
      for (int i = 0; i < N; i++) {
        for (int j = 0; j < i; j++) {
          if (group[i] == group[j]) {
            assertThat(lanes[i]).isEqualTo(lanes[j]);
          }
        }
      }
    }
    long[] lanes = new long[N];
    new Draws(1, 8, units).fill(0, lanes);
    for (int s = 0; s < 4; s++) {
      for (int k = 0; k < Lanes.WIDTH; k++) {
        long drawn = 0;
        long there = 0;
        for (int i = 0; i < N; i++) {
          boolean first = true;
          for (int j = 0; j < i; j++) {
            first &= group[i] != group[j];
          }
          if (first && stratum[i] == s) {
            drawn += Lanes.get(lanes[i], k);
            there++;
          }
        }
        assertThat(drawn).isEqualTo(there);
      }
    }
  }

  /** Counts follow Poisson(1), by chi-square (error probability 1e-6), and the unit's key alone. */
  @Test
  void poissonCountsFollowTheKey() {
    int n = 50_000;
    long[] keys = IntStream.range(0, n).mapToLong(i -> Keyed.mix(i)).toArray();
    long[] lanes = new long[n];
    new PoissonDraws(1, 16, Units.single(n, keys)).fill(1, lanes);
    long[] seen = new long[6];
    for (long w : lanes) {
      for (int k = 0; k < Lanes.WIDTH; k++) {
        seen[Math.min(5, Lanes.get(w, k))]++;
      }
    }
    double chi = 0;
    double p = Math.exp(-1);
    double rest = 1;
    for (int c = 0; c < 6; c++) {
      double expected = 8.0 * n * (c == 5 ? rest : p);
      chi += (seen[c] - expected) * (seen[c] - expected) / expected;
      rest -= p;
      p /= c + 1;
    }
    assertThat(ChiSquaredDistribution.of(5).survivalProbability(chi)).isGreaterThan(1e-6);
    // Replicates do not go together: 28 correlations within 5.7 standard errors (1e-8 each).
    for (int a = 0; a < Lanes.WIDTH; a++) {
      for (int b = 0; b < a; b++) {
        double together = 0;
        for (long w : lanes) {
          together += (Lanes.get(w, a) - 1.0) * (Lanes.get(w, b) - 1.0);
        }
        assertThat(Math.abs(together)).isLessThan(5.7 * Math.sqrt(n));
      }
    }
    long[] fewer = new long[100];
    new PoissonDraws(1, 16, Units.single(100, Arrays.copyOfRange(keys, 700, 800))).fill(1, fewer);
    assertThat(fewer).isEqualTo(Arrays.copyOfRange(lanes, 700, 800));
  }

  @Test
  void theJackknifeLeavesEachGroupOutOnce() {
    for (int n : new int[] {1, 5, 8, 1000, 2777}) {
      Jackknife jackknife = new Jackknife(Units.single(n, null));
      int groups = jackknife.replicates();
      assertThat(groups).isEqualTo(n > 1000 ? 256 : n);
      assertThat(jackknife.label()).isEqualTo(n > 1000 ? "jackknife of 256 groups" : "jackknife");
      int[] left = new int[n];
      long[] lanes = new long[n];
      for (int g = 0; g < groups; g++) {
        jackknife.fill(g / Lanes.WIDTH, lanes);
        for (int i = 0; i < n; i++) {
          int count = Lanes.get(lanes[i], g % Lanes.WIDTH);
          assertThat(count).isBetween(0, 1);
          left[i] += 1 - count;
        }
      }
      assertThat(left).containsOnly(1);
    }
  }

  /** Grouping changes the acceleration of a skewed mean by less than 5 sd of 0.4 / 256. */
  @Test
  void groupsKeepTheAcceleration() {
    double[] skewed = new Random(8).doubles(20_000).map(u -> -Math.log(u)).toArray();
    Replication replication =
        new Replication(
            new double[skewed.length],
            null,
            List.of(
                new Scored(new Target(Task.REGRESSION, 0, Target.Scores.NONE), skewed, 0, null)),
            List.of(Metrics.named("mae")),
            List.of(Cut.ALL));
    double found =
        Jackknife.acceleration(
            replication.measure(new Jackknife(Units.single(skewed.length, null))).of(0, 0, 0));
    double mean = Arrays.stream(skewed).average().orElseThrow();
    double squares = Arrays.stream(skewed).map(x -> (x - mean) * (x - mean)).sum();
    double cubes = Arrays.stream(skewed).map(x -> Math.pow(x - mean, 3)).sum();
    assertThat(found).isCloseTo(cubes / (6 * Math.pow(squares, 1.5)), within(.008));
  }
}
