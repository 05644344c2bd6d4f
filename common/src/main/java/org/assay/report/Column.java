package org.assay.report;

import java.time.Instant;

/**
 * A column of a report table.
 *
 * @param name its name in files, in snake_case
 * @param type what it holds
 * @param isNullable whether null is allowed
 * @param isVolatile whether it is left out of the report's hash
 */
public record Column(String name, Type type, boolean isNullable, boolean isVolatile) {

  /**
   * What a column holds: the Java class of its values in a row of objects, and so its type in
   * Parquet.
   */
  public enum Type {
    /** Parquet BYTE_ARRAY (STRING), UTF-8. */
    TEXT(String.class),
    /** Parquet INT32. */
    INT(Integer.class),
    /** Parquet INT64. */
    LONG(Long.class),
    /** Parquet DOUBLE. */
    DOUBLE(Double.class),
    /** Parquet BOOLEAN. */
    BOOLEAN(Boolean.class),
    /** A three-level Parquet LIST of required DOUBLE; the Java value is a {@code double[]}. */
    DOUBLES(double[].class),
    /** Parquet INT64 (TIMESTAMP, microseconds, UTC). */
    INSTANT(Instant.class);

    private final Class<?> javaClass;

    Type(Class<?> javaClass) {
      this.javaClass = javaClass;
    }

    /** The class of the values, boxed. */
    public Class<?> javaClass() {
      return javaClass;
    }

    static Type of(Class<?> type) {
      if (type == String.class) {
        return TEXT;
      } else if (type == int.class) {
        return INT;
      } else if (type == long.class || type == Long.class) {
        return LONG;
      } else if (type == double.class || type == Double.class) {
        return DOUBLE;
      } else if (type == boolean.class) {
        return BOOLEAN;
      } else if (type == double[].class) {
        return DOUBLES;
      } else if (type == Instant.class) {
        return INSTANT;
      }
      throw new IllegalArgumentException(
          type.getName()
              + " cannot be a column: use String, int, long, double, boolean, Long, Double, double[] or Instant");
    }
  }
}
