package org.assay.design;

/**
 * One block of rows, as far as a design may look at them. Arrays have one entry per row, in
 * canonical order; those that the plan does not ask for are null.
 *
 * @param block number of the block, from 0
 * @param size number of rows in it
 * @param key the rows' 64-bit keys: a hash of the id, or of the content when there is no id
 * @param stratum stratum codes from 0, or null
 * @param group 64-bit keys of the groups, or null
 * @param time the rows' times in any one unit (microseconds for timestamps), or null
 * @param fold codes from 0 of the predefined folds, or null
 */
public record Rows(
    int block, int size, long[] key, int[] stratum, long[] group, long[] time, int[] fold) {

  /** The rows {@code index[0 .. count)} of this block, as a block of the same number. */
  public Rows subset(int[] index, int count) {
    long[] k = new long[count];
    int[] s = stratum == null ? null : new int[count];
    long[] g = group == null ? null : new long[count];
    long[] t = time == null ? null : new long[count];
    int[] f = fold == null ? null : new int[count];
    for (int j = 0; j < count; j++) {
      int i = index[j];
      k[j] = key[i];
      if (s != null) s[j] = stratum[i];
      if (g != null) g[j] = group[i];
      if (t != null) t[j] = time[i];
      if (f != null) f[j] = fold[i];
    }
    return new Rows(block, count, k, s, g, t, f);
  }
}
