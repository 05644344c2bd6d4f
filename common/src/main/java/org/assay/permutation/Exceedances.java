package org.assay.permutation;

import java.io.Serializable;

/**
 * How many replicates were at least as extreme as what was observed, of each hypothesis by itself.
 * Counts of disjoint ranges of replicates merge to those of their union, in any order.
 *
 * <p>A replicate counts when its statistic falls short of the observed one by no more than {@link
 * Statistics#tolerance}; also when it is undefined there, so that p can only become too large. On
 * one side the statistics themselves are compared; a two-sided test needs their {@link
 * Statistics#center}, and its p is NaN where that is not known. Not thread-safe.
 */
public final class Exceedances implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Threshold[] thresholds;
  private final long arrangements;
  private final long[] counts;
  private long replicates;

  /** No replicates yet of these statistics. */
  public Exceedances(Statistics statistics, Alternative alternative) {
    this.thresholds = Threshold.of(statistics, alternative);
    this.arrangements = statistics.arrangements();
    this.counts = new long[thresholds.length];
  }

  /**
   * Adds replicates.
   *
   * @param values {@code values[k][r]} of hypothesis k, as {@link Statistics#fill} leaves them
   * @param count how many replicates
   */
  public void add(double[][] values, int count) {
    for (int k = 0; k < counts.length; k++) {
      Threshold threshold = thresholds[k];
      for (int r = 0; r < count; r++) {
        counts[k] += threshold.isReachedBy(values[k][r]) ? 1 : 0;
      }
    }
    replicates += count;
  }

  /** Adds the replicates of {@code other}, which are none of these. */
  public void merge(Exceedances other) {
    for (int k = 0; k < counts.length; k++) {
      counts[k] += other.counts[k];
    }
    replicates += other.replicates;
  }

  /** Replicates added so far. */
  public long replicates() {
    return replicates;
  }

  /** Replicates at least as extreme as what was observed. */
  public long count(int hypothesis) {
    return counts[hypothesis];
  }

  /**
   * The p-value: exact when the statistics enumerate their arrangements, else (b + 1) / (m + 1).
   *
   * @throws IllegalStateException if arrangements are enumerated and not all were added
   */
  public MonteCarloP p(int hypothesis) {
    boolean exact = arrangements != Arrangements.MANY;
    if (exact && replicates != arrangements) {
      throw new IllegalStateException(replicates + " of " + arrangements + " arrangements counted");
    }
    if (!thresholds[hypothesis].isDefined()) {
      return MonteCarloP.undefined(exact ? "exact" : "monte-carlo", replicates);
    }
    return exact
        ? MonteCarloP.exact(counts[hypothesis], replicates)
        : MonteCarloP.drawn(counts[hypothesis], replicates);
  }
}
