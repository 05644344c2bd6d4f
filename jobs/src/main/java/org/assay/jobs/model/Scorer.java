package org.assay.jobs.model;

import java.io.Serializable;
import org.apache.spark.ml.linalg.Vector;
import org.assay.metric.Target;

/** A fitted model as tasks use it. Thread-safe. */
public interface Scorer extends Serializable {

  /** What {@link #score} fills in. */
  Target.Scores scores();

  /**
   * Scores one row.
   *
   * @param features the row, as it was learned from
   * @param scores receives one score of the positive class (binary) or one per class; unused when
   *     there are none
   * @return the predicted class code or number
   */
  double score(Vector features, double[] scores);
}
