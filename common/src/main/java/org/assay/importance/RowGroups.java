package org.assay.importance;

import java.io.Serializable;
import org.assay.random.Keyed;

/**
 * Rows in groups at random, rows of one unit in one group: what a jackknife leaves out in turn. Up
 * to {@value #MOST} units each is a group of its own, if there is room.
 *
 * @param count number of groups
 * @param own whether each unit, a number from 0, is a group
 */
public record RowGroups(int count, boolean own) implements Serializable {
  /** The most units that are left out one by one. */
  public static final int MOST = 1000;

  /** Groups of several units, at most. */
  public static final int GROUPS = 256;

  /** Fewer groups say little of a spread. */
  private static final int LEAST = 32;

  private static final Keyed FUNCTION = Keyed.of(0, "row groups");

  /**
   * Groups of units.
   *
   * @param units how many there are
   * @param numbered whether a unit is a number from 0 to below that, and no key
   * @param most groups that there is room for
   */
  public static RowGroups of(long units, boolean numbered, long most) {
    return numbered && units <= Math.min(MOST, most)
        ? new RowGroups((int) units, true)
        : new RowGroups((int) Math.max(LEAST, Math.min(GROUPS, most)), false);
  }

  /** The group of a unit. */
  public int of(long unit) {
    return own ? (int) unit : (int) FUNCTION.below(count, 0, unit);
  }
}
