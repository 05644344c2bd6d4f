package org.assay.importance;

import java.util.BitSet;

/** What coalitions of players are worth: one number, or several games played at once. */
public interface Game {

  /** Number of players. */
  int players();

  /** Number of values of a coalition. */
  int outputs();

  /**
   * The values of coalitions, which depend on the coalition alone.
   *
   * @param coalitions sets of players; not kept, not changed
   * @param out receives the values, coalition after coalition
   */
  void values(BitSet[] coalitions, double[] out);
}
