package org.assay.importance;

import java.io.Serializable;

/**
 * Predictions of rows in which the features of one group after the other are those of another row,
 * the donor; all else stays. This is what permutation importance measures a model by, and where its
 * time goes.
 *
 * <p>Rows are prepared once and then exchanged as often as there are repeats; rows and donors may
 * be parts of the same prepared block. Two rows that are equal after an exchange of the same group
 * have equal outputs, to the bit, and a donor that has the row's own values leaves its outputs as
 * {@link #predict} gives them, so that ties stay ties and a constant feature changes nothing.
 * Immutable and thread-safe.
 *
 * <p>{@link LinearExchange} and {@link ForestExchange} are fast ways for their kinds of models,
 * {@link AnyExchange} is for all others.
 */
public interface Exchange extends Serializable {

  /** What is exchanged. */
  FeatureGroups groups();

  /** Numbers that the model gives for a row. */
  int outputs();

  /** Whether the model depends on a group at all; if not, its exchange changes nothing. */
  boolean uses(int group);

  /**
   * Prepares rows, of this model and no other.
   *
   * @param rows row after row, {@code groups().width()} numbers each; not kept
   * @param count number of rows
   */
  default Prepared prepare(double[] rows, int count) {
    int width = groups().width();
    return prepare(
        (from, to, out) -> System.arraycopy(rows, from * width, out, 0, (to - from) * width),
        count);
  }

  /** The same for rows that are made a tile at a time, so that they need not be there together. */
  Prepared prepare(Source source, int count);

  /** Where rows come from. */
  @FunctionalInterface
  interface Source {
    /**
     * Writes the rows [from, to) to the beginning of {@code out}, which may hold anything before.
     */
    void fill(int from, int to, double[] out);
  }

  /**
   * The outputs of the rows [from, to) as they are.
   *
   * @param out receives them, row after row
   */
  void predict(Prepared rows, int from, int to, double[] out);

  /**
   * The outputs of the rows [from, to) with each group exchanged in turn.
   *
   * @param donors rows prepared by this model; may be {@code rows}
   * @param donor of row {@code from + i} its donor's place in {@code donors} at i
   * @param out by group; receives the outputs, row after row; a group whose array is null is left
   *     out
   */
  void exchange(Prepared rows, int from, int to, Prepared donors, int[] donor, double[][] out);

  /** Rows in the form that a model exchanges them in. */
  interface Prepared extends Serializable {
    /** Number of rows. */
    int count();
  }

  /** Checks the arguments of {@link #exchange}. */
  static void check(
      Exchange exchange,
      Prepared rows,
      int from,
      int to,
      Prepared donors,
      int[] donor,
      double[][] out) {
    java.util.Objects.checkFromToIndex(from, to, rows.count());
    if (donor.length < to - from) {
      throw new IllegalArgumentException(donor.length + " donors of " + (to - from) + " rows");
    }
    for (int i = 0; i < to - from; i++) {
      java.util.Objects.checkIndex(donor[i], donors.count());
    }
    if (out.length != exchange.groups().size()) {
      throw new IllegalArgumentException(
          out.length + " outputs of " + exchange.groups().size() + " groups");
    }
  }
}
