package org.assay.importance;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * An ensemble of trees whose leaves are added: random forests, boosted trees, single trees.
 *
 * <pre>
 *   score_k(row) = base_k + sum over trees of the number for k of the row's leaf,  outputs = link(scores)
 * </pre>
 *
 * <p>This is the form that trees of other libraries are turned into; weights of trees, shares of
 * classes in leaves and the like go into the leaves' numbers. What compares in single precision has
 * the same splits here by {@link #below} and {@link #atMost}.
 *
 * <p><b>Accuracy.</b> Leaves are summed as whole multiples of a power of two that is
 * 2<sup>-61</sup> of the largest score there could be, so a score does not depend on the order of
 * the sum, nor on which leaves were exchanged for others on the way; it is off by at most
 * 2<sup>-61</sup> of that for every tree, which is less than a sum of doubles may be off by.
 *
 * <p>Immutable and thread-safe. A row is predicted in some nanoseconds per tree and level.
 */
public final class Forest implements RowFunction {
  private static final long serialVersionUID = 1L;

  /** The largest category. */
  public static final int MOST_CATEGORY = (1 << 20) - 1;

  /** The least double that becomes infinite in single precision. */
  private static final double BEYOND = 0x1.ffffffp127;

  /**
   * One tree. Nodes are numbered from the root, 0; all arrays are by node.
   *
   * <p>A row goes left at a split by threshold if its value is at most the threshold; at a split by
   * categories if its value is one of them, a whole number from 0 to {@link #MOST_CATEGORY} whose
   * bit is set. A value that is NaN goes left where {@code missingLeft} says so, else right.
   *
   * @param feature what a split looks at; of no meaning for leaves
   * @param threshold for splits by threshold
   * @param categories for splits by categories bit sets, for others null; null when there are none
   * @param missingLeft where rows without a value go; null for right throughout
   * @param left the node of the left child; -1 for a leaf
   * @param right the node of the right child; -1 for a leaf
   * @param value of a leaf one number per score, or one number alone if {@code score} is not -1
   * @param score which score the tree adds to; -1 for all of them
   */
  public record Tree(
      int[] feature,
      double[] threshold,
      long[][] categories,
      boolean[] missingLeft,
      int[] left,
      int[] right,
      double[][] value,
      int score)
      implements Serializable {

    /** A tree without categories, whose missing values go right. */
    public Tree(
        int[] feature, double[] threshold, int[] left, int[] right, double[][] value, int score) {
      this(feature, threshold, null, null, left, right, value, score);
    }

    /** Number of nodes. */
    public int size() {
      return left.length;
    }

    boolean isLeaf(int node) {
      return left[node] < 0;
    }

    /** The categories of a split; null for one by threshold. */
    long[] set(int node) {
      return categories == null ? null : categories[node];
    }

    boolean missingGoesLeft(int node) {
      return missingLeft != null && missingLeft[node];
    }
  }

  private final int width;
  private final double[] base;
  private final Tree[] trees;
  private final Link link;

  /** The unit of sums: a power of two. */
  private final double unit;

  /** The levels below the root of each tree. */
  private final int[] depth;

  /** This ensemble in the form that is walked fast, once it was needed. */
  private transient volatile ForestExchange alone;

  /**
   * An ensemble.
   *
   * @param width number of features of a row
   * @param base of each score what the leaves are added to
   * @param link from scores to outputs
   * @throws IllegalArgumentException naming the tree and the node, if a child is not a node or is
   *     reached twice, a feature is not one of the model's or is split by thresholds and by
   *     categories, a threshold is NaN, a leaf's numbers are not finite or not as many as scores
   */
  public Forest(int width, double[] base, List<Tree> trees, Link link) {
    this.width = width;
    this.base = base.clone();
    this.trees = trees.toArray(Tree[]::new);
    this.link = link;
    this.depth = new int[this.trees.length];
    link.outputs(base.length);
    double[] most = new double[base.length];
    for (int k = 0; k < base.length; k++) {
      most[k] = Math.abs(finite(base[k], "base score " + k));
    }
    int[] kinds = new int[width];
    for (int t = 0; t < this.trees.length; t++) {
      check(t, kinds, most);
    }
    double bound = Arrays.stream(most).max().orElse(0);
    finite(bound, "the sum of all trees' largest leaves");
    unit = Math.scalb(1.0, Math.max(-900, Math.getExponent(bound) + 1) - 61);
  }

  private static double finite(double x, String what) {
    if (!Double.isFinite(x)) {
      throw new IllegalArgumentException(what + " is " + x + ": must be finite");
    }
    return x;
  }

  private void check(int t, int[] kinds, double[] most) {
    Tree tree = trees[t];
    String where = "tree " + t + ", node ";
    if (tree.size() == 0) {
      throw new IllegalArgumentException("tree " + t + " has no nodes");
    }
    if (tree.score < -1 || tree.score >= base.length) {
      throw new IllegalArgumentException(
          "tree " + t + " adds to score " + tree.score + " of " + base.length);
    }
    int[] level = new int[tree.size()];
    Arrays.fill(level, -1);
    level[0] = 0;
    double[] largest = new double[base.length];
    int[] stack = new int[tree.size() + 1];
    int open = 1;
    while (open > 0) {
      int node = stack[--open];
      depth[t] = Math.max(depth[t], level[node]);
      if (tree.isLeaf(node)) {
        double[] value = tree.value[node];
        int numbers = tree.score < 0 ? base.length : 1;
        if (value == null || value.length != numbers) {
          throw new IllegalArgumentException(
              where
                  + node
                  + ": "
                  + (value == null ? 0 : value.length)
                  + " numbers in a leaf, not "
                  + numbers);
        }
        for (int k = 0; k < numbers; k++) {
          int score = tree.score < 0 ? k : tree.score;
          largest[score] =
              Math.max(largest[score], Math.abs(finite(value[k], where + node + ": a leaf")));
        }
        continue;
      }
      int feature = tree.feature[node];
      if (feature < 0 || feature >= width) {
        throw new IllegalArgumentException(
            where + node + ": feature " + feature + " of a model with " + width);
      }
      int kind = tree.set(node) == null ? 1 : 2;
      if (kinds[feature] + kind == 3) {
        throw new IllegalArgumentException(
            where + node + ": feature " + feature + " is split by thresholds and by categories");
      }
      kinds[feature] = kind;
      if (kind == 1 && Double.isNaN(tree.threshold[node])) {
        throw new IllegalArgumentException(where + node + ": a threshold that is NaN");
      }
      if (kind == 2 && tree.set(node).length > (MOST_CATEGORY + 1) / 64) {
        throw new IllegalArgumentException(where + node + ": categories above " + MOST_CATEGORY);
      }
      for (int child : new int[] {tree.right[node], tree.left[node]}) {
        if (child < 0 || child >= tree.size() || level[child] >= 0) {
          throw new IllegalArgumentException(
              where + node + ": child " + child + " is no node, or has another parent");
        }
        level[child] = level[node] + 1;
        stack[open++] = child;
      }
    }
    for (int k = 0; k < most.length; k++) {
      most[k] += largest[k];
    }
  }

  /**
   * The largest double that is below t once rounded to single precision: x rounded is below t if
   * and only if x is at most this.
   *
   * @param t not NaN; minus infinity gives NaN, for nothing is below
   */
  public static double below(float t) {
    if (t == Float.NEGATIVE_INFINITY) {
      return Double.NaN;
    }
    float next = t == 0 ? -Float.MIN_VALUE : Math.nextDown(t);
    if (Float.isInfinite(next)) {
      return -BEYOND;
    }
    // Halfway numbers are rounded to the float whose last bit is 0; beyond the largest float to
    // infinity, as if it were the next power of two.
    double half = t == Float.POSITIVE_INFINITY ? BEYOND : ((double) next + (double) t) / 2;
    boolean isBelow = (Float.floatToRawIntBits(next) & 1) == 0;
    return isBelow ? half : Math.nextDown(half);
  }

  /**
   * The largest double that is at most t once rounded to single precision.
   *
   * @param t not NaN
   */
  public static double atMost(float t) {
    return t == Float.POSITIVE_INFINITY
        ? Double.POSITIVE_INFINITY
        : below(t == 0 ? Float.MIN_VALUE : Math.nextUp(t));
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int outputs() {
    return link.outputs(base.length);
  }

  /** Number of trees. */
  public int trees() {
    return trees.length;
  }

  /** Scores per row. */
  int scores() {
    return base.length;
  }

  Link link() {
    return link;
  }

  Tree tree(int t) {
    return trees[t];
  }

  int depth(int t) {
    return depth[t];
  }

  double unit() {
    return unit;
  }

  /** A score in units. */
  long units(double score) {
    return (long) Math.rint(score / unit);
  }

  /** The base of each score in units. */
  long[] baseUnits() {
    return Arrays.stream(base).mapToLong(this::units).toArray();
  }

  @Override
  public void predict(double[] rows, int count, double[] out) {
    ForestExchange laid = alone;
    if (laid == null) {
      // Made twice at worst, and the same both times.
      laid = new ForestExchange(new FeatureGroups(width, List.of(), new int[0][]), this);
      alone = laid;
    }
    laid.predict(laid.prepare(rows, count), 0, count, out);
  }
}
