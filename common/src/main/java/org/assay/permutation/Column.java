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
 * bytes per row, with slices 13 bytes per row that is not 0; for columns of -1, 0 and 1 at most 20
 * bytes per 64 rows and slice among them.
 *
 * <p>Immutable and thread-safe.
 */
public abstract class Column implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Shape shape;
  private final long[] totals;
  private final double[] squares;

  Column(Shape shape, Entries entries) {
    this.shape = shape;
    this.totals = new long[shape.slices];
    this.squares = new double[shape.slices];
    for (int e = 0; e < entries.size; e++) {
      double x = shape.scale.value(entries.units[e]);
      totals[entries.codes[e]] += entries.units[e];
      squares[entries.codes[e]] += x * x;
    }
  }

  /** What a column is besides its numbers; {@code rounded} of them are not exact. */
  record Shape(long firstRow, int rows, int slices, FixedPoint scale, int rounded)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Number of words that hold a row. */
    int words() {
      return rows == 0 ? 0 : (int) ((firstRow + rows - 1 >>> 6) - (firstRow >>> 6)) + 1;
    }

    /** The place of the first row in its word. */
    int shift() {
      return (int) firstRow & 63;
    }
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
      signs &= x[i] == 0 || Math.abs(x[i]) == 1;
    }
    return part(0, x, signs ? FixedPoint.WHOLE : FixedPoint.of(x.length, largest));
  }

  /**
   * The rows from {@code firstRow} on, in a unit that all parts share.
   *
   * @param firstRow at least 0
   * @param x one number per row, finite
   * @param scale made for the number of rows and the largest number of all parts; {@link
   *     FixedPoint#WHOLE} for whole numbers
   * @throws IllegalArgumentException if a number is NaN or infinite
   */
  public static Column part(long firstRow, double[] x, FixedPoint scale) {
    if (firstRow < 0) {
      throw new IllegalArgumentException("first row " + firstRow + ": must not be negative");
    }
    Entries entries = new Entries();
    int rounded = 0;
    for (int i = 0; i < x.length; i++) {
      long units = scale.units(checked(x, i));
      entries.add(i, 0, units);
      rounded += scale.value(units) == x[i] ? 0 : 1;
    }
    return of(new Shape(firstRow, x.length, 1, scale, rounded), entries);
  }

  /**
   * All rows, as whole numbers.
   *
   * @param x one number per row; the sum of their sizes at most 2^61
   * @throws IllegalArgumentException if it is larger
   */
  public static Column whole(long[] x) {
    Entries entries = new Entries();
    long sizes = 0;
    for (int i = 0; i < x.length; i++) {
      entries.add(i, 0, x[i]);
      // A size is negative when it is 2^63, the sum when it is more than that.
      long size = Math.abs(x[i]);
      sizes += size;
      if (size < 0 || sizes < 0 || sizes > 1L << 61) {
        throw new IllegalArgumentException(
            "whole numbers whose sizes add up to more than 2^61: divide them by a common factor");
      }
    }
    return of(new Shape(0, x.length, 1, FixedPoint.WHOLE, 0), entries);
  }

  private static Column of(Shape shape, Entries entries) {
    if (shape.scale.equals(FixedPoint.WHOLE) && entries.areSigns()) {
      return new SignColumn(shape, entries);
    }
    return shape.slices == 1 ? new TableColumn(shape, entries) : new SlicedColumn(shape, entries);
  }

  /**
   * The same numbers, to be summed by slice.
   *
   * @param codes of each row, the slice it is in, from 0; negative when it is in none
   * @param slices how many there are, at least 1
   * @throws IllegalArgumentException if there is not one code per row, or one is too large
   */
  public final Column by(int[] codes, int slices) {
    checkCodes("slice", codes, slices);
    return of(
        new Shape(shape.firstRow, shape.rows, slices, shape.scale, shape.rounded),
        entries().by(codes));
  }

  /**
   * The sums of this column over units of rows that always go together, such as all rows of a
   * group: a column whose rows are the units. Slices stay; a unit may have rows in several.
   *
   * @param units of each row, its unit, from 0; negative when it is left out
   * @param count how many units there are
   * @throws IllegalArgumentException if there is not one unit per row, or one is too large
   */
  public final Column joined(int[] units, int count) {
    checkCodes("unit", units, count);
    return of(
        new Shape(0, count, shape.slices, shape.scale, shape.rounded),
        entries().joined(units, count));
  }

  private void checkCodes(String what, int[] codes, int count) {
    if (codes.length != shape.rows) {
      throw new IllegalArgumentException(
          codes.length + " " + what + " codes for " + shape.rows + " rows: must be one per row");
    }
    for (int code : codes) {
      if (code >= count) {
        throw new IllegalArgumentException(
            what + " " + code + ": must be below the number of them, " + count);
      }
    }
  }

  /**
   * Adds the sums of one word of rows to those of the batch.
   *
   * @param word counted from the one that the first row is in
   * @param output where the sums of the first slice are in {@code batch.sums}
   */
  abstract void add(int word, Batch batch, int output);

  /** What the column holds. */
  abstract Entries entries();

  final Shape shape() {
    return shape;
  }

  /** Number of rows. */
  public final int rows() {
    return shape.rows;
  }

  /** Number of slices: sums per replicate; 1 when the column was not sliced. */
  public final int slices() {
    return shape.slices;
  }

  /** What the sums are counted in. */
  public final FixedPoint scale() {
    return shape.scale;
  }

  /** The sum of all rows of a slice, in units of the scale. */
  public final long total(int slice) {
    return totals[slice];
  }

  /** The sum of the squares of a slice's numbers. */
  final double squares(int slice) {
    return squares[slice];
  }

  private static double checked(double[] x, int i) {
    if (!(Math.abs(x[i]) <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "row " + i + " is " + x[i] + ": must be finite; leave out rows without a value");
    }
    return x[i];
  }
}
