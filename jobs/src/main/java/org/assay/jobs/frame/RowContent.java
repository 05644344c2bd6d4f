package org.assay.jobs.frame;

import org.assay.random.Keyed;

/** A hash of one row of a block, over every column it holds. */
final class RowContent {
  private RowContent() {}

  static long hash(Block block, int row) {
    long hash = block.id != null ? Keyed.hash(block.id[row], 0, block.id[row].length) : 0;
    hash = step(hash, Double.doubleToLongBits(block.label[row]));
    hash = step(hash, Double.doubleToLongBits(block.weight(row)));
    hash = step(hash, block.group == null ? 0 : block.group[row]);
    hash = step(hash, block.time == null ? 0 : block.time[row]);
    hash = step(hash, block.fold == null ? 0 : block.fold[row]);
    for (int[] column : block.text) {
      hash = step(hash, column[row]);
    }
    for (double[] column : block.numeric) {
      hash = step(hash, Double.doubleToLongBits(column[row]));
    }
    for (double[] column : block.predicted) {
      hash = step(hash, Double.doubleToLongBits(column[row]));
    }
    return hash;
  }

  private static long step(long hash, long value) {
    return Keyed.mix(hash * 0x9E3779B97F4A7C15L + value);
  }
}
