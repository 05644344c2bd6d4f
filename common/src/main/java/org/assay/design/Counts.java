package org.assay.design;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * A multiset of whole numbers: the distinct ones in ascending order, and how often each occurs.
 * Immutable by convention.
 */
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

  /** The union, occurrences added; by halves, so that every number is moved log2(parts) times. */
  static Counts merge(List<Counts> parts) {
    return switch (parts.size()) {
      case 0 -> new Counts(new long[0], new long[0]);
      case 1 -> parts.get(0);
      default -> {
        int half = parts.size() / 2;
        yield merge(merge(parts.subList(0, half)), merge(parts.subList(half, parts.size())));
      }
    };
  }

  private static Counts merge(Counts a, Counts b) {
    long[] key = new long[Math.addExact(a.key.length, b.key.length)];
    long[] count = new long[key.length];
    int n = 0;
    int i = 0;
    int j = 0;
    while (i < a.key.length || j < b.key.length) {
      boolean left = i < a.key.length && (j == b.key.length || a.key[i] <= b.key[j]);
      boolean right = j < b.key.length && (i == a.key.length || b.key[j] <= a.key[i]);
      key[n] = left ? a.key[i] : b.key[j];
      count[n++] = (left ? a.count[i++] : 0) + (right ? b.count[j++] : 0);
    }
    return new Counts(Arrays.copyOf(key, n), Arrays.copyOf(count, n));
  }

  /** The places among these of the distinct numbers of a part of them. */
  int[] places(Counts part) {
    int[] places = new int[part.key.length];
    int from = 0;
    for (int i = 0; i < places.length; i++) {
      from = Arrays.binarySearch(key, from, key.length, part.key[i]);
      places[i] = from;
    }
    return places;
  }

  int distinct() {
    return key.length;
  }

  /** The place of a key among the distinct ones, or a negative number. */
  int index(long wanted) {
    return Arrays.binarySearch(key, wanted);
  }

  /**
   * {@code before[i]} is how many are smaller than {@code key[i]}; the last entry is how many there
   * are.
   */
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
