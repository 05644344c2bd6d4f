package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.assay.jobs.engine.Permuter;
import org.assay.jobs.engine.Permuter.Jointly;
import org.assay.permutation.Alternative;
import org.assay.permutation.Donors;
import org.assay.permutation.LinearStatistics;
import org.assay.permutation.MonteCarloP;
import org.assay.permutation.PermutedStatistics;
import org.assay.permutation.Statistics;
import org.assay.permutation.Strata;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

/** Replicates in any number of tasks give what a plain loop over them gives. */
class PermuterTest {
  private static final Keyed FUNCTION = Keyed.of(7, "permuter test");

  private static Permuter.Answer run(
      Statistics statistics, double nanoseconds, Permuter.Question question) {
    return Permuter.run(
        JavaSparkContext.fromSparkContext(Shared.spark().sparkContext()),
        "test",
        statistics,
        nanoseconds,
        question,
        Progress.silent());
  }

  /** Scores of three models, of which the first is the best and the last is noise. */
  private static LinearStatistics areas(long exactUpTo, int rows) {
    boolean[] positive = new boolean[rows];
    double[][] scores = new double[3][rows];
    for (int i = 0; i < rows; i++) {
      positive[i] = i % 3 == 0;
      for (int m = 0; m < 3; m++) {
        scores[m][i] = FUNCTION.uniform(m, i) + (positive[i] ? 0.1 * (2 - m) : 0);
      }
    }
    return LinearStatistics.rocAucs(FUNCTION, Strata.one(rows), positive, scores, exactUpTo);
  }

  /** A statistic whose spread is not known in closed form: how many rows keep their places. */
  private static PermutedStatistics fixedPoints(int rows) {
    return new PermutedStatistics(
        Donors.within(FUNCTION, Strata.one(rows), 0),
        new double[] {1, 2},
        (donor, values) -> {
          long kept = IntStream.range(0, rows).filter(i -> donor[i] == i).count();
          values[0] = kept;
          values[1] = 2.0 * kept;
        });
  }

  private static double[] p(Permuter.Answer answer) {
    return Arrays.stream(answer.p()).mapToDouble(MonteCarloP::p).toArray();
  }

  @Test
  void countsAreThoseOfALoopWhateverTheNumberOfTasks() {
    LinearStatistics statistics = areas(0, 200);
    int replicates = 2000;
    double[][] values = new double[3][replicates];
    statistics.fill(0, replicates, values);
    long[] extreme = new long[3];
    for (int k = 0; k < 3; k++) {
      double least = Math.abs(statistics.observed(k) - 0.5) - 1e-9;
      extreme[k] = Arrays.stream(values[k]).filter(v -> Math.abs(v - 0.5) >= least).count();
    }
    assertThat(extreme[2]).isGreaterThan(10);
    Permuter.Question question =
        new Permuter.Question(Alternative.TWO_SIDED, replicates, 0, Jointly.MAX_T);
    Permuter.Answer one = run(statistics, 1, question);
    for (double nanoseconds : new double[] {1, 3e5, 1e6, 1e12}) {
      Permuter.Answer answer = run(statistics, nanoseconds, question);
      for (int k = 0; k < 3; k++) {
        assertThat(answer.p()[k].extreme()).isEqualTo(extreme[k]);
        assertThat(answer.p()[k].p()).isEqualTo((extreme[k] + 1.0) / (replicates + 1.0));
      }
      assertThat(answer.adjusted()).isEqualTo(one.adjusted());
    }
  }

  @Test
  void allArrangementsAreEnumeratedWhenThereAreFew() {
    LinearStatistics statistics = areas(1_000, 12); // C(12, 4) = 495
    Permuter.Question question = new Permuter.Question(Alternative.GREATER, 10_000, 10, Jointly.NO);
    Permuter.Answer answer = run(statistics, 1e7, question);
    assertThat(answer.replicates()).isEqualTo(495);
    assertThat(answer.p()).allMatch(p -> p.method().equals("exact") && p.replicates() == 495);
  }

  @Test
  void earlyStoppingDecidesInOrderOfReplicates() {
    LinearStatistics statistics = areas(0, 200);
    int most = 20_000;
    double[][] values = new double[3][most];
    statistics.fill(0, most, values);
    Permuter.Question question = new Permuter.Question(Alternative.GREATER, most, 10, Jointly.NO);
    for (double nanoseconds : new double[] {1, 1e6}) {
      Permuter.Answer answer = run(statistics, nanoseconds, question);
      for (int k = 0; k < 3; k++) {
        double least = statistics.observed(k) - 1e-12;
        int extreme = 0;
        int drawn = 0;
        while (extreme < 10 && drawn < most) {
          extreme += values[k][drawn++] >= least ? 1 : 0;
        }
        double expected = extreme == 10 ? 10.0 / drawn : (extreme + 1.0) / (most + 1.0);
        assertThat(answer.p()[k].p()).isEqualTo(expected);
      }
      assertThat(answer.p()[2].replicates()).isLessThan(1_000);
    }
  }

  /** Fixed points of a random permutation have variance 1: within 5 of its standard errors. */
  @Test
  void scalesThatAreNotKnownAreEstimatedAlikeInAnyNumberOfTasks() {
    PermutedStatistics statistics = fixedPoints(50);
    Permuter.Question question =
        new Permuter.Question(Alternative.GREATER, 4_000, 0, Jointly.MAX_T);
    Permuter.Answer one = run(statistics, 1, question);
    assertThat(p(one)[0]).isCloseTo(1.0 / 4_001, within(1e-12));
    // one is twice the other, so on a common scale they are one hypothesis
    assertThat(one.adjusted()).isEqualTo(p(one));
    assertThat(run(statistics, 1e6, question).adjusted()).isEqualTo(one.adjusted());
  }

  @Test
  void jointPValuesAreNotStoppedEarly() {
    assertThatThrownBy(() -> new Permuter.Question(Alternative.GREATER, 100, 10, Jointly.MAX_T))
        .hasMessage("max-T needs all replicates of all hypotheses: stop-after must be 0");
  }
}
