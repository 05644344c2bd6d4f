package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.assay.fit.LinearModel;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

class ShapleyTest {

  /** A game by its definition. */
  private record Defined(int players, ToDoubleFunction<BitSet> value) implements Game {
    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public void values(BitSet[] coalitions, double[] out) {
      for (int c = 0; c < coalitions.length; c++) {
        out[c] = value.applyAsDouble(coalitions[c]);
      }
    }
  }

  /** A model with interactions of three features, and two outputs. */
  private static final class Crossed implements RowFunction {
    private static final long serialVersionUID = 1L;

    @Override
    public int width() {
      return 6;
    }

    @Override
    public int outputs() {
      return 2;
    }

    @Override
    public void predict(double[] rows, int count, double[] out) {
      for (int i = 0; i < count; i++) {
        int r = i * 6;
        out[2 * i] =
            rows[r] * rows[r + 1] * rows[r + 2] + Math.exp(rows[r + 3] * rows[r + 4]) - rows[r + 5];
        out[2 * i + 1] = rows[r + 1] > 0.5 && rows[r + 4] > 0.3 && rows[r + 5] > 0.4 ? 1 : 0;
      }
    }
  }

  private static double[] uniform(int count, int stream) {
    Keyed keyed = Keyed.of(2, "shapley test");
    double[] drawn = new double[count];
    Arrays.setAll(drawn, i -> keyed.uniform(stream, i));
    return drawn;
  }

  private static FeatureGroups singles(int width) {
    String[] names = new String[width];
    Arrays.setAll(names, j -> "x" + j);
    return FeatureGroups.singles(List.of(names));
  }

  private static Interventional crossed() {
    return new Interventional(new Crossed(), singles(6), uniform(60, 0), 10)
        .explain(uniform(12, 1), 1);
  }

  /** A left glove is of use with one of two right ones: 2/3 and 1/6 each, a textbook's example. */
  @Test
  void dividesGloves() {
    Game gloves = new Defined(3, s -> s.get(0) && (s.get(1) || s.get(2)) ? 1 : 0);
    Attribution shares = Shapley.exact(gloves);
    assertThat(shares.value()[0][0]).isCloseTo(2.0 / 3, within(1e-15));
    assertThat(shares.value()[1][0]).isCloseTo(1.0 / 6, within(1e-15));
    assertThat(shares.value()[2][0]).isCloseTo(1.0 / 6, within(1e-15));
    assertThat(shares.draws()).isZero();
  }

  @Test
  void aLinearModelHasItsClosedForm() {
    double[] w = {1.5, -2, 0, 0.25, 3};
    double[] background = uniform(40 * 5, 2);
    double[] rows = uniform(5 * 5, 3);
    RowFunction model = RowFunction.of(new LinearModel(0.7, w), 5);
    for (int i = 0; i < 5; i++) {
      Attribution phi =
          Shapley.exact(new Interventional(model, singles(5), background, 40).explain(rows, i));
      double total = 0.7;
      double expected = 0.7;
      for (int j = 0; j < 5; j++) {
        double mean = 0;
        for (int b = 0; b < 40; b++) {
          mean += background[b * 5 + j] / 40;
        }
        assertThat(phi.value()[j][0]).isCloseTo(w[j] * (rows[i * 5 + j] - mean), within(1e-13));
        total += w[j] * rows[i * 5 + j];
        expected += w[j] * mean;
      }
      assertThat(phi.all()[0]).isCloseTo(total, within(1e-13));
      assertThat(phi.none()[0]).isCloseTo(expected, within(1e-13));
      assertThat(phi.gap()[0]).isCloseTo(0, within(1e-13));
    }
  }

  /** The mean over all 720 orders of what each player adds. */
  @Test
  void exactValuesAreTheMeanOverAllOrders() {
    double[] expected = new double[12];
    Interventional game = crossed();
    int orders = addOrders(game, new int[0], expected);
    assertThat(orders).isEqualTo(720);
    Attribution phi = Shapley.exact(game);
    for (int i = 0; i < 6; i++) {
      for (int k = 0; k < 2; k++) {
        assertThat(phi.value()[i][k]).isCloseTo(expected[i * 2 + k] / orders, within(1e-13));
        assertThat(phi.standardError()[i][k]).isZero();
      }
    }
  }

  private static int addOrders(Game game, int[] order, double[] sums) {
    if (order.length == game.players()) {
      BitSet before = new BitSet();
      double[] last = new double[2];
      double[] next = new double[2];
      game.values(new BitSet[] {before}, last);
      for (int player : order) {
        before.set(player);
        game.values(new BitSet[] {before}, next);
        sums[player * 2] += next[0] - last[0];
        sums[player * 2 + 1] += next[1] - last[1];
        System.arraycopy(next, 0, last, 0, 2);
      }
      return 1;
    }
    int orders = 0;
    for (int player = 0; player < game.players(); player++) {
      int p = player;
      if (Arrays.stream(order).noneMatch(q -> q == p)) {
        int[] longer = Arrays.copyOf(order, order.length + 1);
        longer[order.length] = player;
        orders += addOrders(game, longer, sums);
      }
    }
    return orders;
  }

  /** The mean over the background, by the definition; features of no player are the row's. */
  @Test
  void aCoalitionIsWorthTheMeanOverTheBackground() {
    double[] background = uniform(60, 0);
    double[] rows = uniform(12, 1);
    FeatureGroups players = new FeatureGroups(6, List.of("a", "b"), new int[][] {{0, 4}, {2}});
    Interventional game = new Interventional(new Crossed(), players, background, 10);
    BitSet first = new BitSet();
    first.set(0);
    double[] found = new double[4];
    game.explain(rows, 1).values(new BitSet[] {new BitSet(), first}, found);
    double[] expected = new double[4];
    for (int b = 0; b < 10; b++) {
      for (int c = 0; c < 2; c++) {
        double[] x = Arrays.copyOfRange(rows, 6, 12);
        x[2] = background[b * 6 + 2];
        if (c == 0) {
          x[0] = background[b * 6];
          x[4] = background[b * 6 + 4];
        }
        double[] out = new double[2];
        new Crossed().predict(x, 1, out);
        expected[2 * c] += out[0] / 10;
        expected[2 * c + 1] += out[1] / 10;
      }
    }
    for (int i = 0; i < 4; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-14));
    }
    assertThat(game.evaluations()).isEqualTo(20);
  }

  @Test
  void sampledValuesSumToTheWholeAndAreWithinTheirErrors() {
    Interventional game = crossed();
    Attribution exact = Shapley.exact(game);
    Attribution drawn = Shapley.sampled(game, Keyed.of(1, "orders"), Precision.fixed(400));
    assertThat(drawn.draws()).isEqualTo(400);
    assertThat(drawn.all()).isEqualTo(exact.all());
    assertThat(drawn.none()).isEqualTo(exact.none());
    for (int k = 0; k < 2; k++) {
      assertThat(drawn.gap()[k]).isCloseTo(0, within(1e-12));
      for (int i = 0; i < 6; i++) {
        // 5 standard errors: 6e-7 for each value of another seed.
        double error = Math.max(drawn.standardError()[i][k], 1e-13);
        assertThat((drawn.value()[i][k] - exact.value()[i][k]) / error).isBetween(-5.0, 5.0);
      }
    }
    assertThat(drawn.standardError()[0][0]).isPositive();
  }

  /** Sums of squares of 300 standardized values are in bounds that 1e-4 of seeds would leave. */
  @Test
  void standardErrorsAreAsLargeAsTheErrors() {
    Game game = new Defined(5, s -> s.cardinality() >= 3 && s.get(0) ? 1 + (s.get(4) ? 2 : 0) : 0);
    Attribution exact = Shapley.exact(game);
    double squares = 0;
    int seeds = 300;
    for (int seed = 0; seed < seeds; seed++) {
      Attribution drawn =
          Shapley.sampled(game, Keyed.of(seed, "calibration"), Precision.fixed(200));
      double z = (drawn.value()[4][0] - exact.value()[4][0]) / drawn.standardError()[4][0];
      squares += z * z;
    }
    ChiSquaredDistribution chi = ChiSquaredDistribution.of(seeds);
    assertThat(squares)
        .isBetween(chi.inverseCumulativeProbability(5e-5), chi.inverseSurvivalProbability(5e-5));
  }

  @Test
  void pairsOfOrdersAreExactForInteractionsOfTwo() {
    Game game =
        new Defined(
            6,
            s -> {
              double sum = 0.3;
              for (int i = s.nextSetBit(0); i >= 0; i = s.nextSetBit(i + 1)) {
                sum += i * i;
                for (int j = s.nextSetBit(i + 1); j >= 0; j = s.nextSetBit(j + 1)) {
                  sum += 1.0 / (i + 2 * j);
                }
              }
              return sum;
            });
    Attribution exact = Shapley.exact(game);
    Attribution drawn = Shapley.sampled(game, Keyed.of(1, "orders"), new Precision(2, 500, 0.01));
    assertThat(drawn.draws()).isEqualTo(2);
    for (int i = 0; i < 6; i++) {
      assertThat(drawn.value()[i][0]).isCloseTo(exact.value()[i][0], within(1e-13));
      assertThat(drawn.standardError()[i][0]).isZero();
    }
  }

  @Test
  void stopsWhenItIsPreciseEnough() {
    Interventional game = crossed();
    Attribution drawn =
        Shapley.sampled(game, Keyed.of(1, "orders"), new Precision(16, 100_000, 0.002));
    assertThat(drawn.draws()).isBetween(17L, 99_999L);
    double[] low = {Double.MAX_VALUE, Double.MAX_VALUE};
    double[] high = {-Double.MAX_VALUE, -Double.MAX_VALUE};
    for (double[] value : drawn.value()) {
      for (int k = 0; k < 2; k++) {
        low[k] = Math.min(low[k], value[k]);
        high[k] = Math.max(high[k], value[k]);
      }
    }
    for (double[] error : drawn.standardError()) {
      assertThat(error[0]).isLessThanOrEqualTo(0.002 * (high[0] - low[0]));
      assertThat(error[1]).isLessThanOrEqualTo(0.002 * (high[1] - low[1]));
    }
  }

  @Test
  void onePlayerHasAll() {
    Game game = new Defined(1, s -> s.isEmpty() ? 2 : 5);
    assertThat(Shapley.exact(game).value()[0][0]).isEqualTo(3);
    Attribution drawn = Shapley.sampled(game, Keyed.of(1, "orders"), Precision.fixed(2));
    assertThat(drawn.value()[0][0]).isEqualTo(3);
    assertThat(drawn.standardError()[0][0]).isZero();
  }

  @Test
  void refusesWhatCannotBeDone() {
    assertThatThrownBy(() -> Shapley.exact(new Defined(13, s -> 0)))
        .hasMessage(
            "13 players have 2^13 coalitions: at most 12 are looked at all; sample orders, or make"
                + " larger groups");
    assertThatThrownBy(
            () -> Shapley.exact(new Defined(3, s -> s.get(1) && s.get(2) ? Double.NaN : 1)))
        .hasMessage("the coalition {1, 2} has the value NaN: must be finite");
    assertThatThrownBy(() -> new Precision(1, 2, 0))
        .hasMessage(
            "1 to 2 draws to a precision of 0.0: must be at least 2, not more than the most, and"
                + " not below 0");
    assertThatThrownBy(
            () ->
                new Interventional(
                    new Crossed(),
                    new FeatureGroups(6, List.of("a", "b"), new int[][] {{0, 1}, {1}}),
                    new double[6],
                    1))
        .hasMessage("feature 1 is in the groups 'a' and 'b': must be in one");
    assertThatThrownBy(() -> new Interventional(new Crossed(), singles(6), new double[5], 1))
        .hasMessage("a background of 1 rows in 5 numbers: must be at least one row of 6");
    assertThatThrownBy(
            () ->
                new Attribution(
                        new double[][] {{1}}, new double[1][1], new double[1], new double[1], 0)
                    .checked())
        .hasMessage("output 0: the values' sum is off by 1.0 from 0.0");
  }
}
