package org.assay.importance;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Strata in which columns may be permuted without parting from the columns that they go with: rows
 * that are alike in those. Within a stratum what is permuted is nearly independent of the
 * conditioning columns, so that hardly any row arises which could not be. {@link
 * org.assay.permutation.Donors} permutes within {@link org.assay.permutation.Strata} of these
 * codes.
 *
 * <p>{@link #tree}: the leaves of a shallow regression tree that predicts the permuted columns.
 * Splits are chosen to lower the variance of the predicted columns most, summed over them, each
 * column as a share of its variance and categories by their indicators. {@link #cells}: cells of
 * quantiles of the conditioning columns.
 *
 * <p>A split is taken if it lowers the variance by at least a share of that of all rows, and leaves
 * enough rows on either side; of equal splits the first column's, at the least threshold.
 * Thresholds lie halfway between values. Categories are ordered by the mean of what is predicted
 * (of the indicator or column that differs most between them), and split in that order. A missing
 * conditioning value goes right; a missing value of a predicted column counts as the column's mean.
 *
 * <p>O(depth c n log n) for c conditioning columns and n rows. Immutable, thread-safe.
 *
 * <p>Sources: C. Strobl, A.-L. Boulesteix, T. Kneib, T. Augustin and A. Zeileis, "Conditional
 * variable importance for random forests", BMC Bioinformatics 9 (2008), 307,
 * doi:10.1186/1471-2105-9-307; C. Molnar, G. Koenig, B. Bischl and G. Casalicchio, "Model-agnostic
 * feature importance and effects with dependent features: a conditional subgroup approach", Data
 * Mining and Knowledge Discovery (2023), doi:10.1007/s10618-022-00901-9, for trees of the features
 * alone; L. Breiman, J. Friedman, R. Olshen and C. Stone, "Classification and regression trees",
 * 1984.
 */
public final class Conditioning implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * How far strata are made finer.
   *
   * @param depth splits from the root to a leaf at most, 0 to 20
   * @param leaf rows in a stratum at least
   * @param share of the variance that a split has to explain, in [0, 1]
   */
  public record Limits(int depth, int leaf, double share) implements Serializable {

    /** Up to 16 strata of 30 rows or more, by splits that explain a hundredth of the variance. */
    public static final Limits DEFAULT = new Limits(4, 30, 0.01);

    public Limits {
      if (depth < 0 || depth > 20 || leaf < 1 || !(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException(
            "depth "
                + depth
                + ", leaf "
                + leaf
                + ", share "
                + share
                + ": must be 0 to 20, at least 1, and from 0 to 1");
      }
    }
  }

  private final Forest tree;
  private final int[] used;
  private final int strata;
  private final int smallest;
  private final double explained;

  private Conditioning(Forest tree, int[] used, int strata, int smallest, double explained) {
    this.tree = tree;
    this.used = used;
    this.strata = strata;
    this.smallest = smallest;
    this.explained = explained;
  }

  /**
   * Strata by a tree.
   *
   * @param given the conditioning columns; none makes one stratum
   * @param predicted the columns to be permuted
   * @throws IllegalArgumentException if nothing is predicted, or columns have no rows, or not as
   *     many
   */
  public static Conditioning tree(List<Variable> given, List<Variable> predicted, Limits limits) {
    if (predicted.isEmpty()) {
      throw new IllegalArgumentException("no columns to be permuted");
    }
    int rows = predicted.get(0).rows();
    List<Variable> all = new ArrayList<>(given);
    all.addAll(predicted);
    for (Variable column : all) {
      if (column.rows() != rows || rows == 0) {
        throw new IllegalArgumentException(
            "columns '"
                + predicted.get(0).name()
                + "' and '"
                + column.name()
                + "' have "
                + rows
                + " and "
                + column.rows()
                + " rows: must be as many, and not none");
      }
    }
    Growth growth = new Growth(given, targets(predicted), limits);
    growth.grow(IntStream.range(0, rows).toArray(), 0);
    return growth.finished();
  }

  /**
   * Strata by cells: every conditioning column is cut into parts of equal size, equal numbers in
   * one, categories each by itself; columns are taken in their order for as long as every cell has
   * enough rows.
   *
   * @param parts of a column of numbers, at least 2
   * @param leaf rows in a stratum at least
   */
  public static int[] cells(List<Variable> given, int rows, int parts, int leaf) {
    if (parts < 2 || leaf < 1) {
      throw new IllegalArgumentException(
          parts + " parts, leaf " + leaf + ": must be at least 2, and at least 1");
    }
    int[] cells = new int[rows];
    for (Variable column : given) {
      int[] codes = column.codes(parts);
      int kinds = Arrays.stream(codes).max().orElse(0) + 1;
      double[] finer = new double[rows];
      Arrays.setAll(finer, i -> (double) cells[i] * kinds + codes[i]);
      double[] there = Arrays.stream(finer).sorted().distinct().toArray();
      int[] next = new int[rows];
      int[] counts = new int[there.length];
      for (int i = 0; i < rows; i++) {
        next[i] = Arrays.binarySearch(there, finer[i]);
        counts[next[i]]++;
      }
      if (Arrays.stream(counts).min().orElse(0) < leaf) {
        break;
      }
      System.arraycopy(next, 0, cells, 0, rows);
    }
    return cells;
  }

  /** The strata of rows: 0 to {@link #strata} - 1. */
  public int[] strata(double[] rows, int count) {
    double[] found = new double[count];
    tree.predict(rows, count, found);
    int[] codes = new int[count];
    Arrays.setAll(codes, i -> (int) found[i]);
    return codes;
  }

  /** Number of strata. */
  public int strata() {
    return strata;
  }

  /** Rows of the smallest stratum, among those that the strata were made from. */
  public int smallest() {
    return smallest;
  }

  /** The conditioning columns that were split, by their places, ascending. */
  public int[] used() {
    return used.clone();
  }

  /**
   * The share of the predicted columns' variance between strata, in [0, 1]; 0 when none varies. The
   * rest is what is left to permute.
   */
  public double explained() {
    return explained;
  }

  /** Predicted columns with mean 0 and variances that sum to 1 over each column's indicators. */
  private static double[][] targets(List<Variable> predicted) {
    List<double[]> targets = new ArrayList<>();
    for (Variable column : predicted) {
      if (!column.isCategory()) {
        double[] centered = column.values().clone();
        double variance = center(centered);
        targets.add(divided(centered, Math.sqrt(variance)));
        continue;
      }
      int[] codes = column.codes(2);
      List<double[]> indicators = new ArrayList<>();
      double variance = 0;
      for (int kind = 0; kind <= Arrays.stream(codes).max().orElse(0); kind++) {
        double[] is = new double[codes.length];
        for (int i = 0; i < is.length; i++) {
          is[i] = codes[i] == kind ? 1 : 0;
        }
        variance += center(is);
        indicators.add(is);
      }
      for (double[] is : indicators) {
        targets.add(divided(is, Math.sqrt(variance)));
      }
    }
    return targets.toArray(double[][]::new);
  }

  /** Takes the mean away, of missing values all; returns the variance. */
  private static double center(double[] values) {
    double sum = 0;
    long count = 0;
    for (double v : values) {
      if (!Double.isNaN(v)) {
        sum += v;
        count++;
      }
    }
    double mean = count == 0 ? 0 : sum / count;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.isNaN(values[i]) ? 0 : values[i] - mean;
      squares += values[i] * values[i];
    }
    return squares / values.length;
  }

  private static double[] divided(double[] values, double by) {
    for (int i = 0; i < values.length; i++) {
      values[i] = by > 0 ? values[i] / by : 0;
    }
    return values;
  }

  /** A tree that grows. */
  private static final class Growth {
    private final List<Variable> given;
    private final double[][] targets;
    private final Limits limits;
    private final double total;

    /** Of each conditioning column of numbers its values, and of each row which it is. */
    private final double[][] kinds;

    private final int[][] codes;

    private final List<int[]> links = new ArrayList<>();
    private final List<Double> thresholds = new ArrayList<>();
    private final List<long[]> sets = new ArrayList<>();
    private final BitSet used = new BitSet();
    private int strata;
    private int smallest = Integer.MAX_VALUE;
    private double within;

    Growth(List<Variable> given, double[][] targets, Limits limits) {
      this.given = given;
      this.targets = targets;
      this.limits = limits;
      double sum = 0;
      for (double[] target : targets) {
        for (double y : target) {
          sum += y * y;
        }
      }
      this.total = sum;
      this.kinds = new double[given.size()][];
      this.codes = new int[given.size()][];
      for (int c = 0; c < kinds.length; c++) {
        if (!given.get(c).isCategory()) {
          // Makes -0.0 a 0.0; NaN is the last.
          double[] values = Arrays.stream(given.get(c).values()).map(v -> v + 0.0).toArray();
          double[] there = Arrays.stream(values).sorted().distinct().toArray();
          int[] code = new int[values.length];
          Arrays.setAll(code, i -> Arrays.binarySearch(there, values[i]));
          kinds[c] = there;
          codes[c] = code;
        }
      }
    }

    /** A split of a node. */
    private static final class Split {
      double gain;
      int column = -1;
      double threshold;
      long[] set;
    }

    /** Grows the node of these rows; returns its number. */
    int grow(int[] rows, int level) {
      int node = links.size();
      links.add(new int[] {0, -1, -1, 0});
      thresholds.add(0.0);
      sets.add(null);
      Split best = new Split();
      // A gain that is but rounding is none.
      best.gain = Math.max(limits.share() * total, 1e-12 * total);
      if (level < limits.depth() && rows.length >= 2 * limits.leaf() && total > 0) {
        for (int column = 0; column < given.size(); column++) {
          look(rows, column, best);
        }
      }
      if (best.column < 0) {
        links.get(node)[3] = strata++;
        smallest = Math.min(smallest, rows.length);
        within += squares(rows);
        return node;
      }
      used.set(best.column);
      double[] x = given.get(best.column).values();
      int[] left =
          Arrays.stream(rows)
              .filter(i -> best.set == null ? x[i] <= best.threshold : holds(best.set, x[i]))
              .toArray();
      int[] right =
          Arrays.stream(rows)
              .filter(i -> !(best.set == null ? x[i] <= best.threshold : holds(best.set, x[i])))
              .toArray();
      links.get(node)[0] = best.column;
      thresholds.set(node, best.threshold);
      sets.set(node, best.set);
      links.get(node)[1] = grow(left, level + 1);
      links.get(node)[2] = grow(right, level + 1);
      return node;
    }

    private static boolean holds(long[] set, double x) {
      int c = (int) x;
      return !Double.isNaN(x) && c >> 6 < set.length && (set[c >> 6] >>> c & 1) != 0;
    }

    /** Squares about the mean, over all targets. */
    private double squares(int[] rows) {
      double sum = 0;
      for (double[] target : targets) {
        double mean = 0;
        for (int i : rows) {
          mean += target[i];
        }
        mean /= rows.length;
        for (int i : rows) {
          sum += (target[i] - mean) * (target[i] - mean);
        }
      }
      return sum;
    }

    private void look(int[] rows, int column, Split best) {
      double[] values = kinds[column];
      int[] code = codes[column];
      double[] place = null;
      if (given.get(column).isCategory()) {
        place = places(rows, given.get(column));
        code = new int[given.get(column).rows()];
        values = new double[place.length + 1];
        Arrays.setAll(values, k -> k);
        values[place.length] = Double.NaN;
        for (int i : rows) {
          code[i] =
              given.get(column).isMissing(i)
                  ? place.length
                  : (int) place[(int) given.get(column).values()[i]];
        }
      }
      long[] sorted = new long[rows.length];
      for (int i = 0; i < rows.length; i++) {
        sorted[i] = (long) code[rows[i]] << 32 | i;
      }
      Arrays.sort(sorted);
      double[] sum = new double[targets.length];
      for (int t = 0; t < targets.length; t++) {
        for (int i : rows) {
          sum[t] += targets[t][i];
        }
      }
      double[] left = new double[targets.length];
      for (int count = 1; count < rows.length; count++) {
        int row = rows[(int) sorted[count - 1]];
        for (int t = 0; t < targets.length; t++) {
          left[t] += targets[t][row];
        }
        int low = (int) (sorted[count - 1] >>> 32);
        int high = (int) (sorted[count] >>> 32);
        if (low == high || count < limits.leaf() || rows.length - count < limits.leaf()) {
          continue;
        }
        double gain = 0;
        for (int t = 0; t < targets.length; t++) {
          double right = sum[t] - left[t];
          gain +=
              left[t] * left[t] / count
                  + right * right / (rows.length - count)
                  - sum[t] * sum[t] / rows.length;
        }
        // More than by rounding, so that equal splits of two columns go to the first.
        if (gain > best.gain * (1 + 1e-12)) {
          best.gain = gain;
          best.column = column;
          best.threshold =
              Double.isNaN(values[high])
                  ? Double.POSITIVE_INFINITY
                  : middle(values[low], values[high]);
          best.set = place == null ? null : below(place, best.threshold);
        }
      }
    }

    private static double middle(double low, double high) {
      double middle = low / 2 + high / 2;
      return middle >= low && middle < high ? middle : low;
    }

    /** Of each category its place in the order of means, NaN for one that no row has. */
    private double[] places(int[] rows, Variable variable) {
      int kinds = 1;
      for (int i : rows) {
        kinds = variable.isMissing(i) ? kinds : Math.max(kinds, (int) variable.values()[i] + 1);
      }
      double[] best = null;
      double largest = -1;
      for (double[] target : targets) {
        double[] mean = new double[kinds];
        int[] count = new int[kinds];
        for (int i : rows) {
          if (!variable.isMissing(i)) {
            int c = (int) variable.values()[i];
            mean[c] += target[i];
            count[c]++;
          }
        }
        double between = 0;
        for (int c = 0; c < kinds; c++) {
          between += count[c] == 0 ? 0 : mean[c] * mean[c] / count[c];
          mean[c] /= count[c];
        }
        if (between > largest) {
          largest = between;
          best = mean;
        }
      }
      double[] means = best;
      int[] order =
          IntStream.range(0, kinds)
              .filter(c -> !Double.isNaN(means[c]))
              .boxed()
              .sorted((a, b) -> Double.compare(means[a], means[b]))
              .mapToInt(Integer::intValue)
              .toArray();
      double[] place = new double[kinds];
      Arrays.fill(place, Double.NaN);
      for (int k = 0; k < order.length; k++) {
        place[order[k]] = k;
      }
      return place;
    }

    private static long[] below(double[] place, double threshold) {
      BitSet set = new BitSet();
      for (int c = 0; c < place.length; c++) {
        set.set(c, place[c] <= threshold);
      }
      long[] words = set.toLongArray();
      return words.length == 0 ? new long[1] : words;
    }

    Conditioning finished() {
      int size = links.size();
      int[][] columns = new int[3][size];
      double[][] value = new double[size][];
      for (int node = 0; node < size; node++) {
        for (int k = 0; k < 3; k++) {
          columns[k][node] = links.get(node)[k];
        }
        value[node] = links.get(node)[1] < 0 ? new double[] {links.get(node)[3]} : null;
      }
      Forest.Tree tree =
          new Forest.Tree(
              columns[0],
              thresholds.stream().mapToDouble(Double::doubleValue).toArray(),
              sets.toArray(long[][]::new),
              null,
              columns[1],
              columns[2],
              value,
              -1);
      return new Conditioning(
          new Forest(given.size(), new double[1], List.of(tree), Link.IDENTITY),
          used.stream().toArray(),
          strata,
          smallest,
          total > 0 ? Math.max(0, 1 - within / total) : 0);
    }
  }
}
