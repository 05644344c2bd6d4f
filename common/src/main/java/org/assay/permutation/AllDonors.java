package org.assay.permutation;

/**
 * All permutations within strata: the number of a replicate is written in the factorial number
 * system, whose digits are the draws of Fisher and Yates' shuffle.
 *
 * <p>Source: D. E. Knuth, "The art of computer programming 2", 1997, section 3.3.2, algorithm P.
 */
final class AllDonors implements Donors {
  private static final long serialVersionUID = 1L;

  private final Strata strata;
  private final long arrangements;

  AllDonors(Strata strata) {
    this.strata = strata;
    this.arrangements = count(strata);
  }

  static long count(Strata strata) {
    long count = 1;
    for (int s = 0; s < strata.size(); s++) {
      count = Arrangements.times(count, Arrangements.permutations(strata.rows(s)));
    }
    return count;
  }

  @Override
  public int rows() {
    return strata.rows();
  }

  @Override
  public long arrangements() {
    return arrangements;
  }

  @Override
  public void fill(long replicate, int[] donor) {
    long number = replicate;
    for (int s = 0; s < strata.size(); s++) {
      int start = strata.start(s);
      for (int i = 0, n = strata.rows(s); i < n; i++) {
        int j = (int) (number % (i + 1));
        number /= i + 1;
        int row = strata.row(start + i);
        int other = strata.row(start + j);
        donor[row] = donor[other];
        donor[other] = row;
      }
    }
  }
}
