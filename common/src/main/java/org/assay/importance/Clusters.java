package org.assay.importance;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Hierarchical clusters of columns: the two closest clusters are joined until there is one. The
 * distance of two columns is 1 - similarity; that of two clusters, by linkage, the least (single),
 * the mean (average) or the largest (complete) distance of a column of one to a column of the
 * other.
 *
 * <p>Of pairs that are equally close the one whose first columns come first is joined. The heights
 * of joins never fall. O(p^3) steps for p columns, each a comparison; some seconds for 3,000. Same
 * as SciPy's {@code cluster.hierarchy} but for how ties are broken.
 *
 * <p>Source: G. N. Lance and W. T. Williams, "A general theory of classificatory sorting
 * strategies", Computer Journal 9 (1967), doi:10.1093/comjnl/9.4.373.
 *
 * @param size number of columns
 * @param joins in the order they were made
 */
public record Clusters(int size, List<Join> joins) implements Serializable {

  /** Two clusters become one. */
  public enum Linkage {
    SINGLE,
    AVERAGE,
    COMPLETE
  }

  /**
   * Two clusters become one.
   *
   * @param a the first column of one
   * @param b the first column of the other, after a
   * @param height their distance
   */
  public record Join(int a, int b, double height) implements Serializable {}

  public Clusters {
    joins = List.copyOf(joins);
  }

  /**
   * Clusters of columns.
   *
   * @param similarity symmetric, in [0, 1], as {@link Similarity} gives it; not changed
   * @throws IllegalArgumentException if a similarity is out of range or NaN, or the matrix is not
   *     square
   */
  public static Clusters of(double[][] similarity, Linkage linkage) {
    int size = similarity.length;
    double[][] distance = new double[size][size];
    for (int a = 0; a < size; a++) {
      if (similarity[a].length != size) {
        throw new IllegalArgumentException(
            "row " + a + " has " + similarity[a].length + " similarities of " + size + " columns");
      }
      for (int b = 0; b < size; b++) {
        if (!(similarity[a][b] >= 0 && similarity[a][b] <= 1)) {
          throw new IllegalArgumentException(
              "columns "
                  + a
                  + " and "
                  + b
                  + " are similar by "
                  + similarity[a][b]
                  + ": must be from 0 to 1");
        }
        distance[a][b] = 1 - similarity[a][b];
      }
    }
    int[] members = new int[size];
    Arrays.fill(members, 1);
    List<Join> joins = new ArrayList<>();
    for (int left = size; left > 1; left--) {
      int a = -1;
      int b = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < size; i++) {
        for (int j = i + 1; j < size && members[i] > 0; j++) {
          if (members[j] > 0 && distance[i][j] < least) {
            least = distance[i][j];
            a = i;
            b = j;
          }
        }
      }
      joins.add(new Join(a, b, least));
      for (int k = 0; k < size; k++) {
        if (members[k] > 0 && k != a && k != b) {
          double joined =
              switch (linkage) {
                case SINGLE -> Math.min(distance[k][a], distance[k][b]);
                case COMPLETE -> Math.max(distance[k][a], distance[k][b]);
                case AVERAGE ->
                    (members[a] * distance[k][a] + members[b] * distance[k][b])
                        / (members[a] + members[b]);
              };
          distance[k][a] = joined;
          distance[a][k] = joined;
        }
      }
      members[a] += members[b];
      members[b] = 0;
    }
    return new Clusters(size, joins);
  }

  /**
   * The clusters that are there when all joins up to a height are made.
   *
   * @param similarity joins are made between clusters at least so similar, in [0, 1]
   * @return their columns, ascending; clusters by their first column
   */
  public int[][] cut(double similarity) {
    if (!(similarity >= 0 && similarity <= 1)) {
      throw new IllegalArgumentException(
          "a cut at a similarity of " + similarity + ": must be from 0 to 1, such as 0.7");
    }
    int[] first = new int[size];
    Arrays.setAll(first, i -> i);
    for (Join join : joins) {
      if (join.height() <= 1 - similarity) {
        for (int i = 0; i < size; i++) {
          first[i] = first[i] == join.b() ? join.a() : first[i];
        }
      }
    }
    List<int[]> clusters = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int start = i;
      if (first[i] == i) {
        clusters.add(
            java.util.stream.IntStream.range(0, size).filter(j -> first[j] == start).toArray());
      }
    }
    return clusters.toArray(int[][]::new);
  }
}
