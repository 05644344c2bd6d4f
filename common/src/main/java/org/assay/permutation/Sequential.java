package org.assay.permutation;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Besag and Clifford's sequential test: draw until h replicates were at least as extreme as what
 * was observed. When the h-th of them is the l-th replicate, p = h / l; when there are fewer among
 * the most replicates that one is ready to draw, m, p = (b + 1) / (m + 1). A hypothesis far from
 * significant is done with after some h / p replicates.
 *
 * <p>The decision goes by the number of the replicate, not by when it arrives: ranges may be added
 * and merged in any order and beyond the end, and the result is that of drawing one by one. A
 * decision is made only once all replicates before it are there.
 *
 * <p>Not thread-safe. Memory: h numbers per hypothesis.
 *
 * <p>Source: J. Besag and P. Clifford, "Sequential Monte Carlo p-values", Biometrika 78 (1991),
 * 301-304, doi:10.1093/biomet/78.2.301.
 */
public final class Sequential implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Threshold[] thresholds;
  private final int h;
  private final long most;

  /** Of each hypothesis, the first replicates that are as extreme, ascending, at most h. */
  private final long[][] firsts;

  /** Disjoint ranges that were added: their ends by their starts. */
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  /**
   * No replicates yet.
   *
   * @param h extreme replicates to stop after, at least 1; Besag and Clifford take 10 or 20
   * @param most replicates to draw at most, at least 1
   * @throws IllegalArgumentException if a number is out of range, or the statistics enumerate their
   *     arrangements, which come in no random order
   */
  public Sequential(Statistics statistics, Alternative alternative, int h, long most) {
    if (h < 1 || most < 1) {
      throw new IllegalArgumentException(
          "stop after " + h + " extreme ones of at most " + most + " replicates: must be positive");
    }
    if (statistics.arrangements() != Arrangements.MANY) {
      throw new IllegalArgumentException(
          "all "
              + statistics.arrangements()
              + " arrangements are enumerated: must be drawn to stop early");
    }
    this.thresholds = Threshold.of(statistics, alternative);
    this.h = h;
    this.most = most;
    this.firsts = new long[thresholds.length][0];
  }

  /**
   * Adds the replicates [from, from + count).
   *
   * @param values {@code values[k][r]} of hypothesis k in replicate {@code from + r}
   * @throws IllegalArgumentException if one of them was added before
   */
  public void add(double[][] values, long from, int count) {
    addRange(from, from + count);
    for (int k = 0; k < thresholds.length; k++) {
      long[] found = new long[h];
      int size = 0;
      for (int r = 0; r < count && size < h; r++) {
        if (thresholds[k].isReachedBy(values[k][r])) {
          found[size++] = from + r;
        }
      }
      keepFirst(k, Arrays.copyOf(found, size));
    }
  }

  /**
   * Adds the replicates of {@code other}.
   *
   * @throws IllegalArgumentException if one of them was added before
   */
  public void merge(Sequential other) {
    for (Map.Entry<Long, Long> range : other.ranges.entrySet()) {
      addRange(range.getKey(), range.getValue());
    }
    for (int k = 0; k < firsts.length; k++) {
      keepFirst(k, other.firsts[k]);
    }
  }

  private void keepFirst(int k, long[] more) {
    long[] all = Arrays.copyOf(firsts[k], firsts[k].length + more.length);
    System.arraycopy(more, 0, all, firsts[k].length, more.length);
    Arrays.sort(all);
    firsts[k] = Arrays.copyOf(all, Math.min(h, all.length));
  }

  private void addRange(long from, long to) {
    if (from == to) {
      return;
    }
    Map.Entry<Long, Long> before = ranges.lowerEntry(to);
    if (before != null && before.getValue() > from) {
      throw new IllegalArgumentException(
          "replicates [" + from + ", " + to + ") overlap those up to " + before.getValue());
    }
    long start = from;
    if (before != null && before.getValue() == from) {
      start = before.getKey();
    }
    Long end = ranges.remove(to);
    ranges.put(start, end == null ? to : end);
  }

  /** How many replicates are there from the first on without a gap. */
  public long drawn() {
    return ranges.getOrDefault(0L, 0L);
  }

  /** Whether p is known: stopped, all replicates drawn, or the statistic undefined. */
  public boolean isDecided(int hypothesis) {
    return !thresholds[hypothesis].isDefined()
        || drawn() >= most
        || firsts[hypothesis].length == h && firsts[hypothesis][h - 1] < drawn();
  }

  /** Whether every p is known. */
  public boolean isDecided() {
    for (int k = 0; k < firsts.length; k++) {
      if (!isDecided(k)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The p-value.
   *
   * @throws IllegalStateException if it is not decided
   */
  public MonteCarloP p(int hypothesis) {
    if (!isDecided(hypothesis)) {
      throw new IllegalStateException(
          drawn()
              + " replicates do not decide hypothesis "
              + hypothesis
              + ": draw more, up to "
              + most);
    }
    if (!thresholds[hypothesis].isDefined()) {
      return MonteCarloP.undefined("sequential", drawn());
    }
    long[] first = firsts[hypothesis];
    if (first.length == h && first[h - 1] < most) {
      return MonteCarloP.stopped(h, first[h - 1] + 1, most);
    }
    long extreme = Arrays.stream(first).filter(replicate -> replicate < most).count();
    return MonteCarloP.drawn(extreme, most);
  }
}
