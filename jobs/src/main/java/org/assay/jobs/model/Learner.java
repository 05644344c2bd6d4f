package org.assay.jobs.model;

import java.util.Map;
import java.util.Optional;
import org.assay.Task;

/**
 * An algorithm that fits models. To add one, write one class with
 * {@code @AutoService(Learner.class)} and a public constructor without arguments; one around a
 * Spark ML estimator extends {@link SparkLearner} and is a few lines.
 */
public interface Learner {

  /** The {@code estimator} name in configurations, in kebab-case. */
  String name();

  /** Null when it can learn such labels, else the reason it cannot, as a clause: "learns ...". */
  String refusal(Task task);

  /** What its scores mean for such labels. */
  org.assay.metric.Target.Scores scores(Task task, Map<String, Object> params);

  /**
   * Checks parameters without data.
   *
   * @param where the configuration key that errors name
   * @throws org.assay.UserException for an unknown name or a value that the learner refuses
   */
  void check(String where, Map<String, Object> params);

  /** Whether it makes of a row of weight 2 what it makes of two rows, with parameters checked. */
  default boolean heedsWeights(Map<String, Object> params) {
    return true;
  }

  /** How it trains together with others, if it can. */
  default Optional<Batched> batched() {
    return Optional.empty();
  }

  /** How it trains in one task, if it can. */
  default Optional<Local> local() {
    return Optional.empty();
  }

  /**
   * Null when the engine {@code cluster} can fit it with these parameters, else the reason it
   * cannot, as a clause.
   */
  default String clusterRefusal(Task task, Map<String, Object> params) {
    return null;
  }

  /** Fits a model. Whatever it throws makes this fit a failed cell. */
  Scorer fit(Training training, Map<String, Object> params);
}
