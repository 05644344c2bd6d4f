package org.assay.jobs.frame;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * The features of rows on their way to the rows that they are given to, by one shuffle for all
 * repeats, and what a block received.
 *
 * @param chunks received rows, in any order: of each the repeat, the recipient's place, the unit of
 *     the donor, its text codes and its numbers
 */
public record Donated(List<byte[]> chunks, int repeats) implements Serializable {
  private static final int CHUNK = 1 << 16;

  /**
   * To whom the rows of a block are given, repeat by repeat.
   *
   * @param block the recipient's block; -1 for rows that are given to none
   * @param place the recipient's place there
   */
  public record Recipients(int[] block, long[] place) {}

  /** Finds the recipients of the rows of a block. */
  public interface Finder extends Serializable {
    /** A new object. */
    Recipients of(Block block);
  }

  /** What every block of a frame receives; partition i is block i. */
  public static JavaRDD<Donated> shuffle(Frame frame, Finder finder, int repeats, long[] starts) {
    int blocks = frame.blockCount();
    int texts = frame.schema().textFeatures();
    int slots = frame.schema().slots();
    boolean grouped = frame.schema().data().group().isPresent();
    return frame
        .blocks()
        .flatMapToPair(
            block -> {
              Recipients recipients = finder.of(block);
              return new Sending(
                  block, recipients, texts, slots, grouped, starts[block.number()], blocks);
            })
        .partitionBy(new ByNumber(blocks))
        .mapPartitions(
            received -> {
              List<byte[]> chunks = new ArrayList<>();
              received.forEachRemaining(chunk -> chunks.add(chunk._2()));
              return Collections.singleton(new Donated(chunks, repeats)).iterator();
            },
            true);
  }

  /** Chunks of rows, one recipient block after the other, so that few are open at a time. */
  private static final class Sending implements Iterator<Tuple2<Integer, byte[]>> {
    private final Block block;
    private final Recipients recipients;
    private final int texts;
    private final int slots;
    private final boolean grouped;
    private final long start;
    private final int rowBytes;

    /** Numbers of what is sent, by recipient block. */
    private final int[] order;

    private int at;

    Sending(
        Block block,
        Recipients recipients,
        int texts,
        int slots,
        boolean grouped,
        long start,
        int blocks) {
      this.block = block;
      this.recipients = recipients;
      this.texts = texts;
      this.slots = slots;
      this.grouped = grouped;
      this.start = start;
      this.rowBytes = Integer.BYTES * (1 + texts) + Long.BYTES * (2 + slots);
      int[] next = new int[blocks + 1];
      for (int to : recipients.block()) {
        if (to >= 0) {
          next[to + 1]++;
        }
      }
      Arrays.parallelPrefix(next, Integer::sum);
      order = new int[next[blocks]];
      for (int i = 0; i < recipients.block().length; i++) {
        if (recipients.block()[i] >= 0) {
          order[next[recipients.block()[i]]++] = i;
        }
      }
    }

    @Override
    public boolean hasNext() {
      return at < order.length;
    }

    @Override
    public Tuple2<Integer, byte[]> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no more rows");
      }
      int to = recipients.block()[order[at]];
      int end = at;
      int most = Math.max(1, CHUNK / rowBytes);
      while (end < order.length && end - at < most && recipients.block()[order[end]] == to) {
        end++;
      }
      ByteBuffer chunk = ByteBuffer.allocate((end - at) * rowBytes);
      for (; at < end; at++) {
        int row = order[at] % block.size();
        chunk.putInt(order[at] / block.size()).putLong(recipients.place()[order[at]]);
        chunk.putLong(grouped ? block.group[row] : start + row);
        for (int t = 0; t < texts; t++) {
          chunk.putInt(block.text[t][row]);
        }
        for (int s = 0; s < slots; s++) {
          chunk.putDouble(block.numeric[s][row]);
        }
      }
      return new Tuple2<>(to, chunk.array());
    }
  }

  /**
   * The features given to the rows of a block, by repeat.
   *
   * @param place the places of the block's rows; -1 for those that are given nothing
   */
  public List<Block> blocks(Schema schema, Block block, long[] place) {
    Map<Long, Integer> rows = new HashMap<>();
    for (int i = 0; i < place.length; i++) {
      if (place[i] >= 0) {
        rows.put(place[i], i);
      }
    }
    List<Block> given = new ArrayList<>();
    for (int r = 0; r < repeats; r++) {
      given.add(Block.empty(schema, block.number(), block.size()));
    }
    for (byte[] bytes : chunks) {
      ByteBuffer chunk = ByteBuffer.wrap(bytes);
      while (chunk.hasRemaining()) {
        Block to = given.get(chunk.getInt());
        int i = rows.get(chunk.getLong());
        to.group[i] = chunk.getLong();
        for (int[] column : to.text) {
          column[i] = chunk.getInt();
        }
        for (double[] column : to.numeric) {
          column[i] = chunk.getDouble();
        }
      }
    }
    return given;
  }
}
