package org.assay.importance;

import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import org.assay.fit.Examples;
import org.assay.random.Keyed;

/**
 * SAGE: how much of a model's performance is owed to each player, the Shapley values of
 *
 * <pre>
 *   v(S) = mean over rows of loss(y, model that knows nothing) - loss(y, model that knows x_S)
 * </pre>
 *
 * where a model that knows some features of a row gives its mean output over a background for the
 * others, as {@link Interventional} says. The values sum to what all features together take off the
 * loss.
 *
 * <p>A draw is a row, drawn with replacement in proportion to its weight, and an order of the
 * players with its reverse. Draw r depends on r alone, so that any range can be made anywhere and
 * merged. The standard errors hold for the draw of rows and of orders; the background is taken as
 * it is: a small one makes the model that knows little look worse than it is, and all values a
 * little too large.
 *
 * <p>{@link #exact} looks at all coalitions and rows. Not thread-safe.
 *
 * <p>Source: I. Covert, S. Lundberg and S.-I. Lee, "Understanding global feature contributions with
 * additive importance measures", NeurIPS 2020, arXiv:2004.00668.
 */
public final class Sage {

  /** What an output costs, given the label. */
  @FunctionalInterface
  public interface OutputLoss extends Serializable {
    /**
     * The loss of one row, finite.
     *
     * @param outputs the row's outputs begin at {@code at}: a number, or a probability per class
     */
    double of(double label, double[] outputs, int at);
  }

  private final Interventional game;
  private final OutputLoss loss;

  /**
   * The game of a model, players, a background and a loss.
   *
   * @param players disjoint groups of features
   * @param background row after row
   * @param size number of background rows
   * @throws IllegalArgumentException if the players share features, or sizes differ
   */
  public Sage(
      RowFunction model, FeatureGroups players, double[] background, int size, OutputLoss loss) {
    this.game = new Interventional(model, players, background, size);
    this.loss = loss;
  }

  /**
   * The game of one row: what its loss is less by for what the model is told of it. Its Shapley
   * values over rows have SAGE's for their mean.
   *
   * @param told the game of what the model says of the row
   * @param label the row's
   */
  public static Game ofRow(Game told, OutputLoss loss, double label) {
    return new OfRow(told, loss, label);
  }

  private static final class OfRow implements Game {
    private final Game game;
    private final OutputLoss loss;
    private final double label;
    private double[] outputs = new double[0];

    OfRow(Game game, OutputLoss loss, double label) {
      this.game = game;
      this.loss = loss;
      this.label = label;
    }

    @Override
    public int players() {
      return game.players();
    }

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public void values(BitSet[] coalitions, double[] out) {
      int width = game.outputs();
      if (outputs.length < coalitions.length * width) {
        outputs = new double[coalitions.length * width];
      }
      game.values(coalitions, outputs);
      for (int c = 0; c < coalitions.length; c++) {
        out[c] = -loss.of(label, outputs, c * width);
      }
    }
  }

  /** No draws yet. */
  public Draws start() {
    return new Draws(game.players(), 1);
  }

  /**
   * Adds draws.
   *
   * @param function what is random
   * @param rows drawn in proportion to their weights
   * @param from the first draw
   * @param to after the last one
   * @throws IllegalArgumentException if a loss is not finite, or no row has a weight
   */
  public void add(Keyed function, Examples rows, long from, long to, Draws draws) {
    Keyed whichRow = function.derive(0);
    Keyed order = function.derive(1);
    BitSet all = new BitSet();
    all.set(0, game.players());
    double[] ends = new double[2];
    double[] upTo = upTo(rows);
    long before = game.evaluations();
    for (long r = from; r < to; r++) {
      int at = drawn(upTo, whichRow.uniform(r, 0));
      Game row = ofRow(game.explain(rows.features(), at), loss, rows.label()[at]);
      Shapley.finite(row, new BitSet[] {new BitSet(), all}, ends);
      draws.add(Shapley.pair(row, order, r, ends));
    }
    draws.addEvaluations(game.evaluations() - before);
  }

  /** Sums of weights up to each row. */
  private static double[] upTo(Examples rows) {
    double[] upTo = new double[rows.size()];
    double sum = 0;
    for (int i = 0; i < upTo.length; i++) {
      sum += rows.weight()[i];
      upTo[i] = sum;
    }
    if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          rows.size() + " rows that weigh " + sum + ": must be some, of positive weight");
    }
    return upTo;
  }

  /** The first row whose sum is above that share of all. */
  private static int drawn(double[] upTo, double share) {
    double place = share * upTo[upTo.length - 1];
    int low = 0;
    int high = upTo.length - 1;
    while (low < high) {
      int middle = low + high >>> 1;
      if (upTo[middle] > place) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Draws until they are precise. */
  public Draws sampled(Keyed function, Examples rows, Precision precision) {
    Draws draws = start();
    while (!precision.isReachedBy(draws)) {
      add(function, rows, draws.count(), precision.next(draws.count()), draws);
    }
    return draws;
  }

  /**
   * The exact values for these rows, by their weights, and this background.
   *
   * @throws IllegalArgumentException if there are more than {@value Shapley#MOST} players, or no
   *     row has a weight
   */
  public Attribution exact(Examples rows) {
    int players = Shapley.few(game.players());
    double[] upTo = upTo(rows);
    BitSet[] coalitions = new BitSet[1 << players];
    Arrays.setAll(coalitions, c -> BitSet.valueOf(new long[] {c}));
    double[] values = new double[coalitions.length];
    double[] sum = new double[coalitions.length];
    for (int i = 0; i < rows.size(); i++) {
      double weight = rows.weight()[i];
      if (weight > 0) {
        Shapley.finite(
            ofRow(game.explain(rows.features(), i), loss, rows.label()[i]), coalitions, values);
        for (int c = 0; c < values.length; c++) {
          sum[c] += weight * values[c];
        }
      }
    }
    for (int c = 0; c < sum.length; c++) {
      sum[c] /= upTo[upTo.length - 1];
    }
    return Shapley.exact(players, 1, sum);
  }
}
