package org.assay.importance;

import java.util.Arrays;

/**
 * The exchange of an ensemble of trees. A row's path down a tree is walked once; where a feature on
 * it would send the donor's value the other way, a second walk for the groups of that feature
 * leaves the path there, and the difference of the two leaves goes to those groups. Trees, and
 * parts of trees, in which an exchange changes nothing cost nothing for that group, and all groups
 * share the walk of the path.
 *
 * <p>Values are prepared to whole numbers: the number of the ensemble's thresholds of that feature
 * that are below them, or their category. A step down is then some loads and no branch, and rows of
 * a tile and second walks go down a tree level by level, so that the processor has many in flight.
 *
 * <p>Scores are those of {@link Forest#predict}, to the bit. Memory besides prepared rows: 8 bytes
 * per group and score for each of {@value #TILE} rows, per call.
 */
public final class ForestExchange implements Exchange {
  private static final long serialVersionUID = 1L;

  /** Rows that go down a tree together. */
  private static final int TILE = 128;

  /** The code of a number that is missing: right of all thresholds. */
  private static final int MISSING = 1 << 30;

  /** Numbers of a node: the used feature, the threshold's rank, four times the left child, kind. */
  private static final int NODE = 4;

  private static final int MISSING_RIGHT = -1;
  private static final int MISSING_LEFT = -2;

  private final FeatureGroups groups;
  private final int outputs;
  private final int scores;
  private final Link link;
  private final double unit;
  private final long[] base;

  /** The features that occur in the trees, ascending; codes are of these alone. */
  private final int[] used;

  /** Of each used feature its thresholds, ascending; null for one of categories. */
  private final double[][] thresholds;

  /** Of each used feature of categories, the code of "none of these"; the next is "missing". */
  private final int[] none;

  private final boolean anyCategories;
  private final boolean anyMissingLeft;

  private final int[] nodes;

  /** Rights of way by category: bit c of the words from a node's kind on. */
  private final long[] sets;

  /** Leaves in units, and of each node where its are; of no meaning for splits. */
  private final long[] values;

  private final int[] valueAt;

  private final int[] root;
  private final int[] depth;
  private final int[] score;

  /** Groups of each used feature, one after the other, and where each feature's begin. */
  private final int[] groupOf;

  private final int[] groupFrom;

  /** By group and used feature: where the donor's code stands if it is exchanged, else 0. */
  private final int[] shift;

  private final boolean[] uses;

  /**
   * The exchange of an ensemble.
   *
   * @throws IllegalArgumentException if the groups are of another width
   */
  public ForestExchange(FeatureGroups groups, Forest forest) {
    if (groups.width() != forest.width()) {
      throw new IllegalArgumentException(
          "groups of " + groups.width() + " features of a model with " + forest.width());
    }
    this.groups = groups;
    this.outputs = forest.outputs();
    this.scores = forest.scores();
    this.link = forest.link();
    this.unit = forest.unit();
    this.base = forest.baseUnits();
    Splits splits = new Splits(forest);
    this.used = splits.used;
    this.thresholds = splits.thresholds;
    this.none = splits.none;
    this.root = new int[forest.trees()];
    this.depth = new int[forest.trees()];
    this.score = new int[forest.trees()];
    int size = 0;
    for (int t = 0; t < root.length; t++) {
      size += forest.tree(t).size();
    }
    Laid laid = new Laid(forest, splits, size);
    for (int t = 0; t < root.length; t++) {
      root[t] = laid.lay(forest.tree(t)) * NODE;
      depth[t] = forest.depth(t);
      score[t] = forest.tree(t).score();
    }
    this.nodes = laid.nodes;
    this.valueAt = laid.valueAt;
    this.values = Arrays.copyOf(laid.values, laid.numbers);
    this.sets = Arrays.copyOf(laid.sets, laid.words);
    this.anyCategories = laid.words > 0;
    this.anyMissingLeft = laid.anyMissingLeft;
    int[][] byFeature = groups.byFeature();
    this.groupFrom = new int[used.length + 1];
    this.shift = new int[groups.size() * used.length];
    this.uses = new boolean[groups.size()];
    for (int u = 0; u < used.length; u++) {
      groupFrom[u + 1] = groupFrom[u] + byFeature[used[u]].length;
    }
    this.groupOf = new int[groupFrom[used.length]];
    for (int u = 0; u < used.length; u++) {
      int at = groupFrom[u];
      for (int g : byFeature[used[u]]) {
        groupOf[at++] = g;
        shift[g * used.length + u] = used.length;
        uses[g] = true;
      }
    }
  }

  /** What features the trees split, and where. */
  private static final class Splits {
    final int[] used;
    final int[] place;
    final double[][] thresholds;
    final int[] none;

    Splits(Forest forest) {
      int width = forest.width();
      int[] count = new int[width];
      int[] words = new int[width];
      for (int t = 0; t < forest.trees(); t++) {
        Forest.Tree tree = forest.tree(t);
        for (int node = 0; node < tree.size(); node++) {
          if (!tree.isLeaf(node)) {
            int feature = tree.feature()[node];
            count[feature]++;
            if (tree.set(node) != null) {
              // At least one, to tell a split by no category from one by threshold.
              words[feature] = Math.max(words[feature], Math.max(1, tree.set(node).length));
            }
          }
        }
      }
      place = new int[width];
      int[] found = new int[width];
      int features = 0;
      for (int f = 0; f < width; f++) {
        place[f] = features;
        if (count[f] > 0) {
          found[features++] = f;
        }
      }
      used = Arrays.copyOf(found, features);
      thresholds = new double[features][];
      none = new int[features];
      for (int u = 0; u < features; u++) {
        none[u] = 64 * words[used[u]];
        thresholds[u] = words[used[u]] > 0 ? null : new double[count[used[u]]];
      }
      int[] next = new int[features];
      for (int t = 0; t < forest.trees(); t++) {
        Forest.Tree tree = forest.tree(t);
        for (int node = 0; node < tree.size(); node++) {
          if (!tree.isLeaf(node)) {
            int u = place[tree.feature()[node]];
            if (thresholds[u] != null) {
              // Makes -0.0 a 0.0.
              thresholds[u][next[u]++] = tree.threshold()[node] + 0.0;
            }
          }
        }
      }
      for (int u = 0; u < features; u++) {
        if (thresholds[u] != null) {
          thresholds[u] = Arrays.stream(thresholds[u]).sorted().distinct().toArray();
        }
      }
    }
  }

  /** Nodes in the order in which levels of trees are visited. */
  private static final class Laid {
    final Forest forest;
    final Splits splits;
    final int[] nodes;
    final int[] valueAt;
    long[] values = new long[64];
    long[] sets = new long[8];
    int size;
    int numbers;
    int words;
    boolean anyMissingLeft;

    Laid(Forest forest, Splits splits, int size) {
      this.forest = forest;
      this.splits = splits;
      this.nodes = new int[Math.multiplyExact(size, NODE)];
      this.valueAt = new int[size];
    }

    /** Lays a tree; returns its root. */
    int lay(Forest.Tree tree) {
      int first = size;
      int[] queue = new int[tree.size()];
      int waiting = 1;
      for (int i = 0; i < waiting; i++) {
        int node = queue[i];
        int place = size++;
        int at = place * NODE;
        if (tree.isLeaf(node)) {
          // A leaf is its own left child, and nothing goes right.
          nodes[at + 1] = Integer.MAX_VALUE;
          nodes[at + 2] = at;
          nodes[at + 3] = MISSING_RIGHT;
          valueAt[place] = numbers;
          double[] value = tree.value()[node];
          values = room(values, numbers + value.length);
          for (double v : value) {
            values[numbers++] = forest.units(v);
          }
        } else {
          int u = splits.place[tree.feature()[node]];
          boolean missingLeft = tree.missingGoesLeft(node);
          nodes[at] = u;
          nodes[at + 2] = (first + waiting) * NODE;
          if (splits.thresholds[u] == null) {
            nodes[at + 3] = words;
            laySet(tree.set(node), splits.none[u], missingLeft);
          } else {
            nodes[at + 1] = Arrays.binarySearch(splits.thresholds[u], tree.threshold()[node] + 0.0);
            nodes[at + 3] = missingLeft ? MISSING_LEFT : MISSING_RIGHT;
          }
          anyMissingLeft |= missingLeft;
          queue[waiting++] = tree.left()[node];
          queue[waiting++] = tree.right()[node];
        }
      }
      return first;
    }

    private void laySet(long[] set, int none, boolean missingLeft) {
      int length = none / 64 + 1;
      sets = room(sets, words + length);
      for (int w = 0; w + 1 < length; w++) {
        sets[words + w] = w < set.length ? ~set[w] : -1L;
      }
      sets[words + length - 1] = missingLeft ? 1 : 3;
      words += length;
    }

    private static long[] room(long[] array, int needed) {
      return needed <= array.length ? array : Arrays.copyOf(array, Math.max(needed, 2 * needed));
    }
  }

  @Override
  public FeatureGroups groups() {
    return groups;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public boolean uses(int group) {
    return uses[group];
  }

  @Override
  public Prepared prepare(Source source, int count) {
    int[] codes = new int[Math.multiplyExact(count, used.length)];
    int width = groups.width();
    int tile = Math.max(1, Math.min(count, Math.max(16, (1 << 15) / Math.max(1, width))));
    double[] rows = new double[tile * width];
    boolean missing = false;
    for (int start = 0; start < count; start += tile) {
      int end = Math.min(count, start + tile);
      source.fill(start, end, rows);
      for (int u = 0; u < used.length; u++) {
        double[] cuts = thresholds[u];
        for (int i = start; i < end; i++) {
          double x = rows[(i - start) * width + used[u]];
          missing |= Double.isNaN(x);
          codes[i * used.length + u] = cuts == null ? category(x, none[u]) : rank(x, cuts);
        }
      }
    }
    return new Rows(codes, count, missing);
  }

  private static int category(double x, int none) {
    int c = (int) x;
    return Double.isNaN(x) ? none + 1 : c == x && c >= 0 && c < none ? c : none;
  }

  /**
   * How many of the cuts are below x. The sign of a difference tells, without a branch that could
   * be foretold wrongly.
   */
  private static int rank(double x, double[] cuts) {
    if (!(Math.abs(x) <= Double.MAX_VALUE)) {
      return rankOfOdd(x, cuts);
    }
    int low = 0;
    int length = cuts.length;
    while (length > 0) {
      int half = length >>> 1;
      int below = (int) (Double.doubleToRawLongBits(cuts[low + half] - x) >>> 63);
      low += (length - half) & -below;
      length = half;
    }
    return low;
  }

  /** The same for what is not finite, where differences of equal infinities have no sign. */
  private static int rankOfOdd(double x, double[] cuts) {
    if (Double.isNaN(x)) {
      return MISSING;
    }
    int low = 0;
    while (low < cuts.length && cuts[low] < x) {
      low++;
    }
    return low;
  }

  @Override
  public void predict(Prepared rows, int from, int to, double[] out) {
    new Walk((Rows) rows, (Rows) rows, new double[groups.size()][]).predict(from, to, out);
  }

  @Override
  public void exchange(
      Prepared rows, int from, int to, Prepared donors, int[] donor, double[][] out) {
    Exchange.check(this, rows, from, to, donors, donor, out);
    new Walk((Rows) rows, (Rows) donors, out).exchange(from, to, donor);
  }

  private record Rows(int[] codes, int count, boolean anyMissing) implements Prepared {}

  /** One call's room. */
  private final class Walk {
    final Rows rows;
    final Rows donors;
    final double[][] out;
    final boolean plain;

    /** Of each row of the tile its codes, then its donor's. */
    final int[] tile = new int[TILE * 2 * used.length];

    final int[] current = new int[TILE];
    final long[] sum = new long[TILE * scores];
    final long[] change;

    /** By row and group: the last walk that has left the path. */
    final int[] left;

    int walks;

    /** Where a donor's value parts from the row's: row, node it goes to, feature. */
    final int[] partRow = new int[TILE];

    final int[] partNode = new int[TILE];
    final int[] partFeature = new int[TILE];

    /** Second walks: row, group, node, beginning of the row's codes and of the group's shifts. */
    final int[] row;

    final int[] group;
    final int[] node;
    final int[] codesAt;
    final int[] shiftAt;
    int second;

    Walk(Rows rows, Rows donors, double[][] out) {
      this.rows = rows;
      this.donors = donors;
      this.out = out;
      this.plain = !anyCategories && !(anyMissingLeft && (rows.anyMissing || donors.anyMissing));
      int most = 0;
      for (double[] o : out) {
        most += o == null ? 0 : TILE;
      }
      this.change = new long[most == 0 ? 0 : TILE * groups.size() * scores];
      this.left = new int[most == 0 ? 0 : TILE * groups.size()];
      this.row = new int[most];
      this.group = new int[most];
      this.node = new int[most];
      this.codesAt = new int[most];
      this.shiftAt = new int[most];
    }

    void predict(int from, int to, double[] results) {
      double[] raw = new double[TILE * scores];
      for (int start = from; start < to; start += TILE) {
        int count = Math.min(TILE, to - start);
        for (int i = 0; i < count; i++) {
          System.arraycopy(
              rows.codes, (start + i) * used.length, tile, i * 2 * used.length, used.length);
        }
        begin(count);
        for (int t = 0; t < root.length; t++) {
          Arrays.fill(current, 0, count, root[t]);
          for (int level = 0; level < depth[t]; level++) {
            step(count);
          }
          addLeaves(t, count);
        }
        finish(sum, 0, null, count, raw);
        link.apply(raw, count, scores, results, (start - from) * outputs);
      }
    }

    void exchange(int from, int to, int[] donor) {
      double[] raw = new double[TILE * scores];
      double[] same = new double[TILE * outputs];
      for (int start = from; start < to; start += TILE) {
        int count = Math.min(TILE, to - start);
        for (int i = 0; i < count; i++) {
          int at = i * 2 * used.length;
          System.arraycopy(rows.codes, (start + i) * used.length, tile, at, used.length);
          System.arraycopy(
              donors.codes,
              donor[start - from + i] * used.length,
              tile,
              at + used.length,
              used.length);
        }
        begin(count);
        Arrays.fill(change, 0);
        for (int t = 0; t < root.length; t++) {
          walk(t, count);
        }
        int at = (start - from) * outputs;
        finish(sum, 0, null, count, raw);
        link.apply(raw, count, scores, same, 0);
        for (int g = 0; g < out.length; g++) {
          if (out[g] == null) {
            continue;
          }
          if (uses[g]) {
            finish(sum, g * TILE * scores, change, count, raw);
            link.apply(raw, count, scores, out[g], at);
          } else {
            System.arraycopy(same, 0, out[g], at, count * outputs);
          }
        }
      }
    }

    private void begin(int count) {
      for (int i = 0; i < count; i++) {
        System.arraycopy(base, 0, sum, i * scores, scores);
      }
    }

    private void finish(long[] sums, int at, long[] changes, int count, double[] raw) {
      for (int i = 0; i < count * scores; i++) {
        raw[i] = (changes == null ? sums[i] : sums[i] + changes[at + i]) * unit;
      }
    }

    private void addLeaves(int t, int count) {
      if (score[t] < 0) {
        for (int i = 0; i < count; i++) {
          int at = valueAt[current[i] / NODE];
          for (int k = 0; k < scores; k++) {
            sum[i * scores + k] += values[at + k];
          }
        }
      } else {
        for (int i = 0; i < count; i++) {
          sum[i * scores + score[t]] += values[valueAt[current[i] / NODE]];
        }
      }
    }

    private void walk(int t, int count) {
      if (depth[t] > 0 && ++walks == Integer.MAX_VALUE) {
        Arrays.fill(left, 0);
        walks = 1;
      }
      second = 0;
      Arrays.fill(current, 0, count, root[t]);
      for (int level = 0; level < depth[t]; level++) {
        stepSecond();
        int parts = plain ? partPlain(count) : part(count);
        leave(parts);
      }
      addLeaves(t, count);
      addChanges(t);
    }

    private void addChanges(int t) {
      if (score[t] < 0) {
        for (int e = 0; e < second; e++) {
          int was = valueAt[current[row[e]] / NODE];
          int is = valueAt[node[e] / NODE];
          int to = (group[e] * TILE + row[e]) * scores;
          for (int k = 0; k < scores; k++) {
            change[to + k] += values[is + k] - values[was + k];
          }
        }
      } else {
        for (int e = 0; e < second; e++) {
          int was = valueAt[current[row[e]] / NODE];
          int is = valueAt[node[e] / NODE];
          change[(group[e] * TILE + row[e]) * scores + score[t]] += values[is] - values[was];
        }
      }
    }

    /** Begins the second walks of those that part here and have not parted before. */
    private void leave(int parts) {
      int size = groups.size();
      for (int p = 0; p < parts; p++) {
        int feature = partFeature[p];
        int i = partRow[p];
        for (int q = groupFrom[feature]; q < groupFrom[feature + 1]; q++) {
          int g = groupOf[q];
          if (left[i * size + g] != walks && out[g] != null) {
            left[i * size + g] = walks;
            row[second] = i;
            group[second] = g;
            node[second] = partNode[p];
            codesAt[second] = i * 2 * used.length;
            shiftAt[second] = g * used.length;
            second++;
          }
        }
      }
    }

    private void step(int count) {
      int stride = 2 * used.length;
      if (plain) {
        for (int i = 0; i < count; i++) {
          int n = current[i];
          int right = (nodes[n + 1] - tile[i * stride + nodes[n]]) >>> 31;
          current[i] = nodes[n + 2] + (right << 2);
        }
      } else {
        for (int i = 0; i < count; i++) {
          int n = current[i];
          current[i] = nodes[n + 2] + (right(n, tile[i * stride + nodes[n]]) << 2);
        }
      }
    }

    private int partPlain(int count) {
      int stride = 2 * used.length;
      int width = used.length;
      int parts = 0;
      for (int i = 0; i < count; i++) {
        int n = current[i];
        int feature = nodes[n];
        int threshold = nodes[n + 1];
        int children = nodes[n + 2];
        int at = i * stride + feature;
        int own = (threshold - tile[at]) >>> 31;
        int other = (threshold - tile[at + width]) >>> 31;
        current[i] = children + (own << 2);
        partRow[parts] = i;
        partNode[parts] = children + (other << 2);
        partFeature[parts] = feature;
        parts += own ^ other;
      }
      return parts;
    }

    private int part(int count) {
      int stride = 2 * used.length;
      int parts = 0;
      for (int i = 0; i < count; i++) {
        int n = current[i];
        int at = i * stride + nodes[n];
        int own = right(n, tile[at]);
        int other = right(n, tile[at + used.length]);
        current[i] = nodes[n + 2] + (own << 2);
        partRow[parts] = i;
        partNode[parts] = nodes[n + 2] + (other << 2);
        partFeature[parts] = nodes[n];
        parts += own ^ other;
      }
      return parts;
    }

    private void stepSecond() {
      if (plain) {
        for (int e = 0; e < second; e++) {
          int n = node[e];
          int feature = nodes[n];
          int code = tile[codesAt[e] + feature + shift[shiftAt[e] + feature]];
          node[e] = nodes[n + 2] + ((nodes[n + 1] - code) >>> 31 << 2);
        }
      } else {
        for (int e = 0; e < second; e++) {
          int n = node[e];
          int feature = nodes[n];
          int code = tile[codesAt[e] + feature + shift[shiftAt[e] + feature]];
          node[e] = nodes[n + 2] + (right(n, code) << 2);
        }
      }
    }

    /** 1 if a code goes right at a node, else 0. */
    private int right(int n, int code) {
      int kind = nodes[n + 3];
      if (kind >= 0) {
        return (int) (sets[kind + (code >> 6)] >>> code) & 1;
      }
      if (kind == MISSING_LEFT && code == MISSING) {
        return 0;
      }
      return (nodes[n + 1] - code) >>> 31;
    }
  }
}
