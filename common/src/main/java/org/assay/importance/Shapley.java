package org.assay.importance;

import java.util.Arrays;
import java.util.BitSet;
import org.assay.random.Keyed;
import org.assay.random.Permutation;

/**
 * Shapley values: what each player adds to the value of those before it, on average over all orders
 * of the players.
 *
 * <pre>
 *   phi_i = sum over coalitions S without i of |S|! (p - |S| - 1)! / p! (v(S + i) - v(S))
 * </pre>
 *
 * <p>The values sum to v(all) - v(nobody), which is checked to 1e-9 of the largest value involved.
 *
 * <p>{@link #exact} looks at all 2<sup>p</sup> coalitions. {@link #sampled} draws orders in
 * antithetic pairs, an order and its reverse: what a pair gives on average is one draw. The
 * standard errors are those of means of independent draws; they say how far the exact values of
 * this game may be, not how far another background's would be. Pairs are exact where no more than
 * two players interact at a time: whatever two players gain together goes half to each in every
 * pair.
 *
 * <p>A value that is NaN or infinite is refused, with the coalition it was found for.
 *
 * <p>Sources: L. S. Shapley, "A value for n-person games", Contributions to the theory of games II,
 * 1953, 307-317; E. Strumbelj and I. Kononenko, "Explaining prediction models and individual
 * predictions with feature contributions", Knowledge and Information Systems 41 (2014),
 * doi:10.1007/s10115-013-0679-x; for antithetic orders R. Mitchell, J. Cooper, E. Frank and G.
 * Holmes, "Sampling permutations for Shapley value estimation", JMLR 23 (2022).
 */
public final class Shapley {
  /** Most players of an exact computation. */
  public static final int MOST = 12;

  /** Coalitions of a call of the game. */
  private static final int BATCH = 256;

  private Shapley() {}

  /**
   * The exact values.
   *
   * @throws IllegalArgumentException if there are more than {@value #MOST} players, or a value is
   *     not finite
   */
  public static Attribution exact(Game game) {
    int players = few(game.players());
    int outputs = game.outputs();
    int count = 1 << players;
    double[] value = new double[count * outputs];
    double[] found = new double[BATCH * outputs];
    for (int from = 0; from < count; from += BATCH) {
      BitSet[] coalitions = new BitSet[Math.min(BATCH, count - from)];
      for (int c = 0; c < coalitions.length; c++) {
        coalitions[c] = BitSet.valueOf(new long[] {from + c});
      }
      finite(game, coalitions, found);
      System.arraycopy(found, 0, value, from * outputs, coalitions.length * outputs);
    }
    return exact(players, outputs, value);
  }

  /** So many players, if all their coalitions can be looked at. */
  static int few(int players) {
    if (players > MOST) {
      throw new IllegalArgumentException(
          players
              + " players have 2^"
              + players
              + " coalitions: at most "
              + MOST
              + " are looked at all; sample orders, or make larger groups");
    }
    return players;
  }

  /**
   * The exact values of a game that is known.
   *
   * @param value by coalition and output; bit i of a coalition's number says whether i is in it
   */
  static Attribution exact(int players, int outputs, double[] value) {
    double[] weight = new double[players];
    for (int s = 0; s < players; s++) {
      // 1 / (p C(p - 1, s))
      double orders = players;
      for (int i = 1; i <= s; i++) {
        orders = orders * (players - i) / i;
      }
      weight[s] = 1 / orders;
    }
    int count = 1 << players;
    double[][] phi = new double[players][outputs];
    for (int i = 0; i < players; i++) {
      int bit = 1 << i;
      for (int s = 0; s < count; s++) {
        if ((s & bit) == 0) {
          double w = weight[Integer.bitCount(s)];
          for (int k = 0; k < outputs; k++) {
            phi[i][k] += w * (value[(s | bit) * outputs + k] - value[s * outputs + k]);
          }
        }
      }
    }
    return new Attribution(
            phi,
            new double[players][outputs],
            Arrays.copyOf(value, outputs),
            Arrays.copyOfRange(value, (count - 1) * outputs, count * outputs),
            0)
        .checked();
  }

  /**
   * Values from sampled orders.
   *
   * @param function what is random; pair r is made from its replicate r
   * @param precision when to stop
   * @throws IllegalArgumentException if a value is not finite
   */
  public static Attribution sampled(Game game, Keyed function, Precision precision) {
    int players = game.players();
    int outputs = game.outputs();
    double[] ends = new double[2 * outputs];
    BitSet all = new BitSet();
    all.set(0, players);
    finite(game, new BitSet[] {new BitSet(), all}, ends);
    Draws draws = new Draws(players, outputs);
    while (!precision.isReachedBy(draws)) {
      for (int next = precision.next(draws.count()); draws.count() < next; ) {
        draws.add(pair(game, function, draws.count(), ends));
      }
    }
    double[][] phi = new double[players][outputs];
    double[][] error = new double[players][outputs];
    for (int i = 0; i < players; i++) {
      for (int k = 0; k < outputs; k++) {
        phi[i][k] = draws.value(i, k);
        error[i][k] = draws.standardError(i, k);
      }
    }
    return new Attribution(
            phi,
            error,
            Arrays.copyOf(ends, outputs),
            Arrays.copyOfRange(ends, outputs, 2 * outputs),
            draws.count())
        .checked();
  }

  /**
   * What players add in an order and in its reverse, on average.
   *
   * @param ends values of nobody and of all
   * @return by player and output
   */
  static double[] pair(Game game, Keyed function, long replicate, double[] ends) {
    int players = game.players();
    int outputs = game.outputs();
    Permutation order = Permutation.of(function, replicate, players);
    BitSet[] coalitions = new BitSet[2 * Math.max(0, players - 1)];
    BitSet before = new BitSet();
    for (int i = 0; i + 1 < players; i++) {
      before.set((int) order.at(i));
      coalitions[i] = (BitSet) before.clone();
      // The reverse order's first players - 1 - i are those that are not yet there.
      BitSet rest = (BitSet) before.clone();
      rest.flip(0, players);
      coalitions[players - 1 + i] = rest;
    }
    double[] value = new double[coalitions.length * outputs];
    finite(game, coalitions, value);
    double[] added = new double[players * outputs];
    for (int i = 0; i < players; i++) {
      int player = (int) order.at(i);
      for (int k = 0; k < outputs; k++) {
        double less = i == 0 ? ends[k] : value[(i - 1) * outputs + k];
        double more = i == players - 1 ? ends[outputs + k] : value[i * outputs + k];
        double after = i == players - 1 ? ends[k] : value[(players - 1 + i) * outputs + k];
        double with = i == 0 ? ends[outputs + k] : value[(players - 2 + i) * outputs + k];
        added[player * outputs + k] = (more - less) / 2 + (with - after) / 2;
      }
    }
    return added;
  }

  static void finite(Game game, BitSet[] coalitions, double[] out) {
    if (coalitions.length == 0) {
      return;
    }
    game.values(coalitions, out);
    for (int i = 0; i < coalitions.length * game.outputs(); i++) {
      if (!Double.isFinite(out[i])) {
        throw new IllegalArgumentException(
            "the coalition "
                + coalitions[i / game.outputs()]
                + " has the value "
                + out[i]
                + ": must be finite");
      }
    }
  }
}
