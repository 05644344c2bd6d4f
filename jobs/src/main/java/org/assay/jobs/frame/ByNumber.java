package org.assay.jobs.frame;

import org.apache.spark.Partitioner;

/** Records whose key is the number of their partition. */
public final class ByNumber extends Partitioner {
  private static final long serialVersionUID = 1L;
  private final int partitions;

  /** So many partitions. */
  public ByNumber(int partitions) {
    this.partitions = partitions;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object number) {
    return (Integer) number;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByNumber by && by.partitions == partitions;
  }

  @Override
  public int hashCode() {
    return partitions;
  }
}
