package org.assay.permutation;

import java.util.Arrays;

/**
 * What a column holds, as a growing list: at a row, in a slice, a number of units. In order of
 * words of 64 rows, and within a slice in order of rows; zeros are left out.
 */
final class Entries {
  int size;
  int[] rows = new int[16];
  int[] codes = new int[16];
  long[] units = new long[16];

  void add(int row, int code, long value) {
    if (value == 0 || code < 0) {
      return;
    }
    if (size == rows.length) {
      int longer = (int) Math.min(2L * size, Integer.MAX_VALUE - 8);
      rows = Arrays.copyOf(rows, longer);
      codes = Arrays.copyOf(codes, longer);
      units = Arrays.copyOf(units, longer);
    }
    rows[size] = row;
    codes[size] = code;
    units[size++] = value;
  }

  /** Whether all are -1 or 1. */
  boolean areSigns() {
    for (int e = 0; e < size; e++) {
      if (Math.abs(units[e]) != 1) {
        return false;
      }
    }
    return true;
  }

  /** The same with other slices. */
  Entries by(int[] codeOfRow) {
    Entries sliced = new Entries();
    for (int e = 0; e < size; e++) {
      sliced.add(rows[e], codeOfRow[rows[e]], units[e]);
    }
    return sliced;
  }

  /**
   * The sums of the entries of each slice in each unit of rows; rows of negative units are left
   * out.
   */
  Entries joined(int[] unitOfRow, int unitCount) {
    int[] starts = new int[unitCount + 1];
    for (int e = 0; e < size; e++) {
      if (unitOfRow[rows[e]] >= 0) {
        starts[unitOfRow[rows[e]] + 1]++;
      }
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] next = starts.clone();
    int[] sorted = new int[starts[unitCount]];
    for (int e = 0; e < size; e++) {
      if (unitOfRow[rows[e]] >= 0) {
        sorted[next[unitOfRow[rows[e]]]++] = e;
      }
    }
    Entries joined = new Entries();
    for (int unit = 0; unit < unitCount; unit++) {
      long[] parts = new long[starts[unit + 1] - starts[unit]];
      for (int i = 0; i < parts.length; i++) {
        // The slice in the high half, so that sorting brings those of one slice together.
        parts[i] = (long) codes[sorted[starts[unit] + i]] << 32 | sorted[starts[unit] + i];
      }
      Arrays.sort(parts);
      for (int i = 0; i < parts.length; ) {
        int code = (int) (parts[i] >>> 32);
        long sum = 0;
        for (; i < parts.length && (int) (parts[i] >>> 32) == code; i++) {
          sum += units[(int) parts[i]];
        }
        joined.add(unit, code, sum);
      }
    }
    return joined;
  }

  /** Where the entries of each word of rows start; row 0 is at {@code shift} of the first word. */
  int[] starts(int shift, int words) {
    int[] starts = new int[words + 1];
    for (int e = 0; e < size; e++) {
      starts[(shift + rows[e] >>> 6) + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    return starts;
  }
}
