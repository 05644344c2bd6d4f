package org.assay.report;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a model answered for one row. Equal when all columns are, {@code scores} by content.
 *
 * @param job name of the job
 * @param data name of the data set
 * @param model name of the model
 * @param params the model's varied parameters, {@code key=value} joined by commas; empty when none
 *     vary
 * @param repeat repeat of the plan
 * @param fold fold of the plan whose test side the row is on
 * @param rowKey the row's id, or its content's key when it has none
 * @param label the true class or number, as text; null when it is not known
 * @param prediction the predicted class or number, as text; null when the model gave none
 * @param score score of the positive class, or the predicted number of a regression; null when
 *     there is none
 * @param scores one score per class in the order of the classes; null when there are none; not
 *     copied
 * @param weight the row's weight
 */
public record Prediction(
    String job,
    String data,
    String model,
    String params,
    int repeat,
    int fold,
    String rowKey,
    @Nullable String label,
    @Nullable String prediction,
    Double score,
    double[] scores,
    double weight)
    implements Serializable {

  @Override
  public boolean equals(Object other) {
    return other instanceof Prediction that
        && job.equals(that.job)
        && data.equals(that.data)
        && model.equals(that.model)
        && params.equals(that.params)
        && repeat == that.repeat
        && fold == that.fold
        && rowKey.equals(that.rowKey)
        && Objects.equals(label, that.label)
        && Objects.equals(prediction, that.prediction)
        && Objects.equals(score, that.score)
        && Arrays.equals(scores, that.scores)
        && Double.compare(weight, that.weight) == 0;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
            job, data, model, params, repeat, fold, rowKey, label, prediction, score, weight)
        + 31 * Arrays.hashCode(scores);
  }
}
