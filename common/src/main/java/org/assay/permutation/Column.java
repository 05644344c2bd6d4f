package org.assay.permutation;

import java.io.Serializable;

/**
 * A number for every row, to be summed over the {@link Subsets} of many replicates; on request
 * apart for every slice of the rows.
 *
 * <p>Numbers are held in {@link FixedPoint}, so that sums are exact in any order. How they are
 * summed depends on what they are:
 *
 * <ul>
 *   <li>-1, 0 and 1 (differences of right and wrong): by counting bits, 64 rows at once, words
 *       without a difference left out;
 *   <li>others: by tables of the sums of all 256 subsets of 8 rows, one look-up for 8 rows;
 *   <li>others by slice: row by row, many replicates at once.
 * </ul>
 *
 * <p>A column may hold a part of the rows, from any row on; the sums of parts add up. Memory: 8
 * bytes per row; for columns of -1, 0 and 1 at most 20 bytes per 64 rows and slice among them.
 *
 * <p>Immutable and thread-safe.
 */
public abstract class Column implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long firstRow;
  private final int rows;
  private final FixedPoint scale;
  private final long[] totals;

  Column(long firstRow, int rows, FixedPoint scale, long[] totals) {
    this.firstRow = firstRow;
    this.rows = rows;
    this.scale = scale;
    this.totals = totals;
  }

  /**
   * All rows, in the finest unit that cannot overflow; whole numbers as they are when they are -1,
   * 0 or 1.
   *
   * @param x one number per row, finite
   * @throws IllegalArgumentException if one is NaN or infinite
   */
  public static Column of(double[] x) {
    boolean signs = true;
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      largest = Math.max(largest, Math.abs(checked(x, i)));
      signs &= isSign(x[i]);
    }
    return part(0, x, signs ? FixedPoint.WHOLE : FixedPoint.of(x.length, largest));
  }

  /**
   * The rows from {@code firstRow} on, in a unit that all parts share.
   *
   * @param firstRow at least 0
   * @param x one number per row, finite
   * @param scale made for all rows and the largest number of all parts; {@link FixedPoint#WHOLE}
   *     for whole numbers
   * @throws IllegalArgumentException if a number is NaN or infinite
   */
  public static Column part(long firstRow, double[] x, FixedPoint scale) {
    if (firstRow < 0) {
      throw new IllegalArgumentException("first row " + firstRow + ": must not be negative");
    }
    boolean signs = scale.equals(FixedPoint.WHOLE);
    long[] units = new long[x.length];
    for (int i = 0; i < x.length; i++) {
      units[i] = scale.units(checked(x, i));
      signs &= isSign(x[i]);
    }
    return signs
        ? SignColumn.of(firstRow, units, new int[units.length], 1)
        : new TableColumn(firstRow, units, scale);
  }

  /**
   * All rows, as whole numbers.
   *
   * @param x one number per row; the sum of their sizes below 2^62
   */
  public static Column whole(long[] x) {
    return new TableColumn(0, x.clone(), FixedPoint.WHOLE);
  }

  /**
   * The same numbers, to be summed by slice.
   *
   * @param codes of each row, the slice it is in, from 0; negative when it is in none
   * @param slices how many there are, at least 1
   * @throws IllegalArgumentException if there is not one code per row, or one is too large
   */
  public final Column by(int[] codes, int slices) {
    if (codes.length != rows || slices < 1) {
      throw new IllegalArgumentException(
          codes.length + " codes of " + slices + " slices for " + rows + " rows: one per row");
    }
    for (int code : codes) {
      if (code >= slices) {
        throw new IllegalArgumentException(
            "slice " + code + ": must be below the number of slices, " + slices);
      }
    }
    return slicedBy(codes.clone(), slices);
  }

  abstract Column slicedBy(int[] codes, int slices);

  /**
   * Adds the sums of one word of rows to those of the batch.
   *
   * @param word counted from the one that {@link #firstRow} is in
   * @param at where the word begins in {@code batch.words}
   * @param output where the sums of the first slice are in {@code batch.sums}
   */
  abstract void add(int word, Batch batch, int at, int output);

  /** The first row. */
  public final long firstRow() {
    return firstRow;
  }

  /** Number of rows. */
  public final int rows() {
    return rows;
  }

  /** What the sums are counted in. */
  public final FixedPoint scale() {
    return scale;
  }

  /** Number of slices: sums per replicate; 1 when the column was not sliced. */
  public final int slices() {
    return totals.length;
  }

  /** The sum of all rows of a slice. */
  public final long total(int slice) {
    return totals[slice];
  }

  /** Number of words that hold a row. */
  final int words() {
    return rows == 0 ? 0 : (int) ((firstRow + rows - 1 >>> 6) - (firstRow >>> 6)) + 1;
  }

  /** The place of row 0 of this column in its first word. */
  final int shift() {
    return (int) firstRow & 63;
  }

  static long[] totals(long[] values, int[] codes, int slices) {
    long[] totals = new long[slices];
    for (int i = 0; i < values.length; i++) {
      if (codes[i] >= 0) {
        totals[codes[i]] += values[i];
      }
    }
    return totals;
  }

  private static boolean isSign(double x) {
    return x == 0 || Math.abs(x) == 1;
  }

  private static double checked(double[] x, int i) {
    if (!(Math.abs(x[i]) <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "row " + i + " is " + x[i] + ": must be finite; leave out rows without a value");
    }
    return x[i];
  }
}
