package org.assay.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Random;
import org.assay.Task;
import org.junit.jupiter.api.Test;

/** The edge results that the Javadoc of the metrics promises. */
class MetricEdgesTest {
  private static final Target BINARY = new Target(Task.BINARY, 2, Target.Scores.PROBABILITY);
  private static final Target THREE = new Target(Task.MULTICLASS, 3, Target.Scores.PROBABILITY);
  private static final Target NUMBER = new Target(Task.REGRESSION, 0, Target.Scores.NONE);

  @Test
  void onlyNegatives() {
    double[][] items = {{0, 0, 0.2, 1}, {0, 0, 0.3, 2}};
    assertUndefined("precision", items, "no item is predicted positive");
    assertUndefined("recall", items, "no label is positive");
    assertUndefined("f1", items, "no label and no prediction is positive");
    assertUndefined("mcc", items, "all labels are the same class");
    assertUndefined("cohen-kappa", items, "all labels and predictions are the same class");
    assertUndefined("roc-auc", items, "no label is positive");
    assertUndefined("average-precision", items, "no label is positive");
    assertValue("specificity", items, 1);
    assertValue("balanced-accuracy", items, 1);
    assertValue("f1-macro", items, 1);
  }

  @Test
  void onlyPositives() {
    double[][] items = {{1, 0, 0.2, 1}, {1, 1, 0.6, 2}};
    assertUndefined("specificity", items, "no label is negative");
    assertUndefined("roc-auc", items, "no label is negative");
    assertUndefined("mcc", items, "all labels are the same class");
    assertValue("average-precision", items, 1);
    assertValue("cohen-kappa", items, 0);
    assertValue("precision", items, 1);
  }

  @Test
  void zerosByDefinition() {
    double[][] missed = {{1, 0, 0.2, 1}, {0, 0, 0.3, 1}};
    assertUndefined("precision", missed, "no item is predicted positive");
    assertUndefined("mcc", missed, "all predictions are the same class");
    assertValue("recall", missed, 0);
    assertValue("f1", missed, 0);
    assertValue("roc-auc", missed, 0);
    assertValue("roc-auc", new double[][] {{1, 0, 0.2, 1}, {0, 0, 0.2, 3}}, 0.5);
    assertValue("roc-auc", new double[][] {{1, 0, 0.0, 1}, {0, 0, -0.0, 3}}, 0.5);
  }

  @Test
  void logLossClips() {
    assertValue("log-loss", new double[][] {{1, 0, 0, 1}}, -Math.log(0x1.0p-52));
    assertThat(value("log-loss", new double[][] {{1, 1, 1, 1}}).value()).isBetween(0.0, 3e-16);
  }

  @Test
  void multiclassNeedsEveryClassForItsAreas() {
    Scorecard scorecard =
        Scorecard.of(
            THREE,
            List.of(Metrics.named("roc-auc-ovr-macro"), Metrics.named("roc-auc-ovo-weighted")));
    scorecard.add(0, 0, new double[] {0.5, 0.25, 0.25}, 1);
    scorecard.add(2, 2, new double[] {0.25, 0.25, 0.5}, 1);
    scorecard.add(1, 2, new double[] {0.25, 0.25, 0.5}, 0);
    scorecard
        .values()
        .forEach(
            (spec, value) ->
                assertThat(value).as(spec).isEqualTo(Value.undefined("no items of class 1")));
  }

  @Test
  void medianOfEvenNumbersIsTheMiddle() {
    assertValue("median-absolute-error", new double[][] {{1, 0, 1}, {4, 0, 1}}, 2.5);
    assertValue("median-absolute-error", new double[][] {{4, 0, 3}, {1, 0, 1}, {2, 0, 2}}, 3);
    assertValue("median-absolute-error", new double[][] {{4, 0, 3.1}, {1, 0, 1}, {2, 0, 2}}, 4);
    // As doubles 0.1 and 0.2 weigh 4e-17 more than 0.3 does: no half of the weight lies below.
    assertValue("median-absolute-error", new double[][] {{1, 0, 0.1}, {2, 0, 0.2}, {3, 0, 0.3}}, 2);
  }

  @Test
  void variances() {
    double[][] equal = {{0.1, 0, 0.3}, {0.1, 5, 0.7}, {0.1, 1, 1.1}};
    assertUndefined("r2", equal, "all labels are equal, so their variance is 0");
    assertUndefined("explained-variance", equal, "all labels are equal, so their variance is 0");
    assertUndefined(
        "r2", new double[][] {{3, 3, 2}}, "all labels are equal, so their variance is 0");
    assertUndefined(
        "r2",
        new double[][] {{1e200, 0, 1}, {0, 0, 1}},
        "the sums of squares are too large for doubles");
    assertValue("mse", new double[][] {{1e200, 0, 1}, {0, 0, 1}}, Double.POSITIVE_INFINITY);
    // A mean of 1e9 and a variance near 1e-12: nothing is lost. y = m - e, m, m + e and the mean
    // predicted.
    double m = 1e9;
    double e = Math.ulp(m);
    assertValue("r2", new double[][] {{m - e, m, 1}, {m, m, 1}, {m + e, m, 1}}, 0);
    assertValue(
        "explained-variance",
        new double[][] {{m - e, m + 5 * e, 1}, {m, m + 6 * e, 1}, {m + e, m + 7 * e, 1}},
        1);
  }

  @Test
  void mapeOfZeroLabelsIsLarge() {
    assertValue("mape", new double[][] {{0, 1, 1}}, 0x1.0p52);
    assertValue("mape", new double[][] {{0, 0, 1}}, 0);
  }

  /** The definition over all pairs, ties one half: O(n^2). */
  @Test
  void areaIsTheShareOfPairsInOrder() {
    Random random = new Random(12);
    for (int n : new int[] {3, 40, 700}) {
      Scorecard scorecard = Scorecard.of(BINARY, List.of(new RocAuc()));
      double[][] items = new double[n][];
      for (int i = 0; i < n; i++) {
        items[i] =
            new double[] {
              i < 2 ? i : random.nextInt(2),
              random.nextInt(60) / 64.0,
              random.nextInt(9) / 4.0 + (i < 2 ? 1 : 0)
            };
        scorecard.add(items[i][0], 0, new double[] {items[i][1]}, items[i][2]);
      }
      double won = 0;
      double pairs = 0;
      for (double[] p : items) {
        for (double[] q : items) {
          if (p[0] == 1 && q[0] == 0) {
            pairs += p[2] * q[2];
            won += p[2] * q[2] * (p[1] > q[1] ? 1 : p[1] == q[1] ? 0.5 : 0);
          }
        }
      }
      // Weights are multiples of 1/4, so every sum here is exact.
      assertThat(scorecard.value(0).value()).isEqualTo(won / pairs);
    }
  }

  @Test
  void manyTiesTakeLittleMemory() throws Exception {
    Multiset many = new Multiset();
    for (int i = 0; i < 100_000; i++) {
      many.add((i % 100) / 100.0, 1 + i % 3);
    }
    assertThat(bytes(many)).isLessThan(10_000);
    assertThat(many.total().value()).isEqualTo(199_999);
  }

  @Test
  void partsMergedTakeTheMemoryOfTheirDistinctNumbersAndTravelWithoutRoomToGrow() throws Exception {
    Multiset tied = new Multiset();
    Multiset distinct = new Multiset();
    for (int part = 0; part < 200; part++) {
      Multiset ties = new Multiset();
      Multiset others = new Multiset();
      for (int i = 0; i < 600; i++) {
        ties.add(i, 1);
        others.add(part + i / 1000.0, 1);
      }
      tied.merge(ties);
      distinct.merge(others);
    }
    assertThat(bytes(tied)).isBetween(16 * 600, 16 * 600 + 1000);
    assertThat(bytes(distinct)).isBetween(8 * 120_000, 8 * 120_000 + 1000);
    assertThat(tied.total().value()).isEqualTo(120_000);
    assertThat(distinct.total().value()).isEqualTo(120_000);
  }

  private static int bytes(Multiset set) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(set);
    return bytes.size();
  }

  private static void assertValue(String spec, double[][] items, double expected) {
    assertThat(value(spec, items)).as(spec).isEqualTo(Value.of(expected));
  }

  private static void assertUndefined(String spec, double[][] items, String reason) {
    assertThat(value(spec, items)).as(spec).isEqualTo(Value.undefined(reason));
  }

  /**
   * Items are (label, prediction, score, weight) or, of a regression, (label, prediction, weight).
   */
  private static Value value(String spec, double[][] items) {
    Scorecard scorecard =
        Scorecard.of(items[0].length == 4 ? BINARY : NUMBER, List.of(Metrics.named(spec)));
    for (double[] item : items) {
      scorecard.add(
          item[0],
          item[1],
          item.length == 4 ? new double[] {item[2]} : null,
          item[item.length - 1]);
    }
    return scorecard.value(0);
  }
}
