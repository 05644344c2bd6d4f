package org.assay.design;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/** A multiset of whole numbers: the distinct ones in ascending order, and how often each occurs. Immutable by convention. */
record Counts(long[] key, long[] count) implements Serializable {

  static Counts of(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    long[] key = distinct(sorted);
    long[] count = new long[key.length];
    int at = -1;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        at++;
      }
      count[at]++;
    }
    return new Counts(key, count);
  }

  static Counts of(int[] values, int size) {
    long[] wide = new long[size];
    for (int i = 0; i < size; i++) {
      wide[i] = values[i];
    }
    return of(wide);
  }

  /** The union, occurrences added. */
  static Counts merge(List<Counts> parts) {
    long[] all = new long[Math.toIntExact(parts.stream().mapToLong(p -> p.key.length).sum())];
    int at = 0;
    for (Counts part : parts) {
      System.arraycopy(part.key, 0, all, at, part.key.length);
      at += part.key.length;
    }
    Arrays.parallelSort(all);
    Counts merged = new Counts(distinct(all), null);
    merged = new Counts(merged.key, new long[merged.key.length]);
    for (Counts part : parts) {
      for (int i = 0; i < part.key.length; i++) {
        merged.count[merged.index(part.key[i])] += part.count[i];
      }
    }
    return merged;
  }

  int distinct() {
    return key.length;
  }

  /** The place of a key among the distinct ones, or a negative number. */
  int index(long wanted) {
    return Arrays.binarySearch(key, wanted);
  }

  /** {@code before[i]} is how many are smaller than {@code key[i]}; the last entry is how many there are. */
  long[] before() {
    long[] before = new long[key.length + 1];
    for (int i = 0; i < key.length; i++) {
      before[i + 1] = before[i] + count[i];
    }
    return before;
  }

  private static long[] distinct(long[] sorted) {
    int n = 0;
    for (int i = 0; i < sorted.length; i++) {
      n += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
    }
    long[] distinct = new long[n];
    int at = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        distinct[at++] = sorted[i];
      }
    }
    return distinct;
  }
}
