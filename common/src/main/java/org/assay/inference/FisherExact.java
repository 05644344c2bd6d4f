package org.assay.inference;

/**
 * Fisher's exact test of two proportions, and its extension to strata: whether failures are as
 * likely in group a as in group b, when all that is known is that within a stratum all units are
 * exchangeable under the hypothesis.
 *
 * <p>Given the margins of each stratum, its failures in group a are hypergeometric, and S, their
 * sum over the strata, has the convolution of these distributions.
 *
 * <pre>
 *   greater    P(S &gt;= s)
 *   less       P(S &lt;= s)
 *   two-sided  the sum of all P(S = x) that are at most P(S = s), to a relative 1e-7
 * </pre>
 *
 * <p><b>Edge results.</b> A stratum without failures, without anything else, or with one group only
 * says nothing and changes nothing. When no stratum says anything, p is 1. Always in (0, 1], but
 * for probabilities below the smallest double. The relative error is below 1e-11 for sums of up to
 * 10<sup>4</sup> failures. Takes time in proportion to the square of the number of failures that
 * could change places. Not thread-safe; the static functions are.
 *
 * <p>Sources: R. A. Fisher, Statistical Methods for Research Workers, 5th ed., 1934; J. J. Gart,
 * "Point and interval estimation of the common odds ratio in the combination of 2 x 2 tables with
 * fixed marginals", Biometrika 57, 1970, 471-475. Two-sided as in R's fisher.test and
 * mantelhaen.test(exact = TRUE).
 */
public final class FisherExact {
  /** The name in reports. */
  public static final String NAME = "fisher-exact";

  private static final double TIES = 1 + 1e-7;

  /** P(S = low + i). */
  private double[] probabilities = {1};

  private long low;
  private long observed;

  /** A test without strata yet. */
  public FisherExact() {}

  /** P(failures in a are as many or more), of two groups. */
  public static double greater(long failuresA, long a, long failuresB, long b) {
    return one(failuresA, a, failuresB, b).greater();
  }

  /** The two-sided p-value of two groups. */
  public static double twoSided(long failuresA, long a, long failuresB, long b) {
    return one(failuresA, a, failuresB, b).twoSided();
  }

  private static FisherExact one(long failuresA, long a, long failuresB, long b) {
    FisherExact test = new FisherExact();
    test.add(failuresA, a, failuresB, b);
    return test;
  }

  /**
   * Adds a stratum.
   *
   * @param failuresA failures among the units of group a
   * @param a units of group a; may be 0
   * @param failuresB failures among the units of group b
   * @param b units of group b; may be 0
   * @throws IllegalArgumentException if a number of failures is not between 0 and its units, or the
   *     units are more than 10<sup>9</sup>
   */
  public void add(long failuresA, long a, long failuresB, long b) {
    if (failuresA < 0 || failuresB < 0 || failuresA > a || failuresB > b || a + b > 1_000_000_000) {
      throw new IllegalArgumentException(
          failuresA
              + " of "
              + a
              + " and "
              + failuresB
              + " of "
              + b
              + " failed: must be between 0 and the number of units, at most 10^9");
    }
    observed += failuresA;
    long failures = failuresA + failuresB;
    long least = Math.max(0, failures - b);
    long most = Math.min(failures, a);
    low += least;
    if (least < most) {
      probabilities = convolved(probabilities, hypergeometric(least, most, failures, a, b));
    }
  }

  /** Whether any other result was possible: without that, p is 1. */
  public boolean isInformative() {
    return probabilities.length > 1;
  }

  /** P(S &gt;= s): small when failures are more likely in group a. */
  public double greater() {
    double sum = 0;
    for (int i = probabilities.length - 1; i >= observed - low; i--) {
      sum += probabilities[i];
    }
    return Math.min(1, sum);
  }

  /** P(S &lt;= s): small when failures are less likely in group a. */
  public double less() {
    double sum = 0;
    for (int i = 0; i <= observed - low; i++) {
      sum += probabilities[i];
    }
    return Math.min(1, sum);
  }

  /** The two-sided p-value. */
  public double twoSided() {
    double most = probabilities[(int) (observed - low)] * TIES;
    double sum = 0;
    for (double p : probabilities) {
      sum += p <= most ? p : 0;
    }
    return Math.min(1, sum);
  }

  /** From ratios of neighbours, outwards from the mode, so that nothing large cancels. */
  private static double[] hypergeometric(long least, long most, long failures, long a, long b) {
    double[] p = new double[(int) (most - least + 1)];
    long mode = (long) ((failures + 1.0) * (a + 1.0) / (a + b + 2.0));
    int start = (int) (Math.min(most, Math.max(least, mode)) - least);
    p[start] = 1;
    for (int i = start + 1; i < p.length; i++) {
      double x = least + i;
      p[i] = p[i - 1] * ((failures - x + 1) / x) * ((a - x + 1) / (b - failures + x));
    }
    for (int i = start - 1; i >= 0; i--) {
      double x = least + i + 1;
      p[i] = p[i + 1] * (x / (failures - x + 1)) * ((b - failures + x) / (a - x + 1));
    }
    double sum = 0;
    for (double weight : p) {
      sum += weight;
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  private static double[] convolved(double[] p, double[] q) {
    double[] sum = new double[p.length + q.length - 1];
    for (int i = 0; i < p.length; i++) {
      for (int j = 0; j < q.length; j++) {
        sum[i + j] += p[i] * q[j];
      }
    }
    return sum;
  }
}
