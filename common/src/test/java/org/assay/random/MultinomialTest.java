package org.assay.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultinomialTest {

  private static long[] fill(int units, int batch) {
    long[] lanes = new long[units + 2];
    new Multinomial(Keyed.of(3, "test"), units).fill(batch, lanes, 1);
    assertThat(lanes[0]).isZero();
    assertThat(lanes[units + 1]).isZero();
    return Arrays.copyOfRange(lanes, 1, units + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 255, 256, 257, 511, 512, 1000, 4096, 65_537, 100_003})
  void everyReplicateDrawsAsManyAsThereAre(int units) {
    long[] lanes = fill(units, 5);
    for (int k = 0; k < Lanes.WIDTH; k++) {
      long sum = 0;
      for (long w : lanes) {
        sum += Lanes.get(w, k);
      }
      assertThat(sum).isEqualTo(units);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 1000, 4096, 9_999})
  void anyRangeOfOneReplicateHoldsTheSameCounts(int units) {
    Multinomial multinomial = new Multinomial(Keyed.of(3, "test"), units);
    for (int batch = 0; batch < 2; batch++) {
      long[] lanes = new long[units];
      multinomial.fill(batch, lanes, 0);
      for (int k = 0; k < Lanes.WIDTH; k++) {
        int replicate = batch * Lanes.WIDTH + k;
        for (int[] range :
            new int[][] {
              {0, units}, {units / 3, units / 2 + 1}, {units - 1, units}, {units, units}
            }) {
          int lane = k;
          assertThat(multinomial.counts(replicate, range[0], range[1]))
              .isEqualTo(
                  Arrays.stream(lanes, range[0], range[1])
                      .mapToInt(w -> Lanes.get(w, lane))
                      .toArray());
        }
      }
    }
  }

  /**
   * Each unit's count is Binomial(n, 1/n), wherever it stands in the tree: chi-square over counts
   * 0, 1, 2, 3 and more, summed over blocks of units; error probability 1e-6 per size.
   */
  @ParameterizedTest
  @ValueSource(ints = {3, 300, 1000, 4096 + 77})
  void countsAreBinomial(int units) {
    int batches = Math.max(20, 200_000 / units / 8);
    long[] seen = new long[4];
    long all = 0;
    long[] lanes = new long[units];
    Multinomial multinomial = new Multinomial(Keyed.of(17, "counts"), units);
    // One unit per replicate, so that the observations are independent.
    for (int unit : new int[] {0, units / 3, units / 2, units - 1}) {
      for (int batch = 0; batch < batches; batch++) {
        multinomial.fill(batch * 4 + unit % 4, lanes, 0);
        for (int k = 0; k < Lanes.WIDTH; k++) {
          seen[Math.min(3, Lanes.get(lanes[unit], k))]++;
          all++;
        }
      }
    }
    BinomialDistribution expected = BinomialDistribution.of(units, 1.0 / units);
    double[] p = {
      expected.probability(0),
      expected.probability(1),
      expected.probability(2),
      expected.survivalProbability(2)
    };
    double chi = 0;
    for (int c = 0; c < 4; c++) {
      chi += Math.pow(seen[c] - all * p[c], 2) / (all * p[c]);
    }
    assertThat(ChiSquaredDistribution.of(3).survivalProbability(chi)).isGreaterThan(1e-6);
  }

  /**
   * Counts of two units correlate as -1 / (n - 1), within a leaf and across the tree's parts: the
   * number of draws in any part of the units is binomial. Mean and variance of the draws in some
   * parts, over 8,000 replicates, within 5 standard deviations.
   */
  @Test
  void theShareOfAnyPartIsBinomial() {
    int units = 1500;
    Multinomial multinomial = new Multinomial(Keyed.of(23, "parts"), units);
    int[][] parts = {{0, 256}, {0, 1024}, {100, 400}, {1024, 1500}, {1400, 1500}, {700, 701}};
    long[] lanes = new long[units];
    int batches = 1000;
    int replicates = batches * Lanes.WIDTH;
    double[] sum = new double[parts.length];
    double[] squares = new double[parts.length];
    for (int batch = 0; batch < batches; batch++) {
      multinomial.fill(batch, lanes, 0);
      for (int part = 0; part < parts.length; part++) {
        for (int k = 0; k < Lanes.WIDTH; k++) {
          int drawn = 0;
          for (int i = parts[part][0]; i < parts[part][1]; i++) {
            drawn += Lanes.get(lanes[i], k);
          }
          sum[part] += drawn;
          squares[part] += (double) drawn * drawn;
        }
      }
    }
    for (int part = 0; part < parts.length; part++) {
      double p = (parts[part][1] - parts[part][0]) / (double) units;
      double variance = units * p * (1 - p);
      double mean = sum[part] / replicates;
      assertThat(Math.abs(mean - units * p)).isLessThan(5 * Math.sqrt(variance / replicates));
      double found = squares[part] / replicates - mean * mean;
      // The kurtosis of a binomial is 3 + (1 - 6 p (1 - p)) / variance.
      double kurtosis = 3 + (1 - 6 * p * (1 - p)) / variance;
      assertThat(Math.abs(found - variance))
          .isLessThan(5 * variance * Math.sqrt((kurtosis - 1) / replicates));
    }
  }

  @Test
  void batchesAndSeedsDiffer() {
    assertThat(fill(1000, 0)).isEqualTo(fill(1000, 0)).isNotEqualTo(fill(1000, 1));
    long[] lanes = fill(1000, 0);
    long same = Arrays.stream(lanes).filter(w -> Lanes.get(w, 0) == Lanes.get(w, 1)).count();
    // P(two Poisson(1) agree) = .3085; 5 standard deviations are 73.
    assertThat(same).isBetween(235L, 382L);
  }
}
