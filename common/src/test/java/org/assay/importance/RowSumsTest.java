package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.assay.Task;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;
import org.assay.metric.Scorecard;
import org.assay.metric.Target;
import org.junit.jupiter.api.Test;

/** Metrics from sums are what the metrics themselves make of the same rows. */
class RowSumsTest {
  private static final Target BINARY = new Target(Task.BINARY, 2, Target.Scores.PROBABILITY);
  private static final Target NUMBER = new Target(Task.REGRESSION, 0, Target.Scores.NONE);

  private static List<Metric<?>> metrics(String... names) {
    return List.of(names).stream().<Metric<?>>map(Metrics::named).toList();
  }

  private static void check(Target target, List<Metric<?>> metrics) {
    RowSums sums = new RowSums(target, metrics);
    Scorecard card = Scorecard.of(target, metrics);
    double[] total = new double[sums.size()];
    double[] terms = new double[sums.size()];
    double[] added = new double[2 + sums.size()];
    double[] byGroup = new double[3 * sums.size()];
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      boolean classes = target.classes() > 0;
      double label = classes ? random.nextInt(target.classes()) : 3 + random.nextGaussian();
      double prediction =
          random.nextInt(3) > 0 || !classes
              ? label + (classes ? 0 : random.nextGaussian())
              : random.nextInt(target.classes());
      double[] scores = target.isScored() ? new double[] {random.nextDouble()} : null;
      double weight = i % 7 == 0 ? 0 : 0.5 + random.nextDouble();
      card.add(label, prediction, scores, weight);
      sums.terms(label, prediction, scores, weight, terms);
      sums.add(label, prediction, scores, weight, added, 2, byGroup, 3, i % 2, i % 5 == 0 ? -1 : 2);
      for (int k = 0; k < total.length; k++) {
        total[k] += terms[k];
      }
    }
    assertThat(java.util.Arrays.copyOfRange(added, 2, added.length)).isEqualTo(total);
    for (int k = 0; k < total.length; k++) {
      assertThat(byGroup[3 * k] + byGroup[3 * k + 1]).isCloseTo(total[k], within(1e-9));
      assertThat(Math.abs(byGroup[3 * k + 2])).isLessThanOrEqualTo(Math.abs(total[k]) + 40);
    }
    for (int m = 0; m < metrics.size(); m++) {
      assertThat(sums.has(m)).as(metrics.get(m).spec()).isTrue();
      assertThat(sums.value(m, total))
          .as(metrics.get(m).spec())
          .isCloseTo(card.value(m).value(), within(1e-12));
    }
  }

  @Test
  void metricsOfTwoClasses() {
    check(BINARY, metrics("accuracy", "log-loss", "brier", "f1", "mcc", "balanced-accuracy"));
  }

  @Test
  void metricsOfNumbers() {
    check(NUMBER, metrics("mse", "rmse", "mae", "r2", "explained-variance"));
  }

  @Test
  void metricsThatShareSums() {
    assertThat(new RowSums(NUMBER, metrics("mse", "rmse")).size()).isEqualTo(2);
    assertThat(new RowSums(BINARY, metrics("f1", "mcc")).size()).isEqualTo(4);
    RowSums ranked = new RowSums(BINARY, metrics("roc-auc"));
    assertThat(ranked.size()).isZero();
    assertThat(ranked.has(0)).isFalse();
  }

  @Test
  void nothingIsUndefined() {
    assertThat(new RowSums(NUMBER, metrics("mse")).value(0, new double[2])).isNaN();
    assertThat(new RowSums(NUMBER, metrics("r2")).value(0, new double[5])).isNaN();
  }
}
