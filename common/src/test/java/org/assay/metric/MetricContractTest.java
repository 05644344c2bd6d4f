package org.assay.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assay.Task;
import org.assay.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every metric keeps, whoever wrote it: the metrics are those that are discovered. Comparisons
 * are to the bit.
 */
class MetricContractTest {
  private static final int TRIALS = 15;

  static Stream<Metric<?>> metrics() {
    return Stream.concat(
        Metrics.all().stream(),
        Stream.of("pinball(alpha=0.9)", "top-k-accuracy(k=1)", "expected-calibration-error(bins=3)")
            .map(Metrics::named));
  }

  static Stream<Arguments> cases() {
    return metrics()
        .flatMap(
            m ->
                Item.TARGETS.stream()
                    .filter(t -> m.refusal(t) == null)
                    .map(t -> Arguments.of(m.spec(), t, m)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  <S extends State<S>> void emptyIsUndefinedAndSaysWhy(
      String name, Target target, Metric<S> metric) {
    Value value = metric.value(metric.state(target));
    assertThat(value.isDefined()).isFalse();
    assertThat(value.reason()).isEqualTo("no items of positive weight");
    S state = metric.state(target);
    state.merge(metric.state(target));
    assertThat(metric.value(state)).isEqualTo(value);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  <S extends State<S>> void mergeIsUnionInAnyOrder(String name, Target target, Metric<S> metric) {
    Random random = new Random(1);
    for (int trial = 0; trial < TRIALS; trial++) {
      List<Item> items = Item.random(target, 1 + random.nextInt(80), random);
      Value expected = value(metric, target, items);
      Collections.shuffle(items, random);
      List<S> parts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        parts.add(metric.state(target));
      }
      for (Item item : items) {
        item.addTo(parts.get(random.nextInt(parts.size())));
      }
      while (parts.size() > 1) {
        S part = parts.remove(random.nextInt(parts.size()));
        Value before = metric.value(part);
        S into = parts.get(random.nextInt(parts.size()));
        if (random.nextBoolean()) {
          metric.value(into); // Looking at a value changes nothing.
        }
        into.merge(part);
        assertThat(metric.value(part)).as("the merged part is unchanged").isEqualTo(before);
      }
      assertThat(metric.value(parts.get(0))).isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  <S extends State<S>> void survivesSerializationMidway(
      String name, Target target, Metric<S> metric) {
    List<Item> items = Item.random(target, 100, new Random(2));
    Metric<S> copied = Item.serialized(metric);
    S state = copied.state(target);
    for (int i = 0; i < items.size(); i++) {
      if (i % 30 == 17) {
        state = Item.serialized(state);
      }
      items.get(i).addTo(state);
    }
    assertThat(copied.value(Item.serialized(state))).isEqualTo(value(metric, target, items));
    assertThat(copied.spec()).isEqualTo(metric.spec());
    assertThat(copied.stateKind(target))
        .isEqualTo(metric.stateKind(target))
        .hasSameHashCodeAs(metric.stateKind(target));
  }

  /** What says that it forgets the items is no larger for ten thousand of them than for a few. */
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  <S extends State<S>> void saysWhetherItRemembersItems(
      String name, Target target, Metric<S> metric) throws IOException {
    Random random = new Random(6);
    S state = metric.state(target);
    int early = 0;
    for (int i = 0; i < 11_000; i++) {
      Item item = Item.random(target, 1, random).get(0);
      double[] scores =
          item.scores() == null ? null : random.doubles(item.scores().length).toArray();
      if (scores != null && scores.length > 1) {
        double sum = Arrays.stream(scores).sum();
        scores = Arrays.stream(scores).map(x -> x / sum).toArray();
      }
      double moved = target.task() == Task.REGRESSION ? random.nextDouble() : 0;
      state.add(item.label(), item.prediction() + moved, scores, 1);
      early = i == 1000 ? size(state) : early;
    }
    if (state.remembersItems()) {
      assertThat(size(state)).isGreaterThan(early + 40_000);
    } else {
      assertThat(size(state)).isLessThan(early + 4_000);
    }
  }

  private static int size(Object state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(state);
    return bytes.size();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  <S extends State<S>> void weightTwoIsTheRowTwice(String name, Target target, Metric<S> metric) {
    Random random = new Random(3);
    for (int trial = 0; trial < TRIALS; trial++) {
      List<Item> doubled = new ArrayList<>();
      List<Item> repeated = new ArrayList<>();
      for (Item item : Item.random(target, 1 + random.nextInt(60), random)) {
        boolean twice = random.nextBoolean();
        doubled.add(twice ? item.weighing(2 * item.weight()) : item);
        repeated.add(item);
        if (twice) {
          repeated.add(item);
        }
      }
      assertThat(value(metric, target, repeated)).isEqualTo(value(metric, target, doubled));
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  <S extends State<S>> void weightZeroIsAbsent(String name, Target target, Metric<S> metric) {
    Random random = new Random(4);
    for (int trial = 0; trial < TRIALS; trial++) {
      List<Item> present = Item.random(target, random.nextInt(30), random);
      List<Item> all = new ArrayList<>(present);
      Item.random(target, 30, random).forEach(item -> all.add(item.weighing(0)));
      Collections.shuffle(all, random);
      assertThat(value(metric, target, all)).isEqualTo(value(metric, target, present));
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  <S extends State<S>> void perfectPredictionsAreNotWorse(
      String name, Target target, Metric<S> metric) {
    List<Item> items = Item.random(target, 200, new Random(5));
    double some = value(metric, target, items).value();
    double perfect =
        value(metric, target, items.stream().map(i -> i.perfect(target)).toList()).value();
    if (metric.direction() == Metric.Direction.HIGHER_IS_BETTER) {
      assertThat(perfect).isEqualTo(1).isGreaterThan(some);
    } else {
      assertThat(perfect).isBetween(0.0, 1e-15).isLessThan(some);
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  <S extends State<S>> void anyMixOfItemsHasAValueOrAReason(
      String name, Target target, Metric<S> metric) {
    Random random = new Random(6);
    for (int trial = 0; trial < 200; trial++) {
      List<Item> items = Item.random(target, 1 + random.nextInt(3), random);
      value(metric, target, items);
      value(
          metric,
          target,
          items.stream().map(i -> i.weighing(Math.scalb(i.weight(), -700))).toList());
      value(
          metric,
          target,
          items.stream().map(i -> i.weighing(Math.scalb(i.weight(), 600))).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void refusesUnsuitableTargetsWithAReason(Metric<?> metric) {
    int accepted = 0;
    for (Target target : Item.TARGETS) {
      String refusal = metric.refusal(target);
      if (refusal == null) {
        accepted++;
        continue;
      }
      assertThat(refusal).startsWith("needs ").doesNotEndWith(".");
      assertThatThrownBy(() -> metric.state(target))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(metric.spec())
          .hasMessageContaining(refusal);
      assertThatThrownBy(() -> Scorecard.of(target, List.of(metric)))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "metric " + metric.spec() + " " + refusal + "; the data are " + target.describe());
    }
    assertThat(accepted).isBetween(1, Item.TARGETS.size() - 1);
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void namesAreKebabCaseAndReadBack(Metric<?> metric) {
    assertThat(metric.name()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    assertThat(metric.spec()).startsWith(metric.name());
    assertThat(Metrics.named(metric.spec()).spec()).isEqualTo(metric.spec());
    assertThat(Metrics.named(metric.name()).spec())
        .as("defaults are not written")
        .isEqualTo(metric.name());
    assertThat(metric.direction()).isNotNull();
  }

  @Test
  void namesAreUnique() {
    assertThat(Metrics.names()).doesNotHaveDuplicates().isSorted().hasSizeGreaterThanOrEqualTo(29);
  }

  private static <S extends State<S>> Value value(
      Metric<S> metric, Target target, List<Item> items) {
    S state = metric.state(target);
    items.forEach(item -> item.addTo(state));
    return metric.value(state);
  }
}
