package org.assay.metric;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers with weights, in no order until they are {@link #settle settled}.
 *
 * <p>Equal numbers with whole weights are kept as one whenever the arrays are full, so memory is
 * bounded by the number of distinct values (times the number of repeats with fractional weights),
 * and no weights are stored while all are 1. Zeros of both signs are one number. Not thread-safe.
 */
final class Multiset implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double[] NONE = {};
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  /** Whole weights up to here add exactly in a double. */
  private static final double EXACT = 1L << 53;

  private double[] values = NONE;

  /** Null while all weights are 1. */
  private double[] weights;

  private int size;
  private boolean settled = true;

  /** All items of all these. */
  static Multiset union(List<Multiset> parts) {
    Multiset all = new Multiset();
    all.reserve(parts.stream().mapToLong(Multiset::size).sum());
    for (Multiset part : parts) {
      all.merge(part);
    }
    return all;
  }

  void add(double value, double weight) {
    if (weight == 0) {
      return;
    }
    if (size == values.length) {
      settle();
      if (2 * size >= values.length) {
        resize(Math.max(16, (int) Math.min(2L * values.length, LONGEST)));
      }
    }
    if (weight != 1 && weights == null) {
      weights = ones(values.length);
    }
    values[size] = value + 0.0;
    if (weights != null) {
      weights[size] = weight;
    }
    size++;
    settled = false;
  }

  void merge(Multiset other) {
    if ((long) size + other.size > values.length) {
      settle();
      long entries = (long) size + other.size;
      if (entries > values.length) {
        reserve(entries + entries / 2); // more than asked for: not every merge is to copy all
      }
    }
    for (int i = 0, n = other.size; i < n; i++) {
      add(other.values[i], other.weight(i));
    }
  }

  /** Room for this many entries, or as many as an array can have. */
  private void reserve(long entries) {
    int length = (int) Math.min(entries, LONGEST);
    if (length > values.length) {
      resize(length);
    }
  }

  /** Number of entries; several may have the same value. */
  int size() {
    return size;
  }

  double value(int entry) {
    return values[entry];
  }

  double weight(int entry) {
    return weights == null ? 1 : weights[entry];
  }

  /** The exact total weight. */
  ExactSum total() {
    ExactSum total = new ExactSum();
    if (weights == null) {
      total.add((long) size);
    } else {
      for (int i = 0; i < size; i++) {
        total.add(weights[i]);
      }
    }
    return total;
  }

  /** Sorts the entries by value, ascending, and joins those that can be joined exactly. */
  void settle() {
    if (settled) {
      return;
    }
    settled = true;
    if (weights == null) {
      Arrays.sort(values, 0, size);
      int distinct = 0;
      for (int i = 0; i < size; i++) {
        if (i == 0 || values[i] != values[i - 1]) {
          distinct++;
        }
      }
      if (2 * distinct > size) {
        return;
      }
      weights = ones(values.length);
    } else {
      sortWithWeights();
    }
    join();
  }

  private void join() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      int last = kept - 1;
      if (kept > 0
          && values[last] == values[i]
          && isWhole(weights[last])
          && isWhole(weights[i])
          && weights[last] + weights[i] <= EXACT) {
        weights[last] += weights[i];
      } else {
        values[kept] = values[i];
        weights[kept++] = weights[i];
      }
    }
    size = kept;
  }

  /** A merge sort of both arrays, bottom up. */
  private void sortWithWeights() {
    double[] fromValues = values;
    double[] fromWeights = weights;
    double[] toValues = new double[values.length];
    double[] toWeights = new double[values.length];
    for (long run = 1; run < size; run *= 2) {
      for (long start = 0; start < size; start += 2 * run) {
        int middle = (int) Math.min(start + run, size);
        int end = (int) Math.min(start + 2 * run, size);
        int left = (int) start;
        int right = middle;
        for (int k = (int) start; k < end; k++) {
          int next =
              right == end || (left < middle && fromValues[left] <= fromValues[right])
                  ? left++
                  : right++;
          toValues[k] = fromValues[next];
          toWeights[k] = fromWeights[next];
        }
      }
      double[] swap = fromValues;
      fromValues = toValues;
      toValues = swap;
      swap = fromWeights;
      fromWeights = toWeights;
      toWeights = swap;
    }
    values = fromValues;
    weights = fromWeights;
  }

  private void resize(int length) {
    values = Arrays.copyOf(values, length);
    if (weights != null) {
      weights = Arrays.copyOf(weights, length);
    }
  }

  /** Travels settled, and without room to grow. */
  private void writeObject(ObjectOutputStream out) throws IOException {
    settle();
    if (size < values.length) {
      resize(size);
    }
    out.defaultWriteObject();
  }

  private static boolean isWhole(double weight) {
    return weight == Math.rint(weight);
  }

  private static double[] ones(int length) {
    double[] ones = new double[length];
    Arrays.fill(ones, 1);
    return ones;
  }
}
