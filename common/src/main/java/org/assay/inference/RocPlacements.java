package org.assay.inference;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * The structural components of the areas under the ROC curves of L models on the same items, after
 * DeLong: all that their variances and covariances need. Exactly mergeable: the same items give the
 * same numbers to the bit, in any order and in any parts.
 *
 * <p>The placement of an item is twice the number of items of the other class that it is ranked
 * rightly against, ties counting half: for a positive, 2 (negatives with a lower score) +
 * (negatives with an equal score); for a negative, 2 (positives with a higher score) + (positives
 * with an equal score). With p positives, q negatives, and u<sub>ir</sub> the placement of positive
 * i by model r:
 *
 * <pre>
 *   area of r         = sum_i u_ir / (2 p q)
 *   covariance (r, s) = S(u_r, u_s) / p + S(v_r, v_s) / q
 *   S(u_r, u_s)       = sum_i (u_ir / 2q - area_r) (u_is / 2q - area_s) / (p - 1)
 * </pre>
 *
 * and likewise for the placements v of the negatives. These are DeLong's; {@link #of} gets the
 * placements by sorting, O(n log n), as Sun and Xu get them from midranks.
 *
 * <p>Whoever has too many items for one array ranks them elsewhere, gives the placements of each to
 * {@link #add}, and merges.
 *
 * <p><b>Edge results.</b> An area is NaN when there is no positive or no negative. A covariance is
 * NaN unless there are two of each.
 *
 * <p><b>Accuracy.</b> Sums are whole numbers of 64 and 128 bits, differences are taken exactly, and
 * each result is within 4 units of the last place. <b>Limits.</b> 2<sup>30</sup> items of each
 * class. Items have no weights: DeLong's variance has none. Not thread-safe.
 *
 * <p>Sources: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas under two
 * or more correlated receiver operating characteristic curves", Biometrics 44, 1988,
 * doi:10.2307/2531595. X. Sun and W. Xu, "Fast implementation of DeLong's algorithm", IEEE Signal
 * Processing Letters 21, 2014, doi:10.1109/LSP.2014.2337313.
 */
public final class RocPlacements implements Evidence {
  private static final long serialVersionUID = 1L;
  private static final long MOST_ITEMS = 1L << 30;

  private final int models;
  private final Side positives;
  private final Side negatives;

  /** No items yet. */
  public RocPlacements(int models) {
    if (models < 1) {
      throw new IllegalArgumentException("placements of " + models + " models: must be 1 or more");
    }
    this.models = models;
    positives = new Side(models);
    negatives = new Side(models);
  }

  /**
   * The placements of items whose scores fit into memory.
   *
   * @param isPositive the label of each item
   * @param scores for each model the score of each item; a higher one speaks for positive
   * @throws IllegalArgumentException if a length differs or a score is NaN
   */
  public static RocPlacements of(boolean[] isPositive, double[]... scores) {
    RocPlacements sums = new RocPlacements(scores.length);
    int n = isPositive.length;
    int p = 0;
    for (boolean positive : isPositive) {
      p += positive ? 1 : 0;
    }
    double[][] ofPositives = new double[scores.length][p];
    double[][] ofNegatives = new double[scores.length][n - p];
    for (int r = 0; r < scores.length; r++) {
      if (scores[r].length != n) {
        throw new IllegalArgumentException(
            scores[r].length + " scores for " + n + " labels: must be one for each");
      }
      int i = 0;
      int j = 0;
      for (int item = 0; item < n; item++) {
        double score = scores[r][item];
        if (Double.isNaN(score)) {
          throw new IllegalArgumentException("score of item " + item + " is NaN: must be a number");
        }
        if (isPositive[item]) {
          ofPositives[r][i++] = score;
        } else {
          ofNegatives[r][j++] = score;
        }
      }
      Arrays.sort(ofPositives[r]);
      Arrays.sort(ofNegatives[r]);
    }
    long[] placements = new long[scores.length];
    for (int item = 0; item < n; item++) {
      double[][] others = isPositive[item] ? ofNegatives : ofPositives;
      for (int r = 0; r < placements.length; r++) {
        double score = scores[r][item];
        long below = Sorted.below(others[r], score);
        long notAbove = Sorted.notAbove(others[r], score);
        placements[r] =
            isPositive[item] ? below + notAbove : 2L * others[r].length - below - notAbove;
      }
      sums.add(isPositive[item], placements);
    }
    return sums;
  }

  /**
   * Adds one item.
   *
   * @param isPositive its label
   * @param placements its placement by each model, from 0 to twice the number of items of the other
   *     class; not kept
   */
  public void add(boolean isPositive, long... placements) {
    (isPositive ? positives : negatives).add(placements);
  }

  /** Adds all items of the other, which stays unchanged. */
  public void merge(RocPlacements other) {
    if (models != other.models) {
      throw new IllegalArgumentException(
          "placements of " + models + " and of " + other.models + " models: must be the same");
    }
    positives.merge(other.positives);
    negatives.merge(other.negatives);
  }

  /** The same items seen by one or some of the models, in this order. */
  public RocPlacements select(int... chosen) {
    RocPlacements some = new RocPlacements(chosen.length);
    some.positives.take(positives, chosen);
    some.negatives.take(negatives, chosen);
    return some;
  }

  @Override
  public Kind kind() {
    return Kind.ROC_PLACEMENTS;
  }

  /** Number of models. */
  public int models() {
    return models;
  }

  /** Number of positive items. */
  public long positives() {
    return positives.n;
  }

  /** Number of negative items. */
  public long negatives() {
    return negatives.n;
  }

  /** Number of items. */
  public long n() {
    return positives.n + negatives.n;
  }

  /** The area under the curve of a model; NaN without a positive or without a negative. */
  public double area(int model) {
    return quotient(BigInteger.valueOf(positives.sums[model]), pairs());
  }

  /** Area of model r minus area of model s, without rounding between. */
  public double areaDifference(int r, int s) {
    return quotient(BigInteger.valueOf(positives.sums[r] - positives.sums[s]), pairs());
  }

  /** The variance of the area of a model; NaN without two positives and two negatives. */
  public double variance(int model) {
    return covariance(model, model);
  }

  /** The covariance of the areas of two models; NaN without two positives and two negatives. */
  public double covariance(int r, int s) {
    return variance(positives.deviations(r, s), negatives.deviations(r, s));
  }

  /** The variance of the difference of the areas of two models. */
  public double differenceVariance(int r, int s) {
    return variance(positives.contrast(r, s), negatives.contrast(r, s));
  }

  /** Why there is no variance; empty when there is one. */
  public String defect() {
    if (n() == 0) {
      return "no items";
    }
    if (positives.n < 2 || negatives.n < 2) {
      return positives.n
          + " positive and "
          + negatives.n
          + " negative items: the variance needs two of each";
    }
    return "";
  }

  private BigInteger pairs() {
    return BigInteger.valueOf(2 * positives.n).multiply(BigInteger.valueOf(negatives.n));
  }

  /** From n * sum of squared deviations on each side, in units of placements. */
  private double variance(BigInteger ofPositives, BigInteger ofNegatives) {
    return part(ofPositives, positives.n, negatives.n)
        + part(ofNegatives, negatives.n, positives.n);
  }

  /** deviations / (own^2 (own - 1) (2 other)^2). */
  private static double part(BigInteger deviations, long own, long other) {
    BigInteger m = BigInteger.valueOf(own);
    BigInteger q = BigInteger.valueOf(2 * other);
    return quotient(
        deviations, m.multiply(m).multiply(m.subtract(BigInteger.ONE)).multiply(q).multiply(q));
  }

  private static double quotient(BigInteger a, BigInteger b) {
    return b.signum() <= 0 ? Double.NaN : a.doubleValue() / b.doubleValue();
  }

  /** The items of one class: their number, sums of placements, and sums of products of 128 bits. */
  private static final class Side implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int models;
    private long n;
    private final long[] sums;

    /** Products of r and s at r * models + s, r &lt;= s: the low and the high 64 bits. */
    private final long[] low;

    private final long[] high;

    Side(int models) {
      this.models = models;
      sums = new long[models];
      low = new long[models * models];
      high = new long[models * models];
    }

    void add(long[] placements) {
      if (placements.length != models) {
        throw new IllegalArgumentException(
            placements.length + " placements for " + models + " models: must be one for each");
      }
      grow(1);
      for (int r = 0; r < models; r++) {
        long u = placements[r];
        if (u < 0 || u > 2 * MOST_ITEMS) {
          throw new IllegalArgumentException(
              "placement " + u + ": must be between 0 and twice the items of the other class");
        }
        sums[r] += u;
        for (int s = r; s < models; s++) {
          add(r * models + s, u * placements[s], Math.multiplyHigh(u, placements[s]));
        }
      }
    }

    void merge(Side other) {
      grow(other.n);
      for (int r = 0; r < models; r++) {
        sums[r] += other.sums[r];
      }
      for (int at = 0; at < low.length; at++) {
        add(at, other.low[at], other.high[at]);
      }
    }

    void take(Side other, int[] chosen) {
      n = other.n;
      for (int r = 0; r < models; r++) {
        sums[r] = other.sums[chosen[r]];
        for (int s = r; s < models; s++) {
          int from = other.at(chosen[r], chosen[s]);
          low[at(r, s)] = other.low[from];
          high[at(r, s)] = other.high[from];
        }
      }
    }

    private void grow(long items) {
      n += items;
      if (n > MOST_ITEMS) {
        throw new IllegalArgumentException(
            n + " items of one class: must be at most 2^30 for DeLong's variance");
      }
    }

    private void add(int at, long lowBits, long highBits) {
      low[at] += lowBits;
      high[at] += highBits + (Long.compareUnsigned(low[at], lowBits) < 0 ? 1 : 0);
    }

    private int at(int r, int s) {
      return Math.min(r, s) * models + Math.max(r, s);
    }

    private BigInteger product(int r, int s) {
      int at = at(r, s);
      BigInteger bits = BigInteger.valueOf(low[at]);
      if (low[at] < 0) {
        bits = bits.add(BigInteger.ONE.shiftLeft(64));
      }
      return BigInteger.valueOf(high[at]).shiftLeft(64).add(bits);
    }

    /** n * sum over items of (u_r - mean)(u_s - mean), a whole number. */
    BigInteger deviations(int r, int s) {
      return product(r, s)
          .multiply(BigInteger.valueOf(n))
          .subtract(BigInteger.valueOf(sums[r]).multiply(BigInteger.valueOf(sums[s])));
    }

    /** n * sum over items of the squared deviations of u_r - u_s. */
    BigInteger contrast(int r, int s) {
      return deviations(r, r).add(deviations(s, s)).subtract(deviations(r, s).shiftLeft(1));
    }
  }
}
