package org.assay.permutation;

import java.util.Arrays;

/**
 * All first samples: of every stratum all subsets of a fixed size. The number of a replicate is
 * written with one digit per stratum, the first stratum's changing fastest; the digit is the number
 * of the subset in the combinatorial number system, sum over its rows c<sub>1</sub> &lt;
 * c<sub>2</sub> &lt; .. of C(c<sub>i</sub>, i).
 *
 * <p>Source: D. E. Knuth, "The art of computer programming 4A", 2011, section 7.2.1.3.
 */
final class AllSelections implements Subsets {
  private static final long serialVersionUID = 1L;

  private final Strata strata;
  private final int[] sizes;
  private final long[] radix;
  private final long arrangements;

  /**
   * @param sizes from 0 to the size of the stratum; not checked
   * @throws IllegalArgumentException if there are more than 2^40 arrangements
   */
  AllSelections(Strata strata, int[] sizes) {
    this.strata = strata;
    this.sizes = sizes.clone();
    this.radix = new long[sizes.length];
    Arrays.setAll(radix, s -> Arrangements.combinations(strata.rows(s), sizes[s]));
    this.arrangements = Arrays.stream(radix).reduce(1, Arrangements::times);
    if (arrangements > Arrangements.MOST) {
      throw new IllegalArgumentException(
          arrangements + " arrangements: must be at most 2^40 to be enumerated; draw from them");
    }
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
  public void fill(long from, int count, long[] words) {
    Arrays.fill(words, 0, count * ((rows() + 63) >>> 6), 0);
    for (int r = 0; r < count; r++) {
      long number = from + r;
      for (int s = 0; s < sizes.length; s++) {
        if (sizes[s] > 0) {
          select(number % radix[s], s, words, count, r);
        }
        number /= radix[s];
      }
    }
  }

  private void select(long number, int s, long[] words, int count, int r) {
    int k = sizes[s];
    long rest = number;
    // below = C(i, k) at each step: no product exceeds 2^40 * 2^22, or n^2 where k is 1.
    long below = radix[s];
    int i = strata.rows(s);
    while (k > 0) {
      below = below * (i - k) / i;
      i--;
      if (rest >= below) {
        rest -= below;
        int place = strata.start(s) + i;
        words[(place >>> 6) * count + r] |= 1L << place;
        below = i == k - 1 ? 1 : below * k / (i - k + 1);
        k--;
      }
    }
  }
}
