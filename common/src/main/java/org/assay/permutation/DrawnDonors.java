package org.assay.permutation;

import org.assay.random.Keyed;

/**
 * Random permutations within strata, by Fisher and Yates' shuffle with keyed draws, so that all
 * permutations are equally likely: the place i of a stratum is filled from the places up to its
 * own. O(rows) per replicate.
 *
 * <p>Source: D. E. Knuth, "The art of computer programming 2", 1997, section 3.4.2, algorithm P.
 */
final class DrawnDonors implements Donors {
  private static final long serialVersionUID = 1L;

  private final Keyed function;
  private final Strata strata;

  DrawnDonors(Keyed function, Strata strata) {
    this.function = function;
    this.strata = strata;
  }

  @Override
  public int rows() {
    return strata.rows();
  }

  @Override
  public long arrangements() {
    return Arrangements.MANY;
  }

  @Override
  public void fill(long replicate, int[] donor) {
    long stream = function.stream(replicate);
    for (int s = 0; s < strata.size(); s++) {
      int start = strata.start(s);
      for (int i = 0, n = strata.rows(s); i < n; i++) {
        long bits = Keyed.at(stream, start + i);
        int j = (int) Math.multiplyHigh(bits >>> 1, i + 1L << 1);
        int row = strata.row(start + i);
        int other = strata.row(start + j);
        donor[row] = donor[other];
        donor[other] = row;
      }
    }
  }
}
