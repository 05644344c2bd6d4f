package org.assay.permutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assay.Task;
import org.assay.bootstrap.Scored;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;
import org.assay.metric.Scorecard;
import org.assay.metric.Target;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every metric under every arrangement of labels, against a plain enumeration that measures each
 * arrangement with the metric's own state.
 */
class PermutedMetricsTest {
  private static final Keyed FUNCTION = Keyed.of(3, "permuted metrics test");

  /** What a data set is, and every way to arrange its labels. */
  private record Data(
      double[] label,
      double[] weight,
      int[] stratum,
      List<Scored> scored,
      List<Metric<?>> metrics,
      List<double[]> arrangements) {

    PermutedMetrics statistics(long exactUpTo) {
      return new PermutedMetrics(
          FUNCTION, label, weight, Strata.of(stratum), scored, metrics, exactUpTo);
    }

    /** Metrics of these labels, negated when lower is better. */
    double[] measured(double[] labels) {
      double[] values = new double[scored.size() * metrics.size()];
      for (int m = 0; m < scored.size(); m++) {
        Scored model = scored.get(m);
        Scorecard card = Scorecard.of(model.target(), metrics);
        for (int i = 0; i < labels.length; i++) {
          double[] scores =
              model.width() == 0
                  ? null
                  : Arrays.copyOfRange(model.scores(), i * model.width(), (i + 1) * model.width());
          card.add(labels[i], model.prediction()[i], scores, weight == null ? 1 : weight[i]);
        }
        for (int j = 0; j < metrics.size(); j++) {
          double value = card.value(j).value();
          values[m * metrics.size() + j] =
              metrics.get(j).direction() == Metric.Direction.LOWER_IS_BETTER ? -value : value;
        }
      }
      return values;
    }
  }

  /** All permutations of labels that keep every label in its stratum, equal ones included. */
  private static void permute(double[] label, int[] stratum, int at, Consumer<double[]> found) {
    if (at == label.length) {
      found.accept(label.clone());
      return;
    }
    for (int i = at; i < label.length; i++) {
      if (stratum[i] == stratum[at]) {
        swap(label, at, i);
        permute(label, stratum, at + 1, found);
        swap(label, at, i);
      }
    }
  }

  private static void swap(double[] x, int i, int j) {
    double held = x[i];
    x[i] = x[j];
    x[j] = held;
  }

  private static Data data(
      double[] label, double[] weight, int[] stratum, Target target, int width) {
    int n = label.length;
    List<Scored> scored = new ArrayList<>();
    for (int m = 0; m < 2; m++) {
      double[] prediction = new double[n];
      double[] scores = new double[n * width];
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int c = 0; c < width; c++) {
          // Tenths, so that some are tied.
          double u = Math.ceil(FUNCTION.uniform(m, i * 8L + c) * 10) / 10;
          scores[i * width + c] = u;
          sum += u;
        }
        for (int c = 0; c < width && width > 1; c++) {
          scores[i * width + c] /= sum;
        }
        prediction[i] =
            target.task() == Task.REGRESSION
                ? label[i] + 4 * FUNCTION.uniform(m, i * 8L) - 2
                : FUNCTION.below(target.classes(), m, i * 8L + 7);
      }
      scored.add(new Scored(target, prediction, width, scores));
    }
    List<Metric<?>> metrics = new ArrayList<>();
    for (Metric<?> metric : Metrics.all()) {
      if (metric.refusal(target) == null) {
        metrics.add(metric);
      }
    }
    List<double[]> arrangements = new ArrayList<>();
    permute(label.clone(), stratum, 0, arrangements::add);
    return new Data(label, weight, stratum, scored, metrics, arrangements);
  }

  private enum Case {
    BINARY(13),
    BINARY_IN_STRATA(13),
    BINARY_WEIGHTED(13),
    MULTICLASS(10),
    MULTICLASS_IN_STRATA(10),
    REGRESSION(8);

    /** How many metrics there are at least. */
    final int metrics;

    Case(int metrics) {
      this.metrics = metrics;
    }

    Data data() {
      double[] binary = {1, 0, 0, 1, 1, 0, 0, 1};
      double[] several = {0, 2, 1, 1, 0, 2, 2};
      double[] numbers = {1.5, -0.5, 2.25, 0.75, 3, 3, -1.125};
      Target two = new Target(Task.BINARY, 2, Target.Scores.PROBABILITY);
      Target three = new Target(Task.MULTICLASS, 3, Target.Scores.PROBABILITY);
      return switch (this) {
        case BINARY -> PermutedMetricsTest.data(binary, null, new int[8], two, 1);
        case BINARY_IN_STRATA ->
            PermutedMetricsTest.data(binary, null, new int[] {1, 0, 1, 0, 1, 1, 0, 2}, two, 1);
        case BINARY_WEIGHTED ->
            PermutedMetricsTest.data(
                binary, new double[] {1, 2, 0.5, 3, 1, 0, 2.5, 1}, new int[8], two, 1);
        case MULTICLASS -> PermutedMetricsTest.data(several, null, new int[7], three, 3);
        case MULTICLASS_IN_STRATA ->
            PermutedMetricsTest.data(several, null, new int[] {0, 1, 0, 1, 1, 0, 1}, three, 3);
        case REGRESSION ->
            PermutedMetricsTest.data(
                numbers, null, new int[7], new Target(Task.REGRESSION, 0, Target.Scores.NONE), 0);
      };
    }
  }

  /** With any centre where none is known: a one-sided test does not depend on it. */
  private static Statistics centered(Statistics statistics) {
    double[] center = new double[statistics.hypotheses()];
    Arrays.setAll(center, k -> Double.isNaN(statistics.center(k)) ? 0.25 : statistics.center(k));
    return new CenteredStatistics(statistics, center, new double[center.length]);
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void everyArrangementIsMeasuredAsItIs(Case data) {
    Data d = data.data();
    PermutedMetrics statistics = d.statistics(1_000_000);
    int hypotheses = d.scored().size() * d.metrics().size();
    assertThat(d.metrics()).hasSizeGreaterThanOrEqualTo(data.metrics);
    int count = Math.toIntExact(statistics.arrangements());
    // Ours may count equal labels once where the plain enumeration does not, or all.
    assertThat(d.arrangements().size() % count).isZero();
    double[][] values = new double[hypotheses][count];
    statistics.fill(0, count, values);
    double[][] plain = new double[hypotheses][d.arrangements().size()];
    for (int a = 0; a < plain[0].length; a++) {
      double[] measured = d.measured(d.arrangements().get(a));
      for (int k = 0; k < hypotheses; k++) {
        plain[k][a] = measured[k];
      }
    }
    double[] observed = d.measured(d.label());
    int defined = 0;
    for (int k = 0; k < hypotheses; k++) {
      String what = d.metrics().get(k % d.metrics().size()).spec();
      assertThat(Math.abs(statistics.point(k).value())).as(what).isEqualTo(Math.abs(observed[k]));
      double[] ours = values[k].clone();
      Arrays.sort(ours);
      Arrays.sort(plain[k]);
      int times = plain[k].length / count;
      for (int a = 0; a < count; a++) {
        assertThat(ours[a]).as(what).isCloseTo(plain[k][a * times], within(1e-11));
      }
      if (Double.isNaN(observed[k])) {
        assertThat(statistics.observed(k)).isNaN();
        continue;
      }
      defined++;
      assertThat(statistics.observed(k)).as(what).isCloseTo(observed[k], within(1e-12));
      if (!Double.isNaN(statistics.center(k))) {
        double[] all = Arrays.stream(plain[k]).filter(v -> !Double.isNaN(v)).toArray();
        double mean = Arrays.stream(all).average().orElseThrow();
        double variance =
            Arrays.stream(all).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        assertThat(statistics.center(k)).as(what).isCloseTo(mean, within(1e-11));
        assertThat(statistics.spread(k)).as(what).isCloseTo(Math.sqrt(variance), within(1e-10));
      }
      int index = k;
      Exceedances found = new Exceedances(centered(statistics), Alternative.GREATER);
      found.add(values, count);
      long extreme = Arrays.stream(plain[k]).filter(v -> !(v < observed[index] - 1e-9)).count();
      assertThat(found.p(k).p())
          .as(what)
          .isCloseTo((double) extreme / plain[k].length, within(1e-12));
    }
    assertThat(defined).isGreaterThan(hypotheses / 2);
  }

  /** Areas, mean losses and, in one stratum, metrics of the confusion matrix. */
  @Test
  void centresOfTwoClassesAreKnown() {
    PermutedMetrics one = Case.BINARY.data().statistics(0);
    List<Metric<?>> metrics = Case.BINARY.data().metrics();
    assertThat(one.arrangements()).isEqualTo(Arrangements.MANY);
    List<String> known =
        IntStream.range(0, metrics.size())
            .filter(k -> !Double.isNaN(one.center(k)))
            .mapToObj(k -> metrics.get(k).spec())
            .toList();
    assertThat(known)
        .contains("accuracy", "brier", "cohen-kappa", "f1", "log-loss", "mcc", "recall", "roc-auc")
        .doesNotContain("average-precision");
    int area = metrics.stream().map(Metric::spec).toList().indexOf("roc-auc");
    assertThat(one.center(area)).isEqualTo(0.5);
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void replicatesDoNotDependOnTheirRange(Case data) {
    PermutedMetrics statistics = data.data().statistics(0);
    double[][] whole = new double[statistics.hypotheses()][40];
    statistics.fill(100, 140, whole);
    for (int[] range : new int[][] {{100, 101}, {101, 117}, {117, 140}}) {
      double[][] part = new double[statistics.hypotheses()][range[1] - range[0]];
      statistics.fill(range[0], range[1], part);
      for (int k = 0; k < part.length; k++) {
        assertThat(part[k]).isEqualTo(Arrays.copyOfRange(whole[k], range[0] - 100, range[1] - 100));
      }
    }
  }

  /**
   * 1,000 data sets without any relation, 99 replicates each, so that p is one of 100 equally
   * likely values for a continuous statistic. Chi-square of ten classes of p has 9 degrees of
   * freedom; 33.72 is passed with probability 1e-4 per metric, and there are four.
   */
  @Test
  void pIsUniformWithoutARelation() {
    int sets = 1_000;
    int rows = 40;
    List<Metric<?>> metrics =
        List.of(
            Metrics.named("roc-auc"),
            Metrics.named("log-loss"),
            Metrics.named("brier"),
            Metrics.named("average-precision"));
    int[][] classes = new int[metrics.size()][10];
    for (int set = 0; set < sets; set++) {
      Keyed draw = FUNCTION.derive(set);
      double[] label = new double[rows];
      double[] score = new double[rows];
      double[] prediction = new double[rows];
      for (int i = 0; i < rows; i++) {
        label[i] = i < 2 ? i : draw.bits(0, i) & 1;
        score[i] = draw.uniform(1, i);
        prediction[i] = score[i] < 0.5 ? 0 : 1;
      }
      Target target = new Target(Task.BINARY, 2, Target.Scores.PROBABILITY);
      PermutedMetrics statistics =
          new PermutedMetrics(
              Keyed.of(set, "uniform"),
              label,
              null,
              Strata.one(rows),
              List.of(new Scored(target, prediction, 1, score)),
              metrics,
              0);
      double[][] values = new double[metrics.size()][99];
      statistics.fill(0, 99, values);
      Exceedances found = new Exceedances(centered(statistics), Alternative.GREATER);
      found.add(values, 99);
      for (int k = 0; k < metrics.size(); k++) {
        classes[k][(int) Math.ceil(found.p(k).p() * 10 - 1e-9) - 1]++;
      }
    }
    for (int k = 0; k < metrics.size(); k++) {
      double chi = 0;
      for (int count : classes[k]) {
        chi += (count - sets / 10.0) * (count - sets / 10.0) / (sets / 10.0);
      }
      assertThat(chi).as(metrics.get(k).spec() + Arrays.toString(classes[k])).isLessThan(33.72);
    }
  }

  @Test
  void jointStatisticsAreTheirPartsOneAfterTheOther() {
    PermutedMetrics a = Case.BINARY.data().statistics(0);
    PermutedMetrics b = Case.REGRESSION.data().statistics(0);
    JointStatistics joint = new JointStatistics(List.of(a, b));
    assertThat(joint.hypotheses()).isEqualTo(a.hypotheses() + b.hypotheses());
    double[][] together = new double[joint.hypotheses()][20];
    joint.fill(5, 25, together);
    double[][] last = new double[b.hypotheses()][20];
    b.fill(5, 25, last);
    for (int k = 0; k < b.hypotheses(); k++) {
      assertThat(together[a.hypotheses() + k]).isEqualTo(last[k]);
      assertThat(joint.observed(a.hypotheses() + k)).isEqualTo(b.observed(k));
      assertThat(joint.tolerance(a.hypotheses() + k)).isEqualTo(b.tolerance(k));
    }
  }
}
