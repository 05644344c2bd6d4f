package org.assay.permutation;

/**
 * All 2^rows signs: row i flips in replicate r when bit i of r is set. Replicate 0 is as observed.
 */
final class AllFlips implements Subsets {
  private static final long serialVersionUID = 1L;

  private final int rows;

  /** Signs of so many rows, at most 62. */
  AllFlips(int rows) {
    this.rows = rows;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public long arrangements() {
    return Arrangements.signs(rows);
  }

  @Override
  public void fill(long from, int count, long[] words) {
    for (int r = 0; r < count && rows > 0; r++) {
      words[r] = from + r;
    }
  }
}
