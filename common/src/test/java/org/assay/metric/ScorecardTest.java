package org.assay.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assay.Task;
import org.assay.UserException;
import org.junit.jupiter.api.Test;

class ScorecardTest {
  private static final Target BINARY = new Target(Task.BINARY, 2, Target.Scores.PROBABILITY);
  private static final Target NUMBER = new Target(Task.REGRESSION, 0, Target.Scores.NONE);

  @Test
  void sharesStatesAndKeepsOrder() {
    Scorecard binary =
        scorecard(
            BINARY, "roc-auc", "accuracy", "f1", "average-precision", "mcc", "log-loss", "brier");
    assertThat(binary.states()).as("ranks, confusion, log-loss, brier").isEqualTo(4);
    assertThat(binary.values().keySet())
        .containsExactly(
            "roc-auc", "accuracy", "f1", "average-precision", "mcc", "log-loss", "brier");
    assertThat(
            scorecard(
                    NUMBER,
                    "mse",
                    "rmse",
                    "r2",
                    "explained-variance",
                    "pinball",
                    "pinball(alpha=0.9)")
                .states())
        .isEqualTo(4);
    assertThat(
            scorecard(BINARY, "expected-calibration-error", "expected-calibration-error(bins=5)")
                .states())
        .isEqualTo(2);
  }

  @Test
  void valuesAreThoseOfEachMetricAlone() {
    for (Target target : Item.TARGETS) {
      List<Metric<?>> metrics =
          Metrics.all().stream()
              .filter(m -> m.refusal(target) == null)
              .<Metric<?>>map(m -> m)
              .toList();
      List<Item> items = Item.random(target, 150, new Random(1));
      Map<String, Value> together = filled(Scorecard.of(target, metrics), items).values();
      for (Metric<?> metric : metrics) {
        assertThat(together)
            .containsEntry(
                metric.spec(), filled(Scorecard.of(target, List.of(metric)), items).value(0));
      }
    }
  }

  @Test
  void mergesExactly() {
    Random random = new Random(2);
    for (Target target : Item.TARGETS) {
      Scorecard all =
          Scorecard.of(
              target, Metrics.all().stream().filter(m -> m.refusal(target) == null).toList());
      List<Item> items = Item.random(target, 200, random);
      filled(all, items);
      List<Scorecard> parts = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        parts.add(Item.serialized(all.empty()));
      }
      Collections.shuffle(items, random);
      items.forEach(item -> filled(parts.get(random.nextInt(5)), List.of(item)));
      Scorecard merged = Item.serialized(parts.get(4));
      for (int i = 0; i < 4; i++) {
        merged.merge(Item.serialized(parts.get(i)));
      }
      assertThat(merged.values()).isEqualTo(all.values());
      assertThat(merged.items())
          .isEqualTo(all.items())
          .isEqualTo(items.stream().filter(i -> i.weight() > 0).count());
    }
  }

  @Test
  void manyTravelCheaply() throws Exception {
    Scorecard one = scorecard(BINARY, "accuracy", "f1", "mcc", "log-loss");
    List<Scorecard> replicates = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int weight = i % 3;
      replicates.add(
          filled(
              one.empty(),
              Item.random(BINARY, 20, new Random(i)).stream()
                  .map(x -> x.weighing(weight))
                  .toList()));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(replicates);
    assertThat(bytes.size() / 1000).isLessThan(300);
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> scorecard(NUMBER, "mse", "roc-auc"))
        .withMessage("metric roc-auc needs a binary task with scores; the data are a regression");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(
            () -> scorecard(new Target(Task.MULTICLASS, 3, Target.Scores.RANKING), "log-loss"))
        .withMessage(
            "metric log-loss needs class labels with probabilities; the data are multiclass with 3 classes, with scores that are not probabilities");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(
            () ->
                scorecard(
                    new Target(Task.MULTICLASS, 3, Target.Scores.PROBABILITY),
                    "top-k-accuracy(k=3)"))
        .withMessageStartingWith(
            "metric top-k-accuracy(k=3) needs more than k = 3 classes; the data are multiclass with 3 classes, with");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> scorecard(BINARY, "accuracy", "f1", "accuracy"))
        .withMessage("metric accuracy is there twice; name it once");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> scorecard(BINARY))
        .withMessageStartingWith("no metrics: name at least one of accuracy, ");
  }

  @Test
  void refusesItemsOfAnotherTarget() {
    Scorecard binary = scorecard(BINARY, "accuracy");
    double[] half = {0.5};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> binary.add(2, 0, half, 1))
        .withMessageContaining("class codes from 0 to 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> binary.add(0, 0.5, half, 1))
        .withMessageContaining("class codes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> binary.add(Double.NaN, 0, half, 1))
        .withMessageContaining("class codes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> binary.add(0, 0, null, 1))
        .withMessageContaining("no scores: must be 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> binary.add(0, 0, new double[2], 1))
        .withMessageContaining("2 scores: must be 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> binary.add(0, 0, new double[] {1.01}, 1))
        .withMessageContaining("in [0, 1]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> binary.add(0, 0, half, -1))
        .withMessageContaining("weight -1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> binary.add(0, 0, half, Double.NaN))
        .withMessageContaining("weight NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorecard(NUMBER, "mse").add(Double.POSITIVE_INFINITY, 0, null, 1))
        .withMessageContaining("must be finite");
    assertThat(binary.items()).isZero();
  }

  @Test
  void mergesOnlyItsOwnKind() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorecard(BINARY, "accuracy").merge(scorecard(BINARY, "f1")))
        .withMessage(
            "scorecards of accuracy for binary, with probabilities and of f1 for binary, with probabilities");
  }

  private static Scorecard scorecard(Target target, String... specs) {
    return Scorecard.of(target, Arrays.stream(specs).<Metric<?>>map(Metrics::named).toList());
  }

  private static Scorecard filled(Scorecard scorecard, List<Item> items) {
    items.forEach(i -> scorecard.add(i.label(), i.prediction(), i.scores(), i.weight()));
    return scorecard;
  }
}
