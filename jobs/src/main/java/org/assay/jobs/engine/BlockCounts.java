package org.assay.jobs.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assay.design.Design;
import org.assay.jobs.frame.Block;

/**
 * How often the rows of a block count in the replicates of a batch: each found once, and for all
 * folds of a repeat together which of them holds out each row. Not thread-safe.
 */
final class BlockCounts {
  private record Repeat(String design, int repeat) {}

  private final Batch batch;
  private final Block block;
  private final Map<Integer, double[]> times = new HashMap<>();
  private final Map<Repeat, int[]> holders = new HashMap<>();

  BlockCounts(Batch batch, Block block) {
    this.batch = batch;
    this.block = block;
  }

  static List<BlockCounts> of(Batch batch, List<Block> blocks) {
    return blocks.stream().map(block -> new BlockCounts(batch, block)).toList();
  }

  Block block() {
    return block;
  }

  /** How often each row counts in training in a unit, which may be {@link Batch#ALL}. */
  double[] times(int unit) {
    return times.computeIfAbsent(unit, this::find);
  }

  private double[] find(int number) {
    double[] found = new double[block.size()];
    if (number == Batch.ALL) {
      Arrays.fill(found, 1);
      return found;
    }
    Batch.Unit unit = batch.units().get(number);
    if (unit.placement().design().isPartition()) {
      int[] holder = holders(unit);
      for (int i = 0; i < found.length; i++) {
        found[i] = holder[i] < 0 || holder[i] == unit.replicate() ? 0 : 1;
      }
      return found;
    }
    int[] weights = unit.placement().weights(unit.replicate(), block);
    for (int i = 0; i < found.length; i++) {
      found[i] = Math.max(0, weights[i]);
    }
    return found;
  }

  /** The rows that a unit is tested on, ascending. */
  int[] held(int number) {
    Batch.Unit unit = batch.units().get(number);
    if (!unit.placement().design().isPartition()) {
      return unit.placement().tested(unit.replicate(), block);
    }
    int[] holder = holders(unit);
    return IntStream.range(0, holder.length).filter(i -> holder[i] == unit.replicate()).toArray();
  }

  private int[] holders(Batch.Unit unit) {
    Design design = unit.placement().design();
    int repeat = design.split(unit.replicate()).repeat();
    return holders.computeIfAbsent(
        new Repeat(unit.design(), repeat), r -> unit.placement().holders(repeat, block));
  }
}
