package org.assay.inference;

/**
 * The distribution of V, the sum of those of the given ranks that a fair coin picks: of Wilcoxon's
 * signed-rank statistic under its hypothesis. Exact by convolution, in steps times the sum of
 * ranks; ranks are doubled, so that means of two are whole.
 */
final class SignedRanks {
  /** Up to so many ranks a distribution is computed exactly; above, it is taken for normal. */
  static final int MOST = 200;

  /** P(doubled V = s). */
  private final double[] probability;

  private SignedRanks(double[] probability) {
    this.probability = probability;
  }

  /** The distribution for these doubled ranks, at most {@link #MOST}. */
  static SignedRanks of(long[] doubled) {
    int sum = 0;
    double[] probability = {1};
    for (long rank : doubled) {
      int r = (int) rank;
      double[] next = new double[sum + r + 1];
      for (int s = 0; s <= sum; s++) {
        next[s] += probability[s] / 2;
        next[s + r] += probability[s] / 2;
      }
      probability = next;
      sum += r;
    }
    return new SignedRanks(probability);
  }

  /** The distribution for ranks 1 .. n. */
  static SignedRanks untied(int n) {
    long[] doubled = new long[n];
    for (int i = 0; i < n; i++) {
      doubled[i] = 2L * (i + 1);
    }
    return of(doubled);
  }

  /** P(doubled V &lt;= s). */
  double atMost(long s) {
    double sum = 0;
    for (int i = 0; i <= Math.min(s, probability.length - 1); i++) {
      sum += probability[i];
    }
    return sum;
  }

  /** P(V is as far from its mean as this doubled V, or farther). */
  double twoSided(long s) {
    return Math.min(1, 2 * atMost(Math.min(s, probability.length - 1 - s)));
  }

  /** The smallest whole v with P(V &lt;= v) &gt;= tail. */
  int quantile(double tail) {
    double sum = 0;
    for (int i = 0; i < probability.length; i++) {
      sum += probability[i];
      if (sum >= tail) {
        return i / 2;
      }
    }
    return (probability.length - 1) / 2;
  }
}
