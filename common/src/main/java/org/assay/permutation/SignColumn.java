package org.assay.permutation;

import java.util.Arrays;

/**
 * Numbers that are -1, 0 or 1, summed by counting bits. Of a word with the rows that are not 0 in
 * {@code any} and those that are -1 in {@code minus}, the sum over a subset s is
 *
 * <pre>  |s &amp; any &amp; ~minus| - |s &amp; minus| = |(s ^ minus) &amp; any| - |minus|  </pre>
 *
 * <p>one count for up to 64 rows. Each word is held once for every slice that has a row in it which
 * is not 0.
 */
final class SignColumn extends Column {
  private static final long serialVersionUID = 1L;

  /** Of each word, where its pairs of masks start. */
  private final int[] starts;

  private final int[] codes;
  private final long[] any;
  private final long[] minus;

  SignColumn(Shape shape, Entries entries) {
    super(shape, entries);
    int[] firsts = entries.starts(shape.shift(), shape.words());
    int[] slicesFound = new int[entries.size];
    long[] anyFound = new long[entries.size];
    long[] minusFound = new long[entries.size];
    this.starts = new int[firsts.length];
    int found = 0;
    for (int word = 0; word < firsts.length - 1; word++) {
      int start = found;
      for (int e = firsts[word]; e < firsts[word + 1]; e++) {
        int i = start;
        while (i < found && slicesFound[i] != entries.codes[e]) {
          i++;
        }
        if (i == found) {
          slicesFound[found++] = entries.codes[e];
        }
        long bit = 1L << (shape.shift() + entries.rows[e]);
        anyFound[i] |= bit;
        minusFound[i] |= entries.units[e] < 0 ? bit : 0;
      }
      starts[word + 1] = found;
    }
    this.codes = Arrays.copyOf(slicesFound, found);
    this.any = Arrays.copyOf(anyFound, found);
    this.minus = Arrays.copyOf(minusFound, found);
  }

  @Override
  Entries entries() {
    Entries entries = new Entries();
    for (int word = 0; word < starts.length - 1; word++) {
      for (int i = starts[word]; i < starts[word + 1]; i++) {
        for (long rest = any[i]; rest != 0; rest &= rest - 1) {
          int place = Long.numberOfTrailingZeros(rest);
          long unit = (minus[i] >>> place & 1) == 0 ? 1 : -1;
          entries.add((word << 6) - shape().shift() + place, codes[i], unit);
        }
      }
    }
    return entries;
  }

  @Override
  void add(int word, Batch batch, int output) {
    for (int i = starts[word]; i < starts[word + 1]; i++) {
      long[] sums = batch.sums[output + codes[i]];
      count(any[i], minus[i], batch.words, batch.count, sums);
    }
  }

  private static void count(long any, long minus, long[] words, int count, long[] sums) {
    int less = Long.bitCount(minus);
    for (int r = 0; r < count; r++) {
      sums[r] += Long.bitCount((words[r] ^ minus) & any) - less;
    }
  }
}
