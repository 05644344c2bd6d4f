package org.assay.jobs.frame;

import java.io.Serializable;
import org.assay.permutation.Donors;

/**
 * Labels that a frame's rows have of each other: those of one permutation of the rows.
 *
 * @param what the permutations, in words that no others have
 * @param donors whose label each row is given, by permutation
 * @param labels of all rows in canonical order
 * @param starts canonical index of each block's first row
 * @param permutation number of the permutation
 */
public record Relabelling(
    String what, Donors donors, double[] labels, long[] starts, long permutation)
    implements Serializable {

  /** The labels under another of the permutations. */
  public Relabelling another(long number) {
    return new Relabelling(what, donors, labels, starts, number);
  }

  /** The labels of a block's rows; a new array. */
  double[] of(Block block) {
    int[] donor = new int[labels.length];
    donors.fill(permutation, donor);
    double[] own = new double[block.size];
    int start = Math.toIntExact(starts[block.number]);
    for (int i = 0; i < own.length; i++) {
      own[i] = labels[donor[start + i]];
    }
    return own;
  }

  /** What it does to the labels, as a part of the name of what follows from them. */
  String name() {
    return what + " " + permutation;
  }
}
