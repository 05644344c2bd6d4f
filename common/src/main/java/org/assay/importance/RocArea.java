package org.assay.importance;

import java.util.Arrays;

/**
 * The area under the ROC curve of rows of equal weight, and what it would be without each of some
 * groups of rows.
 *
 * <p>With the placement of a row, twice the number of rows of the other class that it is ranked
 * rightly against, ties counting half:
 *
 * <pre>
 *   area             A    = sum of the positives' placements / (2 P N)
 *   without group g  A_-g = (2 P N A - S_g + 2 A P_g N_g) / (2 (P - P_g) (N - N_g))
 * </pre>
 *
 * <p>P<sub>g</sub> and N<sub>g</sub> are the group's positives and negatives, S<sub>g</sub> the sum
 * of their placements. Pairs inside a group are in S<sub>g</sub> twice; what they are worth is
 * taken to be as all pairs are on average. Of groups of one row this is the area without the row,
 * exactly. A row may be in two groups, by itself and by its donor.
 *
 * <p>Scores go to buckets by size, and are compared inside theirs: some tens of nanoseconds per row
 * and no sort unless many scores share a bucket. All counts are whole numbers, so that the order of
 * rows changes nothing.
 *
 * <p>Placements as in E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas
 * under two or more correlated receiver operating characteristic curves", Biometrics 44, 1988,
 * doi:10.2307/2531595. Not thread-safe: an instance has the room that a call needs.
 */
public final class RocArea {
  /** Buckets, at most: their counts are to stay in the cache. */
  private static final int MOST_BUCKETS = 1 << 17;

  /** Pairs of a bucket that are compared one by one, at most. */
  private static final int FEW = 256;

  private static final int NO_GROUP = 0xFFFF;

  private final int groups;
  private double[] scores = {};
  private int[] members = {};
  private int[] bucket = {};
  private int[] at = {};
  private long[] placement = new long[FEW];
  private long[] placed;
  private final long[] positives;
  private final long[] negatives;
  private long area;
  private long allPositives;
  private long allNegatives;

  /**
   * Room for the areas of rows in groups.
   *
   * @param groups number of groups, below 65,535
   */
  public RocArea(int groups) {
    if (groups < 1 || groups >= NO_GROUP) {
      throw new IllegalArgumentException(groups + " groups: must be 1 to 65,534");
    }
    this.groups = groups;
    this.positives = new long[groups];
    this.negatives = new long[groups];
  }

  /**
   * Takes rows in place of those before.
   *
   * @param label 1 for positives, else 0
   * @param score finite
   * @param own the group of each row
   * @param donor another group of each row; null for none
   * @param n number of rows, the first of these arrays
   */
  public void take(double[] label, double[] score, int[] own, int[] donor, int n) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      least = Math.min(least, score[i]);
      most = Math.max(most, score[i]);
    }
    if (n > 0 && !(most - least < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "scores from " + least + " to " + most + ": must be finite");
    }
    int buckets = Math.min(MOST_BUCKETS, Integer.highestOneBit(Math.max(1, n / 4)) * 2);
    double scale = most > least ? (buckets - 1) / (most - least) : 0;
    scale = Double.isInfinite(scale) ? 0 : scale;
    if (scores.length < n) {
      scores = new double[n];
      members = new int[n];
      bucket = new int[n];
    }
    // By bucket first its positives, then its negatives.
    if (at.length < 2 * buckets + 1) {
      at = new int[2 * buckets + 1];
    } else {
      Arrays.fill(at, 0, 2 * buckets + 1, 0);
    }
    for (int i = 0; i < n; i++) {
      int b = 2 * (int) ((score[i] - least) * scale) + (label[i] == 1 ? 0 : 1);
      bucket[i] = b;
      at[b + 1]++;
    }
    for (int b = 0; b < 2 * buckets; b++) {
      at[b + 1] += at[b];
    }
    for (int i = 0; i < n; i++) {
      int to = at[bucket[i]]++;
      scores[to] = score[i];
      members[to] = own[i] | (donor == null ? NO_GROUP : donor[i]) << 16;
    }
    // Places now end where they began.
    count(buckets, n);
  }

  private void count(int buckets, int n) {
    placed = new long[groups + 1];
    Arrays.fill(positives, 0);
    Arrays.fill(negatives, 0);
    allPositives = 0;
    for (int b = 0; b < buckets; b++) {
      allPositives += at[2 * b] - (b == 0 ? 0 : at[2 * b - 1]);
    }
    allNegatives = n - allPositives;
    area = 0;
    long positivesBelow = 0;
    long negativesBelow = 0;
    for (int b = 0; b < buckets; b++) {
      int from = b == 0 ? 0 : at[2 * b - 1];
      int middle = at[2 * b];
      int to = at[2 * b + 1];
      if (from == to) {
        continue;
      }
      long above = allPositives - positivesBelow - (middle - from);
      if ((long) (middle - from) * (to - middle) <= FEW) {
        few(from, middle, to, 2 * negativesBelow, 2 * above);
      } else {
        many(from, middle, to, 2 * negativesBelow, 2 * above);
      }
      positivesBelow += middle - from;
      negativesBelow += to - middle;
    }
  }

  private void few(int from, int middle, int to, long below, long above) {
    if (placement.length < to - middle) {
      placement = new long[to - middle];
    }
    Arrays.fill(placement, 0, to - middle, above);
    for (int i = from; i < middle; i++) {
      double x = scores[i];
      long own = below;
      for (int j = middle; j < to; j++) {
        double y = scores[j];
        int right = (y < x ? 1 : 0) + (y <= x ? 1 : 0);
        own += right;
        placement[j - middle] += right;
      }
      area += own;
      add(members[i], own, positives);
    }
    for (int j = middle; j < to; j++) {
      add(members[j], placement[j - middle], negatives);
    }
  }

  private void many(int from, int middle, int to, long below, long above) {
    double[] up = Arrays.copyOfRange(scores, from, middle);
    double[] down = Arrays.copyOfRange(scores, middle, to);
    Arrays.sort(up);
    Arrays.sort(down);
    for (int i = from; i < middle; i++) {
      long own = below + first(down, scores[i], false) + first(down, scores[i], true);
      area += own;
      add(members[i], own, positives);
    }
    for (int j = middle; j < to; j++) {
      long own = above + 2L * up.length - first(up, scores[j], false) - first(up, scores[j], true);
      add(members[j], own, negatives);
    }
  }

  /** How many are below x, or up to it. */
  private static int first(double[] sorted, double x, boolean upTo) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int half = (low + high) >>> 1;
      if (sorted[half] < x || upTo && sorted[half] == x) {
        low = half + 1;
      } else {
        high = half;
      }
    }
    return low;
  }

  private void add(int member, long own, long[] count) {
    int group = member & 0xFFFF;
    placed[group] += own;
    count[group]++;
    int donor = member >>> 16;
    if (donor != NO_GROUP) {
      placed[donor] += own;
      count[donor]++;
    }
  }

  /** Positives of all rows. */
  public long positives() {
    return allPositives;
  }

  /** Negatives of all rows. */
  public long negatives() {
    return allNegatives;
  }

  /** Twice the pairs that are ranked rightly, ties counting half. */
  public long concordance() {
    return area;
  }

  /**
   * Adds the area without each group.
   *
   * @param out receives it by group; NaN where one class is left without rows, and the area itself
   *     for groups without rows
   */
  public void addWithout(double[] out) {
    double pairs = 2.0 * allPositives * allNegatives;
    double a = area / pairs;
    for (int g = 0; g < groups; g++) {
      double inside = 2.0 * a * positives[g] * negatives[g];
      double left = 2.0 * (allPositives - positives[g]) * (allNegatives - negatives[g]);
      boolean none = positives[g] + negatives[g] == 0;
      out[g] +=
          none
              ? a
              : allPositives > positives[g] && allNegatives > negatives[g]
                  ? (area - placed[g] + inside) / left
                  : Double.NaN;
    }
  }
}
