package org.assay.jobs.model;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.linalg.Vector;
import org.assay.fit.Model;
import org.assay.importance.Forest;
import org.assay.importance.NativeImportance;
import org.assay.importance.RowFunction;
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

  /**
   * A model of this library, which answers many rows at once.
   *
   * @param decision makes predictions of its outputs
   */
  record Many(Model model, Decision decision) implements Serializable {}

  /** It as a model of this library; empty when it is none. */
  default Optional<Many> many() {
    return Optional.empty();
  }

  /**
   * The same for many rows at once: of each the prediction, then the scores; empty when rows are
   * answered one by one.
   */
  default Optional<RowFunction> batch() {
    return Optional.empty();
  }

  /**
   * A model as trees.
   *
   * @param decision makes predictions of its outputs
   */
  record Trees(Forest forest, Decision decision) implements Serializable {}

  /**
   * The trees that it is made of, to be asked again and again faster; empty when it is not.
   *
   * @param width number of features
   */
  default Optional<Trees> trees(int width) {
    return Optional.empty();
  }

  /** What the model itself says of its features; empty when it says nothing. */
  default List<NativeImportance> importances() {
    return List.of();
  }
}
