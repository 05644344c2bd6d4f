package org.assay.jobs.frame;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.assay.design.Design;
import org.assay.design.Plan;
import org.assay.design.Rows;
import org.assay.random.Keyed;

/**
 * A design laid over a frame: the weights of the rows of any of its blocks, and their labels.
 *
 * @param design the design, bound to the frame's population
 * @param needs what it may see of the rows
 * @param strata the strata it was bound with
 * @param relabelling the labels that rows have in place of their own; null when they keep these
 */
public record Placement(Design design, Plan.Needs needs, Strata strata, Relabelling relabelling)
    implements Serializable {

  /** A design over rows that keep their labels. */
  public Placement(Design design, Plan.Needs needs, Strata strata) {
    this(design, needs, strata, null);
  }

  /** Hexadecimal digits that stand for the design and the labels. */
  public String fingerprint() {
    return relabelling == null
        ? design.fingerprint()
        : String.format("%016x", Keyed.hash(design.fingerprint() + " " + relabelling.name()));
  }

  /** The labels of a block's rows; not to be changed. */
  public double[] labels(Block block) {
    return block.labels(relabelling);
  }

  /**
   * Training weights of a block's rows in one replicate, as {@link Design#fill} defines them; a new
   * array.
   */
  public int[] weights(int replicate, Block block) {
    int[] weights = new int[block.size()];
    design.fill(replicate, rows(block), weights);
    return weights;
  }

  /** Of a repeat of a partition: the replicate that holds out each row of a block, -1 for none. */
  public int[] holders(int repeat, Block block) {
    int[] replicate = new int[block.size()];
    design.holders(repeat, rows(block), replicate);
    return replicate;
  }

  /** What the design may see of a block. */
  Rows rows(Block block) {
    return block.rows(needs, strata, needs.strata() ? labels(block) : null);
  }

  /** The rows of a block that a replicate is tested on, ascending; a new array. */
  public int[] tested(int replicate, Block block) {
    return where(weights(replicate, block), design::tests);
  }

  /** The rows of a block that a replicate trains on, each once, ascending; a new array. */
  public int[] trained(int replicate, Block block) {
    return where(weights(replicate, block), weight -> weight > 0);
  }

  private static int[] where(int[] weights, IntPredicate is) {
    int n = 0;
    for (int i = 0; i < weights.length; i++) {
      if (is.test(weights[i])) {
        weights[n++] = i;
      }
    }
    return Arrays.copyOf(weights, n);
  }
}
