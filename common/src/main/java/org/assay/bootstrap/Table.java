package org.assay.bootstrap;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A cut whose slices are counted and summed in one walk over the items, which also gives what is
 * found in all of them.
 *
 * @param whole number of the slice that holds all items, when the walk gives that too; -1 when not
 */
record Table(Cut cut, int whole) implements Serializable {

  /** Tables for all slices of some cuts: that of all items comes with the first other cut. */
  static List<Table> of(List<Cut> cuts) {
    int whole = -1;
    for (Cut cut : cuts) {
      whole = cut.code() == null ? cut.first() : whole;
    }
    List<Table> tables = new ArrayList<>();
    for (Cut cut : cuts) {
      if (cut.code() != null) {
        tables.add(new Table(cut, whole));
        whole = -1;
      }
    }
    if (whole >= 0) {
      tables.add(new Table(new Cut(whole, 1, null), -1));
    }
    return tables;
  }

  /** Slices and, behind them, the room of items in none. */
  int rooms() {
    return cut.rooms();
  }

  /** The slices that a report is made of: their numbers among all slices. */
  int[] slices() {
    int[] slices = new int[cut.size() + (whole < 0 ? 0 : 1)];
    for (int s = 0; s < cut.size(); s++) {
      slices[s] = cut.first() + s;
    }
    if (whole >= 0) {
      slices[cut.size()] = whole;
    }
    return slices;
  }
}
