package org.assay.bootstrap;

import java.io.Serializable;

/**
 * One way of cutting the items into slices.
 *
 * @param first number of its first slice among the slices of all cuts
 * @param size number of its slices
 * @param code the slice of each item, from 0; {@code size} for an item in none; null when all items
 *     are in the only slice
 */
public record Cut(int first, int size, int[] code) implements Serializable {

  /** All items, as slice 0. */
  public static final Cut ALL = new Cut(0, 1, null);

  /** Rooms that a table of this cut needs: one for each slice, and one for items in none. */
  int rooms() {
    return code == null ? 1 : size + 1;
  }
}
