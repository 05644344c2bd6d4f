package org.assay.bootstrap;

import java.io.Serializable;

/**
 * What the parts of a {@link Replication} found in consecutive items in the eight replicates of a
 * batch; those of pieces of the items merge, in the order of the pieces. Not thread-safe.
 */
public final class Tallies implements Serializable {
  private static final long serialVersionUID = 1L;

  final Tally[] parts;

  Tallies(Tally[] parts) {
    this.parts = parts;
  }

  /**
   * Appends what was found in the items that follow.
   *
   * @param next of a replication with the same parts; left unchanged
   */
  public void merge(Tallies next) {
    for (int p = 0; p < parts.length; p++) {
      parts[p].merge(next.parts[p]);
    }
  }

  /** How many positives and negatives there are so far, of parts that rank; a copy. */
  public Tallies ranked() {
    Tally[] counts = new Tally[parts.length];
    for (int p = 0; p < parts.length; p++) {
      counts[p] = ((Ranking.Ranked) parts[p]).counts();
    }
    return new Tallies(counts);
  }
}
