package org.assay.importance;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The game in which features of one row are told to a model: the value of a coalition is the
 * model's mean output over a background, when the coalition's features are the row's and the other
 * players' features are those of a background row.
 *
 * <pre>
 *   v(S) = mean over background rows b of f(x_S, b_rest)
 * </pre>
 *
 * <p>These are interventional (marginal) values: features of the coalition and of the background
 * are put together as if they were independent, so that rows may arise which nobody has seen.
 * Features of no player keep the row's own values throughout.
 *
 * <p>A coalition costs as many predictions as the background has rows. Not thread-safe.
 *
 * <p>Source: D. Janzing, L. Minorics and P. Bloebaum, "Feature relevance quantification in
 * explainable AI: a causal problem", AISTATS 2020.
 */
public final class Interventional implements Game {
  /** Rows of a call of the model. */
  private static final int BATCH = 4096;

  private final RowFunction model;
  private final FeatureGroups players;
  private final double[] background;
  private final int size;
  private final double[] row;
  private final double[] batch;
  private final double[] found;
  private long evaluations;

  /**
   * The game of a model and a background; {@link #explain} says of which row.
   *
   * @param players disjoint groups of features
   * @param background row after row; not changed
   * @param size number of background rows, at least 1
   * @throws IllegalArgumentException if the players share features, or sizes differ
   */
  public Interventional(RowFunction model, FeatureGroups players, double[] background, int size) {
    if (players.width() != model.width()) {
      throw new IllegalArgumentException(
          "groups of " + players.width() + " features of a model with " + model.width());
    }
    if (size < 1 || background.length < (long) size * model.width()) {
      throw new IllegalArgumentException(
          "a background of "
              + size
              + " rows in "
              + background.length
              + " numbers: must be at least one row of "
              + model.width());
    }
    this.model = model;
    this.players = players.disjoint();
    this.background = background;
    this.size = size;
    this.row = new double[model.width()];
    this.batch = new double[BATCH * model.width()];
    this.found = new double[BATCH * model.outputs()];
  }

  /**
   * From now on the game is that of this row.
   *
   * @param rows row after row
   * @param at its number
   */
  public Interventional explain(double[] rows, int at) {
    System.arraycopy(rows, at * row.length, row, 0, row.length);
    return this;
  }

  /** How many rows were predicted so far. */
  public long evaluations() {
    return evaluations;
  }

  @Override
  public int players() {
    return players.size();
  }

  @Override
  public int outputs() {
    return model.outputs();
  }

  @Override
  public void values(BitSet[] coalitions, double[] out) {
    int outputs = model.outputs();
    Arrays.fill(out, 0, coalitions.length * outputs, 0);
    boolean[] own = new boolean[row.length];
    long rows = (long) coalitions.length * size;
    int waiting = 0;
    long sent = 0;
    for (int c = 0; c < coalitions.length; c++) {
      Arrays.fill(own, true);
      for (int p = 0; p < players.size(); p++) {
        for (int feature : players.features()[p]) {
          own[feature] = coalitions[c].get(p);
        }
      }
      for (int b = 0; b < size; b++) {
        for (int j = 0; j < own.length; j++) {
          batch[waiting * own.length + j] = own[j] ? row[j] : background[b * own.length + j];
        }
        if (++waiting == BATCH || sent + waiting == rows) {
          model.predict(batch, waiting, found);
          for (int i = 0; i < waiting; i++) {
            int to = (int) ((sent + i) / size) * outputs;
            for (int k = 0; k < outputs; k++) {
              out[to + k] += found[i * outputs + k];
            }
          }
          sent += waiting;
          waiting = 0;
        }
      }
    }
    evaluations += sent;
    for (int i = 0; i < coalitions.length * outputs; i++) {
      out[i] /= size;
    }
  }
}
