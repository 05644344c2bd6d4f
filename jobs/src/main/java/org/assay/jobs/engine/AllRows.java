package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;

/**
 * Work of tasks that hold all rows: blocks are broadcast once. The plan has checked that they fit.
 */
final class AllRows implements AutoCloseable {
  private final JavaSparkContext context;
  private final Broadcast<List<Block>> blocks;

  AllRows(JavaSparkContext context, Frame frame, String what) {
    this.context = context;
    context.setJobDescription(what);
    List<Block> all = new ArrayList<>(frame.blocks().collect()); // the plan has checked the bound
    all.sort(Comparator.comparingInt(Block::number));
    blocks = context.broadcast(all);
  }

  /** All blocks, in order. */
  Broadcast<List<Block>> blocks() {
    return blocks;
  }

  /** What a task does with a piece of work. */
  interface Work<T, R> extends Serializable {
    /**
     * The result.
     *
     * @param blocks all blocks, in order
     */
    R of(T piece, List<Block> blocks);
  }

  /**
   * Does pieces of work, a task each.
   *
   * @param what the work as a person reads it
   * @param received receives number and result of each, one at a time, in any order
   */
  <T, R> void run(
      String what,
      List<T> pieces,
      Work<T, R> work,
      BiConsumer<Integer, R> received,
      Progress progress) {
    Broadcast<List<T>> shared = context.broadcast(new ArrayList<>(pieces));
    Broadcast<List<Block>> rows = blocks;
    try {
      Tasks.run(
          context,
          what,
          pieces.size(),
          task -> work.of(shared.value().get(task), rows.value()),
          received,
          progress);
    } finally {
      shared.destroy();
    }
  }

  @Override
  public void close() {
    blocks.destroy();
  }
}
