package org.assay.importance;

import java.util.Arrays;
import org.assay.inference.Midranks;

/**
 * A column of numbers or of categories, as far as one looks at how it goes with others.
 *
 * @param name for messages and reports
 * @param values one per row: numbers, or codes of categories from 0; NaN is missing
 * @param isCategory whether the values are codes without an order
 */
public record Variable(String name, double[] values, boolean isCategory) {

  /** The most categories. */
  static final int MOST = 1 << 16;

  /** A column of numbers. */
  public static Variable number(String name, double... values) {
    return new Variable(name, values, false);
  }

  /** A column of categories, by code. */
  public static Variable category(String name, double... codes) {
    return new Variable(name, codes, true);
  }

  /** Checks codes. */
  public Variable {
    for (int i = 0; isCategory && i < values.length; i++) {
      double c = values[i];
      if (!(Double.isNaN(c) || c >= 0 && c < MOST && c == Math.rint(c))) {
        throw new IllegalArgumentException(
            "column '"
                + name
                + "', row "
                + i
                + ": "
                + c
                + " is no code of a category, a whole number from 0 to "
                + (MOST - 1));
      }
    }
  }

  /** Number of rows. */
  public int rows() {
    return values.length;
  }

  boolean isMissing(int row) {
    return Double.isNaN(values[row]);
  }

  boolean anyMissing() {
    return Arrays.stream(values).anyMatch(Double::isNaN);
  }

  /**
   * Codes from 0 without gaps, in the order of the values: categories as they are, numbers by parts
   * of equal size, equal numbers in one; missing values have the last code.
   *
   * @param parts of numbers, at least 2
   */
  int[] codes(int parts) {
    double[] coarse = values;
    if (!isCategory) {
      int[] there =
          java.util.stream.IntStream.range(0, rows()).filter(i -> !isMissing(i)).toArray();
      long[] ranks =
          Midranks.of(Arrays.stream(there).mapToDouble(i -> values[i]).toArray()).doubled();
      coarse = values.clone();
      for (int k = 0; k < there.length; k++) {
        coarse[there[k]] = Math.floorDiv((ranks[k] - 1) * parts, 2L * there.length);
      }
    }
    double[] kinds = Arrays.stream(coarse).sorted().distinct().toArray();
    int[] codes = new int[rows()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = Arrays.binarySearch(kinds, coarse[i]);
    }
    return codes;
  }
}
