package org.assay.jobs.frame;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import scala.Tuple2;

/**
 * Encoded rows on their way to their blocks: many at a time, for a shuffle pays for each record.
 *
 * <p>A chunk is rows of one block, each behind its length. A task holds chunks of {@value #MOST}
 * bytes in all, and of {@value #FULL} bytes or a row each, until it sends them.
 */
final class RowChunks implements Iterator<Tuple2<Integer, byte[]>> {
  /** Bytes of a chunk that is sent at once. */
  private static final int FULL = 1 << 16;

  /** Bytes at which all chunks are sent, however small. */
  private static final int MOST = 1 << 25;

  private final Iterator<byte[]> rows;
  private final int blocks;
  private final ByteBuffer[] open;
  private final ArrayDeque<Tuple2<Integer, byte[]>> ready = new ArrayDeque<>();
  private long held;

  /** Chunks of encoded rows, for so many blocks. */
  RowChunks(Iterator<byte[]> rows, int blocks) {
    this.rows = rows;
    this.blocks = blocks;
    this.open = new ByteBuffer[blocks];
  }

  /** The block of a row: by the high bits of its key, so that blocks are consecutive in order. */
  static int block(long key, int blocks) {
    long high = Math.multiplyHigh(key, blocks);
    return (int) (key < 0 ? high + blocks : high);
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && rows.hasNext()) {
      add(rows.next());
    }
    if (ready.isEmpty()) {
      sendAll();
    }
    return !ready.isEmpty();
  }

  @Override
  public Tuple2<Integer, byte[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more rows");
    }
    return ready.poll();
  }

  private void add(byte[] row) {
    int block = block(RowCodec.key(row), blocks);
    int size = Integer.BYTES + row.length;
    ByteBuffer chunk = open[block];
    if (chunk == null || chunk.remaining() < size) {
      ByteBuffer larger = room(chunk, size);
      if (larger == null) {
        send(block);
        larger = room(null, size);
      }
      held += larger.capacity() - (open[block] == null ? 0 : open[block].capacity());
      open[block] = larger;
      chunk = larger;
    }
    chunk.putInt(row.length).put(row);
    if (held > MOST) {
      sendAll();
    }
  }

  /** What the chunk holds, with room for more; null when it is full. */
  private static ByteBuffer room(ByteBuffer chunk, int more) {
    if (chunk == null) {
      return ByteBuffer.allocate(Math.max(more, 1 << 10));
    }
    if (chunk.position() + more > FULL) {
      return null;
    }
    int size = Math.min(FULL, Math.max(2 * chunk.capacity(), chunk.position() + more));
    return ByteBuffer.allocate(size).put(chunk.flip());
  }

  private void send(int block) {
    ByteBuffer chunk = open[block];
    if (chunk != null) {
      byte[] filled = new byte[chunk.position()];
      chunk.flip().get(filled);
      ready.add(new Tuple2<>(block, filled));
      held -= chunk.capacity();
      open[block] = null;
    }
  }

  private void sendAll() {
    for (int block = 0; block < blocks; block++) {
      send(block);
    }
  }

  /**
   * One row of a chunk.
   *
   * @param key its first 8 bytes
   * @param from where its bytes begin
   * @param to where they end
   */
  private record Place(long key, byte[] chunk, int from, int to) {
    static final Comparator<Place> ORDER =
        (a, b) -> {
          int order = Long.compareUnsigned(a.key, b.key);
          return order != 0
              ? order
              : Arrays.compareUnsigned(a.chunk, a.from, a.to, b.chunk, b.from, b.to);
        };

    ByteBuffer bytes() {
      return ByteBuffer.wrap(chunk, from, to - from);
    }
  }

  /** The rows of a block's chunks, in canonical order whatever the order of the chunks. */
  static Block block(int number, Iterator<Tuple2<Integer, byte[]>> chunks, Schema schema) {
    List<Place> rows = new ArrayList<>();
    while (chunks.hasNext()) {
      byte[] chunk = chunks.next()._2();
      ByteBuffer buffer = ByteBuffer.wrap(chunk);
      while (buffer.hasRemaining()) {
        int length = buffer.getInt();
        int from = buffer.position();
        rows.add(new Place(buffer.getLong(from), chunk, from, from + length));
        buffer.position(from + length);
      }
    }
    rows.sort(Place.ORDER);
    Block block = new Block(number, rows.size(), schema);
    for (int i = 0; i < rows.size(); i++) {
      RowCodec.decode(rows.get(i).bytes(), block, i);
    }
    return block;
  }
}
