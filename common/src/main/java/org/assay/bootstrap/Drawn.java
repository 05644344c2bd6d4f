package org.assay.bootstrap;

/**
 * How often the eight replicates of a batch draw each item, and a copy of that nearer to where it
 * is read, which parts that need the same one share.
 */
final class Drawn {
  private final long[] lanes;
  private long[] copy = new long[0];
  private Nearer copied;

  /**
   * These counts.
   *
   * @param lanes one per item, as {@link org.assay.random.Lanes} lays them out; may be written to
   *     again, if {@link #changed} is called
   */
  Drawn(long[] lanes) {
    this.lanes = lanes;
  }

  long[] lanes() {
    return lanes;
  }

  /** Forgets the copy. */
  void changed() {
    copied = null;
  }

  /** The counts as {@code nearer} copies them; the counts themselves if it is null. */
  long[] by(Nearer nearer) {
    if (nearer == null) {
      return lanes;
    }
    if (copied != nearer) {
      copy = copy.length == lanes.length ? copy : new long[lanes.length];
      nearer.copy(lanes, copy);
      copied = nearer;
    }
    return copy;
  }
}
