package org.assay.inference;

import java.util.function.DoubleUnaryOperator;

/**
 * Tango's score test and interval for the difference of two proportions of the same items. With b
 * items that only model a got right, c that only model b did, n in all, the score for a true
 * difference d is
 *
 * <pre>
 *   z(d) = (b - c - n d) / sqrt(n (2 q + d (1 - d)))
 * </pre>
 *
 * where q is the probability of "only b right" that is likeliest given d: the larger root of 2n
 * q<sup>2</sup> + ((2n - b + c) d - b - c) q - c d (1 - d) = 0. The interval holds the d with
 * |z(d)| &lt;= the normal quantile.
 *
 * <p>z(0) squared is McNemar's uncorrected statistic, so the interval leaves out 0 exactly when
 * that test rejects. Its coverage is near the level for small n and rare disagreement, where Wald's
 * fails; it has a width even when the models never disagree.
 *
 * <p><b>Edge results.</b> Undefined without items; z(0) is NaN without disagreement. Ends are found
 * by bisection to the last bit. Exchanging a and b negates z and the interval exactly.
 *
 * <p>Source: T. Tango, "Equivalence test and confidence interval for the difference in proportions
 * for the paired-sample design", Statistics in Medicine 17, 1998,
 * doi:10.1002/(SICI)1097-0258(19980430)17:8&lt;891::AID-SIM780&gt;3.0.CO;2-B.
 */
public final class Tango {
  /** The name of the method in reports. */
  public static final String METHOD = "tango";

  private Tango() {}

  /** The interval for accuracy of a minus accuracy of b. */
  public static Interval of(PairedOutcomes outcomes, double level) {
    Interval.checkLevel(level);
    if (outcomes.n() == 0) {
      return Interval.undefined(METHOD, level);
    }
    double z = StudentT.normalQuantile((1 - level) / 2);
    return new Interval(METHOD, level, -high(outcomes.swapped(), z), high(outcomes, z));
  }

  /**
   * The score for a true difference d in [-1, 1]: positive when the observed difference is above.
   * NaN without items, and for d = 0 without disagreement.
   */
  public static double score(PairedOutcomes outcomes, double d) {
    return d < 0 ? -ofPositive(outcomes.swapped(), -d) : ofPositive(outcomes, d);
  }

  private static double ofPositive(PairedOutcomes o, double d) {
    double n = o.n();
    double b = o.onlyA();
    double c = o.onlyB();
    double linear = (2 * n - b + c) * d - b - c;
    double constant = c * d * (1 - d);
    double root = Math.sqrt(linear * linear + 8 * n * constant);
    // Of the two forms of the root, the one that does not subtract.
    double q = linear < 0 ? (root - linear) / (4 * n) : 2 * constant / (linear + root);
    if (linear == 0 && root == 0) {
      q = 0;
    }
    return (b - c - n * d) / Math.sqrt(n * (2 * q + d * (1 - d)));
  }

  /** The largest d with score at least -z. */
  private static double high(PairedOutcomes o, double z) {
    DoubleUnaryOperator score = d -> score(o, d);
    double in = o.difference();
    double out = 1;
    if (score.applyAsDouble(out) >= -z) {
      return out;
    }
    while (true) {
      double middle = in + (out - in) / 2;
      if (middle <= in || middle >= out) {
        return in;
      }
      if (score.applyAsDouble(middle) >= -z) {
        in = middle;
      } else {
        out = middle;
      }
    }
  }
}
