package org.assay.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.assay.Task;
import org.assay.Validation;
import org.assay.inference.Draw;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;
import org.assay.metric.Target;
import org.assay.permutation.Alternative;
import org.assay.permutation.Exceedances;
import org.assay.permutation.MaxT;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * How often bootstrap intervals of level 0.95 hold the truth, and how often paired bootstrap tests
 * reject a true hypothesis.
 *
 * <p>Theory promises the level for large n only: asserted for n = 1000, within 4.75 standard errors
 * of the simulations (an error probability of 1e-6 on a side) and 0.01 for the approximation.
 */
@Tag("validation")
@TestMethodOrder(MethodOrderer.MethodName.class) // the order of the rows
class BootstrapValidationTest {
  private static final double LEVEL = 0.95;
  private static final int REPLICATES = 1000;
  private static final StringBuilder COVERAGE = new StringBuilder();
  private static final StringBuilder SIZES = new StringBuilder();

  @AfterAll
  static void write() {
    Validation.write(
        "Bootstrap intervals of level 0.95: coverage",
        String.format(
                Locale.ROOT,
                """
        Of %d replicates each. "left out" counts simulations whose interval was withheld, such as those in which over 1 %% of the replicates
        lack a class; they are in no other column. Accuracy is %.2f, the area is that of two normal distributions %.1f apart with 30 %%
        positives, the loss is that of a calibrated model of them.

        | interval | metric | n | simulations | left out | coverage | misses below | misses above | mean width |
        |---|---|---:|---:|---:|---:|---:|---:|---:|
        """,
                REPLICATES,
                ACCURACY,
                APART)
            + COVERAGE);
    Validation.write(
        "Paired bootstrap tests of true hypotheses",
        """
        Two models of equal quality whose scores correlate by half, %d replicates. A valid test rejects with the level at most; the bootstrap
        promises that for large n. The loss is that of the
        first of three slices, a third of n; max-T is over accuracy, area and loss in all three: the share of simulations with any rejection.

        | test | n | simulations | rejected at 0.01 | 0.05 | 0.10 |
        |---|---:|---:|---:|---:|---:|
        """
                .formatted(REPLICATES)
            + SIZES);
  }

  private static final double ACCURACY = 0.85;
  private static final double APART = 1.2;
  private static final double SHARE = 0.3;

  /** Scored items whose accuracy, area and expected loss are known. */
  private record Sample(double[] label, Scored a, Scored b) {
    static Sample of(Draw draw, int n) {
      double[] label = new double[n];
      double[][] prediction = new double[2][n];
      double[][] score = new double[2][n];
      for (int i = 0; i < n; i++) {
        label[i] = draw.uniform() < SHARE ? 1 : 0;
        double both = draw.normal();
        double hard = draw.uniform();
        for (int m = 0; m < 2; m++) {
          double x = Math.sqrt(.5) * both + Math.sqrt(.5) * draw.normal() + APART * label[i];
          // The probability of a positive given x.
          double odds = SHARE / (1 - SHARE) * Math.exp(APART * x - APART * APART / 2);
          score[m][i] = odds / (1 + odds);
          double own = draw.uniform();
          boolean right = (draw.uniform() < .5 ? hard : own) < ACCURACY;
          prediction[m][i] = right ? label[i] : 1 - label[i];
        }
      }
      Target target = new Target(Task.BINARY, 2, Target.Scores.PROBABILITY);
      return new Sample(
          label,
          new Scored(target, prediction[0], 1, score[0]),
          new Scored(target, prediction[1], 1, score[1]));
    }
  }

  private static final List<Metric<?>> METRICS =
      List.of(Metrics.named("accuracy"), Metrics.named("roc-auc"), Metrics.named("log-loss"));

  /** Accuracy, area, and the expected loss by the trapezoidal rule over x. */
  private static double[] truth() {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    double loss = 0;
    double step = 1e-3;
    for (double x = -9; x < 10; x += step) {
      double positive = SHARE * normal.density(x - APART);
      double negative = (1 - SHARE) * normal.density(x);
      double p = positive / (positive + negative);
      loss -= (positive * Math.log(p) + negative * Math.log1p(-p)) * step;
    }
    return new double[] {ACCURACY, normal.cumulativeProbability(APART / Math.sqrt(2)), loss};
  }

  @Test
  void intervalsHoldTheTruth() {
    double[] truth = truth();
    IntervalMethod[] methods = IntervalMethod.values();
    int studentized = methods.length;
    List<Metric<?>> metrics = new ArrayList<>(METRICS);
    metrics.add(Companions.standardError(METRICS.get(0)).orElseThrow());
    metrics.add(Companions.standardError(METRICS.get(2)).orElseThrow());
    int[] errors = {3, -1, 4};
    for (int n : new int[] {20, 100, 1000}) {
      int simulations = n == 1000 ? 1000 : 4000;
      int[][][] hits = new int[methods.length + 1][METRICS.size()][4];
      double[][] width = new double[methods.length + 1][METRICS.size()];
      for (int simulation = 0; simulation < simulations; simulation++) {
        Sample sample = Sample.of(new Draw("bootstrap coverage " + n, simulation), n);
        Replication replication =
            new Replication(sample.label(), null, List.of(sample.a()), metrics, List.of(Cut.ALL));
        Units units = Units.single(n, null);
        Replicates values = replication.measure(new Draws(simulation, REPLICATES, units));
        Replicates without = replication.measure(new Jackknife(units));
        Replicates point = replication.point();
        for (int j = 0; j < METRICS.size(); j++) {
          Distribution boot =
              Distribution.of(point.get(0, j, 0, 0), n, values.of(0, j, 0), values.reason(0, j, 0));
          double[] left = without.of(0, j, 0);
          for (int m = 0; m < (errors[j] < 0 ? studentized : studentized + 1); m++) {
            Distribution.Result found =
                m == studentized
                    ? boot.studentized(
                        LEVEL,
                        point.get(0, errors[j], 0, 0),
                        values.of(0, j, 0),
                        values.of(0, errors[j], 0))
                    : boot.interval(methods[m], LEVEL, () -> Jackknife.acceleration(left));
            int at =
                !found.interval().isDefined()
                    ? 0
                    : truth[j] < found.interval().low()
                        ? 1
                        : truth[j] > found.interval().high() ? 2 : 3;
            hits[m][j][at]++;
            width[m][j] += at == 0 ? 0 : found.interval().width();
          }
        }
      }
      for (int m = 0; m <= studentized; m++) {
        for (int j = 0; j < METRICS.size(); j++) {
          if (m == studentized && errors[j] < 0) {
            continue;
          }
          String method = m == studentized ? "studentized" : methods[m].label();
          int[] h = hits[m][j];
          double made = simulations - h[0];
          double coverage = h[3] / made;
          COVERAGE.append(
              String.format(
                  Locale.ROOT,
                  "| %s | %s | %d | %d | %d | %.4f | %.4f | %.4f | %.4f |\n",
                  method,
                  METRICS.get(j).spec(),
                  n,
                  simulations,
                  h[0],
                  coverage,
                  h[1] / made,
                  h[2] / made,
                  width[m][j] / made));
          if (n == 1000) {
            double error = 4.75 * Math.sqrt(LEVEL * (1 - LEVEL) / made);
            assertThat(coverage)
                .as(method + " of " + METRICS.get(j).spec())
                .isBetween(LEVEL - error - .01, LEVEL + error + .01);
          }
        }
      }
    }
  }

  @Test
  void testsOfTrueHypothesesRejectByTheirLevel() {
    double[] levels = {.01, .05, .1};
    for (int n : new int[] {100, 1000}) {
      int simulations = n == 1000 ? 1000 : 2000;
      int[] code = new int[n];
      Arrays.setAll(code, i -> i % 3);
      List<Cut> cuts = List.of(new Cut(0, 3, code));
      int[] alone = new int[levels.length];
      int[] any = new int[levels.length];
      int defined = 0;
      for (int simulation = 0; simulation < simulations; simulation++) {
        Sample sample = Sample.of(new Draw("bootstrap tests " + n, simulation), n);
        Replication replication =
            new Replication(sample.label(), null, List.of(sample.a(), sample.b()), METRICS, cuts);
        Replicates values =
            replication.measure(new Draws(simulation, REPLICATES, Units.single(n, null)));
        Replicates point = replication.point();
        List<Double> observed = new java.util.ArrayList<>();
        List<double[]> differences = new java.util.ArrayList<>();
        List<Double> sizes = new java.util.ArrayList<>();
        for (int j = 0; j < METRICS.size(); j++) {
          for (int s = 0; s < 3; s++) {
            observed.add(point.get(0, j, s, 0) - point.get(1, j, s, 0));
            sizes.add(Math.abs(point.get(0, j, s, 0)) + Math.abs(point.get(1, j, s, 0)));
            double[] a = values.of(0, j, s);
            double[] b = values.of(1, j, s);
            double[] d = new double[a.length];
            Arrays.setAll(d, r -> a[r] - b[r]);
            differences.add(d);
          }
        }
        DifferenceStatistics statistics = new DifferenceStatistics(observed, differences, sizes);
        double[][] all = new double[observed.size()][REPLICATES];
        statistics.fill(0, REPLICATES, all);
        Exceedances apart = new Exceedances(statistics, Alternative.TWO_SIDED);
        apart.add(all, REPLICATES);
        MaxT joint = new MaxT(statistics, Alternative.TWO_SIDED);
        joint.add(all, REPLICATES);
        double least =
            Arrays.stream(joint.stepDown()).filter(p -> !Double.isNaN(p)).min().orElse(1);
        double p = apart.p(6).p(); // the loss in the first slice
        defined++;
        for (int l = 0; l < levels.length; l++) {
          alone[l] += p <= levels[l] ? 1 : 0;
          any[l] += least <= levels[l] ? 1 : 0;
        }
      }
      int[][] counts = {alone, any};
      for (int which = 0; which < 2; which++) {
        SIZES.append(
            String.format(
                Locale.ROOT,
                "| %s | %d | %d | %.4f | %.4f | %.4f |\n",
                which == 0 ? "paired-bootstrap of one loss" : "max-t, any of nine",
                n,
                defined,
                counts[which][0] / (double) defined,
                counts[which][1] / (double) defined,
                counts[which][2] / (double) defined));
        if (n == 1000) {
          for (int l = 0; l < levels.length; l++) {
            double most = levels[l] + 4.75 * Math.sqrt(levels[l] * (1 - levels[l]) / defined) + .01;
            assertThat(counts[which][l] / (double) defined).isLessThan(most);
          }
        }
      }
    }
  }
}
