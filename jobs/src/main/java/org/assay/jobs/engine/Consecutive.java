package org.assay.jobs.engine;

import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/**
 * Puts partitions together in their order, as many in each group as in any other, plus or minus
 * one; Spark's own way looks at where they are stored, so that groups differ from run to run.
 */
final class Consecutive implements PartitionCoalescer, Serializable {
  private static final long serialVersionUID = 1L;

  /** The partitions in at most so many groups, each read from its first partition to its last. */
  static <T> JavaRDD<T> groups(JavaRDD<T> rdd, int most) {
    int groups = Math.min(most, rdd.getNumPartitions());
    return rdd.rdd()
        .coalesce(groups, /* shuffle= */ false, Option.apply(new Consecutive()), null)
        .toJavaRDD();
  }

  @Override
  public PartitionGroup[] coalesce(int most, RDD<?> parent) {
    int partitions = parent.partitions().length;
    PartitionGroup[] groups = new PartitionGroup[most];
    for (int g = 0; g < most; g++) {
      groups[g] = new PartitionGroup(Option.empty());
      long from = (long) partitions * g / most;
      long to = (long) partitions * (g + 1) / most;
      for (long p = from; p < to; p++) {
        groups[g].partitions().addOne(parent.partitions()[(int) p]);
      }
    }
    return groups;
  }
}
