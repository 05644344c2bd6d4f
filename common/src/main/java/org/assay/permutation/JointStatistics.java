package org.assay.permutation;

import java.util.Arrays;
import java.util.List;

/**
 * The hypotheses of several statistics, one after the other, replicate by replicate, so that they
 * may be judged jointly.
 *
 * <p>Parts that are made of the same random function and the same strata of the same rows share
 * their arrangements, and so keep the dependence between their statistics. Other parts are drawn
 * independently of each other. Where they are independent under the null hypothesis, as those of
 * disjoint rows, that is what they should be. Where they are positively dependent, as those of a
 * slice and of all rows, max-T takes them for independent and its p-values can only become too
 * large: for normal statistics measured on both sides that is T. Royen's inequality, "A simple
 * proof of the Gaussian correlation conjecture", Far East J. Theoretical Statistics 48 (2014),
 * arXiv:1408.1028.
 */
public final class JointStatistics implements Statistics {
  private static final long serialVersionUID = 1L;

  private final Statistics[] parts;

  /** Of each hypothesis, its part, and its number there. */
  private final int[] part;

  private final int[] within;

  /**
   * All hypotheses of these.
   *
   * @throws IllegalArgumentException if there are several parts and one enumerates its arrangements
   */
  public JointStatistics(List<? extends Statistics> parts) {
    this.parts = parts.toArray(Statistics[]::new);
    int hypotheses = parts.stream().mapToInt(Statistics::hypotheses).sum();
    this.part = new int[hypotheses];
    this.within = new int[hypotheses];
    int next = 0;
    for (int i = 0; i < this.parts.length; i++) {
      if (this.parts.length > 1 && this.parts[i].arrangements() != Arrangements.MANY) {
        throw new IllegalArgumentException(
            "part "
                + i
                + " enumerates "
                + this.parts[i].arrangements()
                + " arrangements: must be drawn to be joined with others");
      }
      for (int k = 0; k < this.parts[i].hypotheses(); k++, next++) {
        part[next] = i;
        within[next] = k;
      }
    }
  }

  @Override
  public int hypotheses() {
    return part.length;
  }

  @Override
  public long arrangements() {
    return parts.length == 1 ? parts[0].arrangements() : Arrangements.MANY;
  }

  @Override
  public double observed(int hypothesis) {
    return parts[part[hypothesis]].observed(within[hypothesis]);
  }

  @Override
  public double center(int hypothesis) {
    return parts[part[hypothesis]].center(within[hypothesis]);
  }

  @Override
  public double spread(int hypothesis) {
    return parts[part[hypothesis]].spread(within[hypothesis]);
  }

  @Override
  public double tolerance(int hypothesis) {
    return parts[part[hypothesis]].tolerance(within[hypothesis]);
  }

  @Override
  public void fill(long from, long to, double[][] values) {
    int first = 0;
    for (Statistics each : parts) {
      each.fill(from, to, Arrays.copyOfRange(values, first, first + each.hypotheses()));
      first += each.hypotheses();
    }
  }
}
