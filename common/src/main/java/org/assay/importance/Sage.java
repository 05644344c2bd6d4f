package org.assay.importance;

import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
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
 * <p>A draw is a row, drawn with replacement, and an order of the players with its reverse. Draw r
 * depends on r alone, so that any range can be made anywhere and merged. The standard errors hold
 * for the draw of rows and of orders; the background is taken as it is: a small one makes the model
 * that knows little look worse than it is, and all values a little too large.
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

  /** The same game with what a row's loss is less by for its values. */
  private final class OfRow implements Game {
    private final double label;
    private double[] outputs = new double[0];

    OfRow(double[] rows, int at, double label) {
      game.explain(rows, at);
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
   * @param rows row after row, as many as labels
   * @param from the first draw
   * @param to after the last one
   * @throws IllegalArgumentException if a loss is not finite
   */
  public void add(Keyed function, double[] rows, double[] label, long from, long to, Draws draws) {
    Keyed whichRow = function.derive(0);
    Keyed order = function.derive(1);
    BitSet all = new BitSet();
    all.set(0, game.players());
    double[] ends = new double[2];
    long before = game.evaluations();
    for (long r = from; r < to; r++) {
      int at = (int) whichRow.below(label.length, r, 0);
      OfRow row = new OfRow(rows, at, label[at]);
      Shapley.finite(row, new BitSet[] {new BitSet(), all}, ends);
      draws.add(Shapley.pair(row, order, r, ends));
    }
    draws.addEvaluations(game.evaluations() - before);
  }

  /** Draws until they are precise. */
  public Draws sampled(Keyed function, double[] rows, double[] label, Precision precision) {
    Draws draws = start();
    while (!precision.isReachedBy(draws)) {
      add(function, rows, label, draws.count(), precision.next(draws.count()), draws);
    }
    return draws;
  }

  /**
   * The exact values for these rows and this background.
   *
   * @throws IllegalArgumentException if there are more than {@value Shapley#MOST} players
   */
  public Attribution exact(double[] rows, double[] label) {
    int players = Shapley.few(game.players());
    if (label.length == 0) {
      throw new IllegalArgumentException("no rows to take a loss of");
    }
    BitSet[] coalitions = new BitSet[1 << players];
    Arrays.setAll(coalitions, c -> BitSet.valueOf(new long[] {c}));
    double[] values = new double[coalitions.length];
    double[] sum = new double[coalitions.length];
    for (int i = 0; i < label.length; i++) {
      Shapley.finite(new OfRow(rows, i, label[i]), coalitions, values);
      for (int c = 0; c < values.length; c++) {
        sum[c] += values[c];
      }
    }
    for (int c = 0; c < sum.length; c++) {
      sum[c] /= label.length;
    }
    return Shapley.exact(players, 1, sum);
  }
}
