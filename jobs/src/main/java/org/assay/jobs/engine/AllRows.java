package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;

/** Batches carried out by tasks that hold all rows: blocks are broadcast once, in one Spark job. */
final class AllRows {
  private AllRows() {}

  /** What a task does with a batch. */
  interface Work extends Serializable {
    /**
     * Fits, scores, and writes the predictions.
     *
     * @param blocks all blocks, in order
     */
    Batch.Report of(Batch batch, List<Block> blocks);
  }

  /**
   * Carries out batches, a task each. The plan has checked that the rows fit.
   *
   * @param what the work as a person reads it
   */
  static void run(
      JavaSparkContext context,
      Frame frame,
      String what,
      List<Batch> batches,
      Work work,
      Ledger ledger,
      Progress progress) {
    context.setJobDescription(what);
    List<Block> all = new ArrayList<>(frame.blocks().collect()); // the plan has checked the bound
    all.sort(Comparator.comparingInt(Block::number));
    Broadcast<List<Block>> blocks = context.broadcast(all);
    Broadcast<List<Batch>> shared = context.broadcast(new ArrayList<>(batches));
    try {
      Tasks.run(
          context,
          what,
          batches.size(),
          task -> work.of(shared.value().get(task), blocks.value()),
          (task, report) -> ledger.settle(batches.get(task), report),
          progress);
    } finally {
      blocks.destroy();
      shared.destroy();
    }
  }
}
