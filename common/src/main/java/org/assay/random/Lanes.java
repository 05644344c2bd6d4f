package org.assay.random;

/**
 * Counts of eight replicates side by side in one {@code long}: the count of replicate 8 b + k of
 * batch b is byte k, from 0 to 255.
 *
 * <p>What is read once per row then serves eight replicates, and counts of eight replicates are
 * added in one instruction.
 */
public final class Lanes {
  /** Replicates in a batch. */
  public static final int WIDTH = 8;

  /** The largest count of a lane. */
  public static final int MOST = 255;

  private Lanes() {}

  /** The count in lane k. */
  public static int get(long lanes, int k) {
    return (int) (lanes >>> 8 * k) & 0xFF;
  }

  /** The number of batches that hold this many replicates. */
  public static int batches(int replicates) {
    return (replicates + WIDTH - 1) / WIDTH;
  }
}
