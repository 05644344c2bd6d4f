package org.assay.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rows of any table with random values, and now and then the awkward ones of each type. */
public final class RandomRows {
  private static final String[] TEXTS = {
    "",
    " ",
    "ı İ i I",
    "日本語",
    "\ud83d\ude00",
    "a\nb\tc",
    "'\";--",
    "\u0000",
    "x".repeat(3000),
    "-0.0",
    "null",
    "NaN"
  };
  private static final double[] NUMBERS = {
    0,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    0.1
  };

  private RandomRows() {}

  /** Rows as the values of their columns. */
  static List<Object[]> of(Table<?> table, int rows, long seed) {
    Random random = new Random(seed);
    List<Object[]> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      all.add(table.columns().stream().map(c -> value(c, random)).toArray());
    }
    return all;
  }

  /** The same as records. */
  public static <T extends Record> List<T> records(Table<T> table, int rows, long seed) {
    return of(table, rows, seed).stream().map(table::row).toList();
  }

  private static Object value(Column column, Random random) {
    if (column.isNullable() && random.nextInt(4) == 0) {
      return null;
    }
    return switch (column.type()) {
      case TEXT ->
          random.nextBoolean()
              ? TEXTS[random.nextInt(TEXTS.length)]
              : Long.toString(random.nextLong(), 36);
      case INT -> random.nextInt();
      case LONG -> random.nextLong();
      case DOUBLE -> number(random);
      case BOOLEAN -> random.nextBoolean();
      case DOUBLES -> random.doubles(random.nextInt(4)).map(x -> number(random)).toArray();
      case INSTANT -> Instant.ofEpochSecond(random.nextInt(), 1000L * random.nextInt(1_000_000));
    };
  }

  private static double number(Random random) {
    return random.nextBoolean() ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextGaussian();
  }
}
