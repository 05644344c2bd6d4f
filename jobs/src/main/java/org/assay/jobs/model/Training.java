package org.assay.jobs.model;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assay.Task;

/**
 * What a learner learns from.
 *
 * @param rows columns {@code label} (double; class codes), {@code weight} (double) and {@code
 *     features} (vector)
 * @param task the kind of label
 * @param classes number of classes; 0 for a regression
 * @param width number of features
 * @param weights whether weights other than 1 occur
 * @param seed of the learner's own randomness
 */
public record Training(
    Dataset<Row> rows, Task task, int classes, int width, Weights weights, long seed) {

  /** Whether rows have weights. */
  public enum Weights {
    EQUAL,
    GIVEN
  }
}
