package org.assay.design;

import java.io.Serializable;

/**
 * The weights part of a design: what each replicate does to each row, as a pure function of (seed,
 * replicate, row).
 *
 * <p>Immutable and thread-safe. Two designs with equal {@link #fingerprint} fill equal arrays.
 */
public interface Design extends Serializable {
  /** The weight of a row that is held out for testing. */
  int HELD_OUT = 0;

  /**
   * The weight of a row that a replicate neither trains nor tests on, such as one in the gap of a
   * time series.
   */
  int UNUSED = -1;

  /** Number of replicates (train/test splits), at least 1. */
  int replicates();

  /** Where a replicate stands: its repeat and its fold, both from 0. */
  Split split(int replicate);

  /**
   * Fills {@code weight[0 .. rows.size())}: a positive training weight (how often the row counts),
   * {@link #HELD_OUT}, or {@link #UNUSED}.
   *
   * @param replicate in [0, replicates)
   * @param rows one block of the population the design is bound to
   * @param weight receives the weights; at least as long as the block
   */
  void fill(int replicate, Rows rows, int[] weight);

  /**
   * 16 hexadecimal digits that stand for the scheme, its options, the seed and the population it is
   * bound to.
   */
  String fingerprint();

  /**
   * Whether the replicates of each repeat hold out every row that they use exactly once, and train
   * on it once in all others, as folds do. What is learned from all rows but those of a fold can
   * then be had from what is known of each fold.
   */
  default boolean isPartition() {
    return false;
  }

  /**
   * Of a repeat of a partition: fills {@code replicate[0 .. rows.size())} with the replicate that
   * holds each row out, -1 for rows that none uses.
   */
  default void holders(int repeat, Rows rows, int[] replicate) {
    java.util.Arrays.fill(replicate, 0, rows.size(), -1);
    int[] weight = new int[rows.size()];
    for (int r = 0; r < replicates(); r++) {
      if (split(r).repeat() == repeat) {
        fill(r, rows, weight);
        for (int i = 0; i < weight.length; i++) {
          if (weight[i] == HELD_OUT) {
            replicate[i] = r;
          }
        }
      }
    }
  }

  /**
   * Whether the rows that are tested are those that are trained on, rather than those held out, as
   * for an apparent error.
   */
  default boolean testsOnTraining() {
    return false;
  }

  /**
   * Whether what is predicted for the rows held out is to follow from the fit to all rows, by the
   * infinitesimal jackknife, rather than from fits to the training rows. Of designs that leave out
   * one row at a time.
   */
  default boolean isByJackknife() {
    return false;
  }

  /** Whether a replicate tests on a row of this weight. */
  default boolean tests(int weight) {
    return testsOnTraining() ? weight > 0 : weight == HELD_OUT;
  }

  /** The place of a replicate in the plan. */
  record Split(int repeat, int fold) implements Serializable {}
}
