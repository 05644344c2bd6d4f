package org.assay.report;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * A hash of the content of result tables, independent of the order of rows, of files and of tasks.
 *
 * <p>Definition: the sum, modulo 2^256, of SHA-256 over a canonical encoding of each row; so a hash
 * of the multiset of rows. Equal content gives equal hashes; the hash of no rows is 0. It finds
 * accidents, not adversaries: a sum of hashes can be forged by whoever may add rows at will
 * (Bellare and Micciancio, EUROCRYPT 1997, doi:10.1007/3-540-69053-0_13).
 *
 * <p>Encoding of a row: the table's name, then for each column that is not {@link Volatile}: its
 * name, a byte for its type (0 for null) and its value. Texts are UTF-8 with their length before
 * them, numbers big-endian, lists have their length before them, instants are microseconds. All NaN
 * are one NaN. -0.0 and 0.0 are one number, as they are to whoever reads the table: which of the
 * two a sum ends in carries no result. Everything else counts to the last bit.
 *
 * <p>Not thread-safe; mergeable and serializable, so that tasks hash their parts.
 */
public final class ReportHash implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The sum, least significant 64 bits first. */
  private final long[] sum = new long[4];

  private long rows;
  private transient MessageDigest digest;
  private transient ByteBuffer buffer;

  /** The hash of no rows. */
  public ReportHash() {}

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if the whole table is volatile, or a column is null that must
   *     not be
   */
  public <T extends Record> void add(Table<T> table, T row) {
    addChecked(table, table.values(row));
  }

  /**
   * Adds a row given as objects in the order of the columns, as {@link Table#values} gives them.
   *
   * @throws IllegalArgumentException if the whole table is volatile, or the objects do not fit its
   *     columns
   */
  public void addValues(Table<?> table, Object... values) {
    table.check(values);
    addChecked(table, values);
  }

  /** Adds all rows of another hash, which stays as it is. */
  public void merge(ReportHash other) {
    add(other.sum[0], other.sum[1], other.sum[2], other.sum[3]);
    rows += other.rows;
  }

  /** How many rows were added. */
  public long rows() {
    return rows;
  }

  /** The hash as 64 hexadecimal digits. */
  public String hex() {
    StringBuilder hex = new StringBuilder(64);
    for (int i = 3; i >= 0; i--) {
      for (int shift = 60; shift >= 0; shift -= 4) {
        hex.append("0123456789abcdef".charAt((int) (sum[i] >>> shift) & 15));
      }
    }
    return hex.toString();
  }

  private void addChecked(Table<?> table, Object[] values) {
    if (table.isVolatile()) {
      throw new IllegalArgumentException(table.name() + " is no part of the report's hash");
    }
    if (buffer == null) {
      buffer = ByteBuffer.allocate(512);
    }
    buffer.clear();
    text(table.name());
    List<Column> columns = table.columns();
    for (int i = 0; i < values.length; i++) {
      if (!columns.get(i).isVolatile()) {
        text(columns.get(i).name());
        value(columns.get(i).type(), values[i]);
      }
    }
    ByteBuffer hash =
        ByteBuffer.wrap(sha256().digest(Arrays.copyOf(buffer.array(), buffer.position())));
    long h3 = hash.getLong();
    long h2 = hash.getLong();
    long h1 = hash.getLong();
    add(hash.getLong(), h1, h2, h3);
    rows++;
  }

  private void add(long h0, long h1, long h2, long h3) {
    long[] h = {h0, h1, h2, h3};
    long carry = 0;
    for (int i = 0; i < 4; i++) {
      long a = sum[i] + h[i];
      long carryOfSum = Long.compareUnsigned(a, h[i]) < 0 ? 1 : 0;
      long b = a + carry;
      carry = carryOfSum | (Long.compareUnsigned(b, a) < 0 ? 1 : 0);
      sum[i] = b;
    }
  }

  private void value(Column.Type type, Object value) {
    room(1);
    if (value == null) {
      buffer.put((byte) 0);
      return;
    }
    // The numbers are part of the format: never change or reuse one.
    switch (type) {
      case TEXT -> {
        buffer.put((byte) 1);
        text((String) value);
      }
      case INT -> {
        buffer.put((byte) 2);
        number((Integer) value);
      }
      case LONG -> {
        buffer.put((byte) 3);
        number((Long) value);
      }
      case DOUBLE -> {
        buffer.put((byte) 4);
        number(bits((Double) value));
      }
      case BOOLEAN -> {
        buffer.put((byte) 5);
        number((Boolean) value ? 1 : 0);
      }
      case DOUBLES -> {
        buffer.put((byte) 6);
        double[] numbers = (double[]) value;
        number(numbers.length);
        for (double number : numbers) {
          number(bits(number));
        }
      }
      case INSTANT -> {
        buffer.put((byte) 7);
        Instant instant = (Instant) value;
        number(
            Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000L),
                instant.getNano() / 1_000));
      }
    }
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    room(bytes.length);
    buffer.put(bytes);
  }

  private void number(long number) {
    room(Long.BYTES);
    buffer.putLong(number);
  }

  private static long bits(double number) {
    return Double.doubleToLongBits(number == 0 ? 0.0 : number);
  }

  private void room(int bytes) {
    if (buffer.remaining() < bytes) {
      int size =
          Math.max(
              Math.multiplyExact(2, buffer.capacity()), Math.addExact(buffer.position(), bytes));
      buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), size)).position(buffer.position());
    }
  }

  private MessageDigest sha256() {
    if (digest == null) {
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
    return digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReportHash that && rows == that.rows && Arrays.equals(sum, that.sum);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sum);
  }

  /** The hash and the number of rows, for messages. */
  @Override
  public String toString() {
    return hex() + " of " + rows + " rows";
  }
}
