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

  private final long[] any;
  private final long[] minus;
  private final int[] codes;

  /** Entries [starts[word], starts[word + 1]) are those of a word. */
  private final int[] starts;

  private SignColumn(
      long firstRow, int rows, long[] totals, long[] any, long[] minus, int[] codes, int[] starts) {
    super(firstRow, rows, FixedPoint.WHOLE, totals);
    this.any = any;
    this.minus = minus;
    this.codes = codes;
    this.starts = starts;
  }

  static SignColumn of(long firstRow, long[] values, int[] codes, int slices) {
    int shift = (int) firstRow & 63;
    int words = values.length == 0 ? 0 : (shift + values.length - 1 >>> 6) + 1;
    int[] starts = new int[words + 1];
    long[] any = new long[words];
    long[] minus = new long[words];
    int[] entryCodes = new int[words];
    int entries = 0;
    for (int word = 0; word < words; word++) {
      int first = (word << 6) - shift;
      int start = entries;
      starts[word] = start;
      for (int i = Math.max(0, first), end = Math.min(first + 64, values.length); i < end; i++) {
        if (codes[i] < 0 || values[i] == 0) {
          continue;
        }
        int entry = start;
        while (entry < entries && entryCodes[entry] != codes[i]) {
          entry++;
        }
        if (entry == entries) {
          if (++entries > any.length) {
            int longer = entries + (entries >> 1) + 8;
            any = Arrays.copyOf(any, longer);
            minus = Arrays.copyOf(minus, longer);
            entryCodes = Arrays.copyOf(entryCodes, longer);
          }
          entryCodes[entry] = codes[i];
        }
        long bit = 1L << (i - first);
        any[entry] |= bit;
        minus[entry] |= values[i] < 0 ? bit : 0;
      }
    }
    starts[words] = entries;
    return new SignColumn(
        firstRow,
        values.length,
        totals(values, codes, slices),
        Arrays.copyOf(any, entries),
        Arrays.copyOf(minus, entries),
        Arrays.copyOf(entryCodes, entries),
        starts);
  }

  @Override
  Column slicedBy(int[] codes, int slices) {
    long[] values = new long[rows()];
    for (int word = 0; word < starts.length - 1; word++) {
      int first = (word << 6) - shift();
      for (int entry = starts[word]; entry < starts[word + 1]; entry++) {
        for (long rest = any[entry]; rest != 0; rest &= rest - 1) {
          int bit = Long.numberOfTrailingZeros(rest);
          values[first + bit] = (minus[entry] >>> bit & 1) == 0 ? 1 : -1;
        }
      }
    }
    return of(firstRow(), values, codes, slices);
  }

  @Override
  void add(int word, Batch batch, int at, int output) {
    for (int entry = starts[word]; entry < starts[word + 1]; entry++) {
      count(
          any[entry],
          minus[entry],
          batch.words,
          at,
          batch.count,
          batch.sums[output + codes[entry]],
          batch.offset);
    }
  }

  private static void count(
      long any, long minus, long[] words, int at, int count, long[] sums, int offset) {
    int less = Long.bitCount(minus);
    for (int r = 0; r < count; r++) {
      sums[offset + r] += Long.bitCount((words[at + r] ^ minus) & any) - less;
    }
  }
}
