package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.assay.inference.Choice.Rule;
import org.assay.metric.Metric.Direction;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoiceTest {
  private static final double NAN = Double.NaN;

  private static final double[][] ACCURACY = {
    {.610, .585, .634, .598, .621},
    {.702, .688, .731, .697, .716},
    {.735, .694, .768, .741, .719},
    {.751, .702, .772, .735, .744},
    {.742, .711, .760, .733, .748},
  };

  private static double[][] map(double[][] values, java.util.function.DoubleUnaryOperator f) {
    return Arrays.stream(values)
        .map(row -> Arrays.stream(row).map(f).toArray())
        .toArray(double[][]::new);
  }

  /**
   * R 4.2.2, with x the table above: {@code m <- rowMeans(x); e <- apply(x, 1, sd) / sqrt(5); b <-
   * which.max(m)} gives 4, and {@code min(which(m >= m[b] - e[b]))} gives 3; of {@code -x} both
   * give 1. The same definition is that of glmnet's lambda.1se and of caret's oneSE.
   */
  @Test
  void agreesWithR() {
    Choice best = Choice.of(ACCURACY, Direction.HIGHER_IS_BETTER, Rule.BEST);
    assertThat(best.chosen()).isEqualTo(3);
    assertThat(best.order()).containsExactly(3, 4, 2, 1, 0);
    double[] mean = {.6096, .7068, .7314, .7408, .7388};
    double[] error = {
      0.00855920557061227,
      0.00755910047558571,
      0.01224173190361561,
      0.011460366486286563,
      0.008218272324521748
    };
    for (int g = 0; g < mean.length; g++) {
      assertThat(best.settings().get(g).mean()).isCloseTo(mean[g], within(1e-15));
      assertThat(best.settings().get(g).error()).isCloseTo(error[g], within(1e-15));
    }
    Choice simple = Choice.of(ACCURACY, Direction.HIGHER_IS_BETTER, Rule.ONE_STANDARD_ERROR);
    assertThat(simple.chosen()).isEqualTo(2);
    assertThat(simple.order()).isEqualTo(best.order());

    double[][] loss = map(ACCURACY, x -> 1 - x);
    assertThat(Choice.of(loss, Direction.LOWER_IS_BETTER, Rule.BEST).chosen()).isEqualTo(3);
    assertThat(Choice.of(loss, Direction.LOWER_IS_BETTER, Rule.ONE_STANDARD_ERROR).chosen())
        .isEqualTo(2);
    for (Rule rule : Rule.values()) {
      assertThat(Choice.of(ACCURACY, Direction.LOWER_IS_BETTER, rule).chosen()).isZero();
    }
  }

  /**
   * 2,000 tables of small whole numbers, some of them undefined, against the definition in whole
   * numbers, which knows no rounding.
   */
  @Test
  void agreesWithTheExactDefinition() {
    Keyed key = Keyed.of(7, "choice test");
    int simpler = 0;
    for (int trial = 0; trial < 2000; trial++) {
      int settings = 1 + (int) Math.floorMod(key.bits(trial, 0), 6L);
      int splits = 1 + (int) Math.floorMod(key.bits(trial, 1), 4L);
      double[][] values = new double[settings][splits];
      for (int g = 0; g < settings; g++) {
        for (int s = 0; s < splits; s++) {
          long draw = Math.floorMod(key.bits(trial, 2 + 10L * g + s), 20L);
          values[g][s] = draw == 19 ? NAN : draw % 5;
        }
      }
      for (Direction direction : Direction.values()) {
        int sign = direction == Direction.HIGHER_IS_BETTER ? 1 : -1;
        int best = best(values, sign);
        assertThat(Choice.of(values, direction, Rule.BEST).chosen()).isEqualTo(best);
        int simplest = simplest(values, best, sign);
        assertThat(Choice.of(values, direction, Rule.ONE_STANDARD_ERROR).chosen())
            .isEqualTo(simplest);
        simpler += simplest < best ? 1 : 0;
      }
    }
    assertThat(simpler).isGreaterThan(500);
  }

  private static boolean isDefined(double[] x) {
    return Arrays.stream(x).noneMatch(Double::isNaN);
  }

  private static long sum(double[] x) {
    return (long) Arrays.stream(x).sum();
  }

  /** The first of the greatest sums; -1 when none is defined. */
  private static int best(double[][] values, int sign) {
    int best = -1;
    for (int g = 0; g < values.length; g++) {
      if (isDefined(values[g]) && (best < 0 || sign * (sum(values[g]) - sum(values[best])) > 0)) {
        best = g;
      }
    }
    return best;
  }

  /**
   * With m values of sum S and sum of squares Q, {@code (S_best - S) / m <= sqrt((Q - S^2 / m) / (m
   * - 1) / m)} of the best is {@code (m - 1) (S_best - S)^2 <= m Q - S^2}.
   */
  private static int simplest(double[][] values, int best, int sign) {
    if (best < 0 || values[best].length == 1) {
      return best;
    }
    double[] x = values[best];
    long m = x.length;
    long spread = m * (long) Arrays.stream(x).map(v -> v * v).sum() - sum(x) * sum(x);
    for (int g = 0; g < best; g++) {
      long behind = sign * (sum(x) - sum(values[g]));
      if (isDefined(values[g]) && (m - 1) * behind * behind <= spread) {
        return g;
      }
    }
    return best;
  }

  @ParameterizedTest
  @CsvSource({"BEST", "ONE_STANDARD_ERROR"})
  void settingsWithoutAValueAreLastAndNeverChosen(Rule rule) {
    double[][] values = {{.9, NAN}, {.5, .5}, {Double.POSITIVE_INFINITY, 1}, {.6, .6}, {}};
    Choice choice = Choice.of(values, Direction.HIGHER_IS_BETTER, rule);
    assertThat(choice.chosen()).isEqualTo(3);
    assertThat(choice.order()).containsExactly(3, 1, 0, 2, 4);
    assertThat(choice.settings())
        .extracting(Choice.Setting::mean)
        .containsExactly(NAN, .5, NAN, .6, NAN);
    assertThat(choice.settings()).extracting(Choice.Setting::rank).containsExactly(3, 2, 3, 1, 3);
    Choice none = Choice.of(new double[][] {{NAN}, {NAN}}, Direction.LOWER_IS_BETTER, rule);
    assertThat(none.isMade()).isFalse();
    assertThat(none.chosen()).isEqualTo(-1);
    assertThat(none.order()).isEqualTo(List.of(0, 1));
  }

  @ParameterizedTest
  @CsvSource({"BEST", "ONE_STANDARD_ERROR"})
  void ofEqualMeansTheFirstIsChosenAndOneSplitHasNoError(Rule rule) {
    double[][] equal = {{.1, .3}, {.2, .2}, {.3, .1}};
    assertThat(Choice.of(equal, Direction.LOWER_IS_BETTER, rule).chosen()).isZero();
    double[][] once = {{.5}, {.7}, {.7}};
    Choice choice = Choice.of(once, Direction.HIGHER_IS_BETTER, rule);
    assertThat(choice.chosen()).isEqualTo(1);
    assertThat(choice.isMade()).isTrue();
    assertThat(choice.settings())
        .containsExactly(
            new Choice.Setting(.5, NAN, 3),
            new Choice.Setting(.7, NAN, 1),
            new Choice.Setting(.7, NAN, 1));
  }

  @Test
  void thereMustBeSettings() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Choice.of(new double[0][], Direction.LOWER_IS_BETTER, Rule.BEST))
        .withMessage("no settings to choose from");
  }
}
