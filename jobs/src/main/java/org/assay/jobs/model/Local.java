package org.assay.jobs.model;

import java.util.Map;
import org.assay.Task;
import org.assay.fit.Examples;
import org.assay.fit.Model;

/**
 * How a learner of a single machine trains in the engine {@code task}: whole fits, each in a task
 * that holds the rows. To add such a learner, write one class: a {@link Learner} that gives this.
 */
public interface Local {

  /**
   * What a fit learns from.
   *
   * @param rows the training rows in canonical order; a row that counts k times has k times its
   *     weight
   * @param nominal of each feature: whether its numbers are codes of categories
   * @param classes number of classes; 0 for a regression
   * @param seed of the learner's own randomness
   * @param threads that it may use
   */
  record Given(Examples rows, boolean[] nominal, Task task, int classes, long seed, int threads) {}

  /** Null when these parameters suit such labels, else the reason, as a clause. */
  String refusal(Task task, Map<String, Object> params);

  /** Fits a model. Whatever it throws makes this fit a failed cell. */
  Model fit(Given given, Map<String, Object> params);

  /** How predictions are made with these parameters. */
  Decision decision(Task task, Map<String, Object> params);
}
