package org.assay.jobs.frame;

import java.nio.ByteBuffer;
import org.assay.random.Keyed;

/**
 * One row as bytes whose unsigned lexicographic order is the canonical order: by key, then by id,
 * then by content.
 *
 * <p>Layout, big-endian: key 8; id length 4 and bytes; label 8; weight 8; group 8; time 8; fold 4;
 * text codes 4 each; numeric slots 8 each; predicted slots 8 each; parts without a column in the
 * configuration are absent. Missing numbers are one NaN, and -0.0 is written as 0.0, so equal rows
 * have equal bytes.
 */
final class RowCodec {
  private RowCodec() {}

  static byte[] encode(
      byte[] id,
      double label,
      Double weight,
      Long group,
      Long time,
      Integer fold,
      int[] text,
      double[] numeric,
      double[] predicted) {
    int length =
        8
            + (id == null ? 0 : 4 + id.length)
            + 8
            + (weight == null ? 0 : 8)
            + (group == null ? 0 : 8)
            + (time == null ? 0 : 8)
            + (fold == null ? 0 : 4)
            + 4 * text.length
            + 8 * (numeric.length + predicted.length);
    ByteBuffer buffer = ByteBuffer.allocate(length);
    buffer.putLong(0);
    if (id != null) {
      buffer.putInt(id.length).put(id);
    }
    put(buffer, label);
    if (weight != null) {
      put(buffer, weight);
    }
    if (group != null) {
      buffer.putLong(group);
    }
    if (time != null) {
      buffer.putLong(time);
    }
    if (fold != null) {
      buffer.putInt(fold);
    }
    for (int code : text) {
      buffer.putInt(code);
    }
    for (double value : numeric) {
      put(buffer, value);
    }
    for (double value : predicted) {
      put(buffer, value);
    }
    byte[] bytes = buffer.array();
    buffer.putLong(
        0, id != null ? Keyed.hash(id, 0, id.length) : Keyed.hash(bytes, 8, bytes.length));
    return bytes;
  }

  private static void put(ByteBuffer buffer, double value) {
    buffer.putLong(Double.doubleToLongBits(value == 0 ? 0.0 : value));
  }

  static long key(byte[] row) {
    return ByteBuffer.wrap(row).getLong(0);
  }

  /** Reads a row into a block's place i. */
  static void decode(ByteBuffer buffer, Block block, int i) {
    block.key[i] = buffer.getLong();
    if (block.id != null) {
      block.id[i] = new byte[buffer.getInt()];
      buffer.get(block.id[i]);
    }
    block.label[i] = buffer.getDouble();
    if (block.weight != null) {
      block.weight[i] = buffer.getDouble();
    }
    if (block.group != null) {
      block.group[i] = buffer.getLong();
    }
    if (block.time != null) {
      block.time[i] = buffer.getLong();
    }
    if (block.fold != null) {
      block.fold[i] = buffer.getInt();
    }
    for (int[] column : block.text) {
      column[i] = buffer.getInt();
    }
    for (double[] column : block.numeric) {
      column[i] = buffer.getDouble();
    }
    for (double[] column : block.predicted) {
      column[i] = buffer.getDouble();
    }
  }
}
