package org.assay.jobs.frame;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.assay.design.Plan;
import org.assay.design.Rows;
import org.assay.random.Keyed;

/**
 * Consecutive rows of a frame, in canonical order, as primitive arrays. Not to be changed once
 * built.
 *
 * <p>Arrays are indexed by row inside the block; two-dimensional ones by column first. Columns
 * without a role in the configuration are null.
 */
public final class Block implements Serializable {
  private static final long serialVersionUID = 1L;

  final int number;
  final int size;
  final long[] key;
  final byte[][] id;
  final double[] label;
  final double[] weight;
  final long[] group;
  final long[] time;
  final int[] fold;
  final int[][] text;
  final double[][] numeric;
  final double[][] predicted;

  Block(int number, int size, Schema schema) {
    this.number = number;
    this.size = size;
    this.key = new long[size];
    this.id = schema.data().id().isPresent() ? new byte[size][] : null;
    this.label = new double[size];
    this.weight = schema.data().weight().isPresent() ? new double[size] : null;
    this.group = schema.data().group().isPresent() ? new long[size] : null;
    this.time = schema.data().time().isPresent() ? new long[size] : null;
    this.fold = schema.data().fold().isPresent() ? new int[size] : null;
    this.text = new int[schema.texts().size()][size];
    this.numeric = new double[schema.numericSlots()][size];
    this.predicted = new double[schema.predictedSlots()][size];
  }

  /** Its number, from 0; canonical order is by number, then by row. */
  public int number() {
    return number;
  }

  /** Number of rows. */
  public int size() {
    return size;
  }

  /** The label of a row: a class code, or a number. */
  public double label(int row) {
    return label[row];
  }

  /**
   * The labels of all rows; not to be changed.
   *
   * @param relabelling which they have in place of their own; null when they keep these
   */
  public double[] labels(Relabelling relabelling) {
    return relabelling == null ? label : relabelling.of(this);
  }

  /** The weight of a row; 1 without a weight column. */
  public double weight(int row) {
    return weight == null ? 1 : weight[row];
  }

  /** The code of a row's value of a text column, or -1 when missing. */
  public int text(int column, int row) {
    return text[column][row];
  }

  /** A numeric slot of a row; NaN when missing. */
  public double numeric(int slot, int row) {
    return numeric[slot][row];
  }

  /** A slot of predictions that came with the data. */
  public double predicted(int slot, int row) {
    return predicted[slot][row];
  }

  /**
   * The row's name in reports: its id, or 16 hexadecimal digits of its content's hash, which equal
   * rows share.
   */
  public String rowKey(int row) {
    if (id != null) {
      return new String(id[row], StandardCharsets.UTF_8);
    }
    return String.format("%016x", key[row]);
  }

  /** The 64-bit key of a row. */
  public long key(int row) {
    return key[row];
  }

  /**
   * A key of each row that no other row has: of rows that are equal, and so share a key, the first
   * keeps it and the others' depend on their number. A new array.
   */
  public long[] distinctKeys() {
    long[] distinct = key.clone();
    int equal = 0;
    for (int i = 1; i < size; i++) {
      equal = key[i] == key[i - 1] ? equal + 1 : 0;
      if (equal > 0) {
        distinct[i] = Keyed.mix(key[i] + equal);
      }
    }
    return distinct;
  }

  /** The key of the group that a row belongs to. */
  public long group(int row) {
    return group[row];
  }

  /** What a design may see of this block. */
  public Rows rows(Plan.Needs needs, Strata strata) {
    return rows(needs, strata, label);
  }

  /** The same where rows have these labels. */
  Rows rows(Plan.Needs needs, Strata strata, double[] labels) {
    int[] stratum = null;
    if (needs.strata()) {
      stratum = new int[size];
      for (int i = 0; i < size; i++) {
        stratum[i] = strata.of(labels[i]);
      }
    }
    return new Rows(
        number,
        size,
        key,
        stratum,
        needs.groups() ? group : null,
        needs.times() ? time : null,
        needs.folds() ? fold : null);
  }
}
