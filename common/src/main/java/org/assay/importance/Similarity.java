package org.assay.importance;

import java.util.Arrays;
import java.util.List;
import org.assay.inference.Midranks;

/**
 * How closely columns go together, from 0 to 1.
 *
 * <ul>
 *   <li>Two columns of numbers: the absolute value of Spearman's correlation, over the rows that
 *       have both, each ranked among them.
 *   <li>All others, and numbers too by {@link #information}: mutual information, as a share of the
 *       mean of both entropies. Numbers are cut into {@value #PARTS} parts of equal size first; a
 *       missing value is a category of its own. It is 0 only in theory: columns that have nothing
 *       to do with each other have about (a - 1)(b - 1) / 2n nats in common by chance, for a and b
 *       categories.
 * </ul>
 *
 * <p>A column that does not vary, or that never has a value in the same row as the other, is
 * similar to none: 0. A column and itself: 1. O(p^2 n) for p columns and n rows, besides sorting.
 * Pure.
 *
 * <p>Sources: C. Spearman, doi:10.2307/1412159; A. Strehl and J. Ghosh, "Cluster ensembles", JMLR 3
 * (2002), 583-617, for normalized mutual information, there by the geometric mean.
 */
public final class Similarity {
  /** Parts that numbers are cut into, where categories are asked for. */
  public static final int PARTS = 10;

  private Similarity() {}

  /**
   * The similarities of all pairs: Spearman's correlation of numbers, mutual information of others.
   *
   * @return symmetric, by column
   * @throws IllegalArgumentException if columns have different numbers of rows
   */
  public static double[][] of(List<Variable> columns) {
    return all(columns, true);
  }

  /** Mutual information of all pairs, numbers too. */
  public static double[][] information(List<Variable> columns) {
    return all(columns, false);
  }

  private static double[][] all(List<Variable> columns, boolean rankNumbers) {
    int size = columns.size();
    int rows = size == 0 ? 0 : columns.get(0).rows();
    double[][] ranks = new double[size][];
    boolean[] ranked = new boolean[size];
    int[][] codes = new int[size][];
    boolean anyCategory = !rankNumbers || columns.stream().anyMatch(Variable::isCategory);
    for (int a = 0; a < size; a++) {
      Variable column = columns.get(a);
      if (column.rows() != rows) {
        throw new IllegalArgumentException(
            "columns '"
                + columns.get(0).name()
                + "' and '"
                + column.name()
                + "' have "
                + rows
                + " and "
                + column.rows()
                + " rows: must be as many");
      }
      ranked[a] = rankNumbers && !column.isCategory();
      if (ranked[a] && !column.anyMissing()) {
        ranks[a] = standardized(column.values());
      }
      if (anyCategory) {
        codes[a] = column.codes(PARTS);
      }
    }
    double[][] similarity = new double[size][size];
    for (int a = 0; a < size; a++) {
      similarity[a][a] = 1;
      for (int b = a + 1; b < size; b++) {
        double s;
        if (!ranked[a] || !ranked[b]) {
          s = information(codes[a], codes[b]);
        } else if (ranks[a] != null && ranks[b] != null) {
          s = Math.abs(product(ranks[a], ranks[b]));
        } else {
          s = correlation(columns.get(a), columns.get(b));
        }
        similarity[a][b] = Math.min(1, s);
        similarity[b][a] = similarity[a][b];
      }
    }
    return similarity;
  }

  private static double correlation(Variable a, Variable b) {
    double[] x = new double[a.rows()];
    double[] y = new double[a.rows()];
    int n = 0;
    for (int i = 0; i < a.rows(); i++) {
      if (!a.isMissing(i) && !b.isMissing(i)) {
        x[n] = a.values()[i];
        y[n++] = b.values()[i];
      }
    }
    return Math.abs(product(standardized(Arrays.copyOf(x, n)), standardized(Arrays.copyOf(y, n))));
  }

  /** Ranks less their mean, with squares that sum to 1, or all 0. */
  private static double[] standardized(double[] values) {
    long[] doubled = Midranks.of(values).doubled();
    double[] ranks = new double[values.length];
    double squares = 0;
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = doubled[i] - values.length - 1;
      squares += ranks[i] * ranks[i];
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < ranks.length && norm > 0; i++) {
      ranks[i] /= norm;
    }
    return ranks;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Mutual information over the mean of the entropies; 0 when one is constant. */
  static double information(int[] a, int[] b) {
    int n = a.length;
    int kindsA = Arrays.stream(a).max().orElse(0) + 1;
    int kindsB = Arrays.stream(b).max().orElse(0) + 1;
    long[] cells = new long[n];
    for (int i = 0; i < n; i++) {
      cells[i] = (long) a[i] * kindsB + b[i];
    }
    Arrays.sort(cells);
    double entropyA = entropy(a, kindsA);
    double entropyB = entropy(b, kindsB);
    if (entropyA == 0 || entropyB == 0) {
      return 0;
    }
    double joint = 0;
    for (int from = 0, to = 0; from < n; from = to) {
      while (to < n && cells[to] == cells[from]) {
        to++;
      }
      double share = (to - from) / (double) n;
      joint -= share * Math.log(share);
    }
    return Math.max(0, (entropyA + entropyB - joint) / ((entropyA + entropyB) / 2));
  }

  private static double entropy(int[] codes, int kinds) {
    int[] counts = new int[kinds];
    for (int code : codes) {
      counts[code]++;
    }
    double sum = 0;
    for (int count : counts) {
      if (count > 0 && count < codes.length) {
        double share = count / (double) codes.length;
        sum -= share * Math.log(share);
      }
    }
    return sum;
  }
}
