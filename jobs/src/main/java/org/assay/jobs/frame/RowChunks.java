package org.assay.jobs.frame;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** Rows of several chunks by number: where each one's bytes are. */
  static final class Rows {
    private final List<byte[]> chunks = new ArrayList<>();
    private int[] chunk = new int[1 << 10];
    private int[] from = new int[1 << 10];
    private int[] to = new int[1 << 10];
    private long[] key = new long[1 << 10];
    private int size;

    void add(byte[] rows) {
      ByteBuffer buffer = ByteBuffer.wrap(rows);
      while (buffer.hasRemaining()) {
        if (size == key.length) {
          int more = size + (size >> 1);
          chunk = Arrays.copyOf(chunk, more);
          from = Arrays.copyOf(from, more);
          to = Arrays.copyOf(to, more);
          key = Arrays.copyOf(key, more);
        }
        int length = buffer.getInt();
        chunk[size] = chunks.size();
        from[size] = buffer.position();
        to[size] = from[size] + length;
        key[size] = buffer.getLong(from[size]);
        buffer.position(to[size++]);
      }
      chunks.add(rows);
    }

    private int compare(int a, int b) {
      int order = Long.compareUnsigned(key[a], key[b]);
      return order != 0
          ? order
          : Arrays.compareUnsigned(
              chunks.get(chunk[a]), from[a], to[a], chunks.get(chunk[b]), from[b], to[b]);
    }

    /**
     * Numbers of the rows in the order of their bytes, the key first. Keys of a block lie in a
     * narrow range, over which they are spread evenly: the leading bits of where they lie in it
     * decide nearly always, and are sorted with the numbers in their last bits.
     */
    int[] sorted() {
      long least = -1;
      long most = 0;
      for (int i = 0; i < size; i++) {
        least = Long.compareUnsigned(key[i], least) < 0 ? key[i] : least;
        most = Long.compareUnsigned(key[i], most) > 0 ? key[i] : most;
      }
      int shift = Long.numberOfLeadingZeros(most - least | 1);
      long number = Long.highestOneBit(Math.max(1, size)) * 2 - 1;
      long[] packed = new long[size];
      for (int i = 0; i < size; i++) {
        packed[i] = (((key[i] - least) << shift & ~number) | i) ^ Long.MIN_VALUE;
      }
      Arrays.sort(packed);
      int[] order = new int[size];
      for (int i = 0; i < size; i++) {
        order[i] = (int) (packed[i] & number);
      }
      for (int i = 0; i < size; ) {
        int end = i + 1;
        while (end < size && ((packed[end] ^ packed[i]) & ~number) == 0) {
          end++;
        }
        if (end - i > 1) {
          Integer[] tied = new Integer[end - i];
          for (int k = i; k < end; k++) {
            tied[k - i] = order[k];
          }
          Arrays.sort(tied, this::compare);
          for (int k = i; k < end; k++) {
            order[k] = tied[k - i];
          }
        }
        i = end;
      }
      return order;
    }

    ByteBuffer bytes(int row) {
      return ByteBuffer.wrap(chunks.get(chunk[row]), from[row], to[row] - from[row]);
    }
  }

  /** The rows of a block's chunks, in canonical order whatever the order of the chunks. */
  static Block block(int number, Iterator<Tuple2<Integer, byte[]>> chunks, Schema schema) {
    Rows rows = new Rows();
    while (chunks.hasNext()) {
      rows.add(chunks.next()._2());
    }
    int[] order = rows.sorted();
    Block block = new Block(number, order.length, schema);
    for (int i = 0; i < order.length; i++) {
      RowCodec.decode(rows.bytes(order[i]), block, i);
    }
    return block;
  }
}
