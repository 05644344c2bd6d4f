package org.assay.jobs.frame;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.assay.design.Design;
import org.assay.design.Plan;

/**
 * A design laid over a frame: the weights of the rows of any of its blocks.
 *
 * @param design the design, bound to the frame's population
 * @param needs what it may see of the rows
 * @param strata the strata it was bound with
 */
public record Placement(Design design, Plan.Needs needs, Strata strata) implements Serializable {

  /**
   * Training weights of a block's rows in one replicate, as {@link Design#fill} defines them; a new
   * array.
   */
  public int[] weights(int replicate, Block block) {
    int[] weights = new int[block.size()];
    design.fill(replicate, block.rows(needs, strata), weights);
    return weights;
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
