package org.assay.importance;

import java.io.Serializable;
import java.util.Arrays;
import org.assay.metric.ExactSum;

/**
 * Means of independent draws of the players' contributions, with their standard errors. Draws of
 * disjoint ranges merge to those of their union, to the bit, in any order. Not thread-safe.
 */
public final class Draws implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int outputs;
  private final ExactSum[] sums;
  private final ExactSum[] squares;
  private long count;
  private long evaluations;

  /** No draws yet of so many players' contributions to so many outputs. */
  public Draws(int players, int outputs) {
    this.outputs = outputs;
    this.sums = new ExactSum[players * outputs];
    this.squares = new ExactSum[players * outputs];
    Arrays.setAll(sums, i -> new ExactSum());
    Arrays.setAll(squares, i -> new ExactSum());
  }

  /** Adds one draw: contributions by player and output. */
  void add(double[] contributions) {
    for (int i = 0; i < sums.length; i++) {
      sums[i].add(contributions[i]);
      squares[i].addProduct(contributions[i], contributions[i]);
    }
    count++;
  }

  /** Counts predictions that the draws have cost. */
  void addEvaluations(long more) {
    evaluations += more;
  }

  /** Adds the draws of {@code other}, which are none of these. */
  public void merge(Draws other) {
    for (int i = 0; i < sums.length; i++) {
      sums[i].merge(other.sums[i]);
      squares[i].merge(other.squares[i]);
    }
    count += other.count;
    evaluations += other.evaluations;
  }

  /** Number of draws. */
  public long count() {
    return count;
  }

  /** Number of rows that were predicted for them. */
  public long evaluations() {
    return evaluations;
  }

  /** The mean contribution of a player; NaN without draws. */
  public double value(int player, int output) {
    return sums[player * outputs + output].value() / count;
  }

  /** The standard error of {@link #value}; NaN with fewer than two draws. */
  public double standardError(int player, int output) {
    int i = player * outputs + output;
    if (count < 2) {
      return Double.NaN;
    }
    double sum = sums[i].value();
    double variance = (squares[i].value() - sum * (sum / count)) / (count - 1);
    // Equal draws leave what rounding leaves of their squares.
    return variance <= 1e-15 * (squares[i].value() / (count - 1)) ? 0 : Math.sqrt(variance / count);
  }

  /**
   * The largest standard error as a share of the spread of the values, the largest over outputs; 0
   * where both are 0.
   */
  public double largestError() {
    double largest = 0;
    for (int k = 0; k < outputs; k++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      double error = 0;
      for (int p = 0; p < sums.length / outputs; p++) {
        low = Math.min(low, value(p, k));
        high = Math.max(high, value(p, k));
        error = Math.max(error, standardError(p, k));
      }
      // A single player's spread is from 0.
      double spread = sums.length == outputs ? Math.abs(high) : high - low;
      largest = Math.max(largest, error == 0 ? 0 : error / spread);
    }
    return largest;
  }
}
