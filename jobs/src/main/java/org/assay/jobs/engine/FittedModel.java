package org.assay.jobs.engine;

import java.io.Serializable;
import org.assay.fit.Model;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.model.Decision;
import org.assay.jobs.model.Scorer;

/**
 * A fitted model with what was fitted to its columns: all that it takes to ask it again.
 *
 * @param preparation makes what it answers of the rows of a frame
 * @param scorer answers row by row; null when {@code model} is there
 * @param model answers many rows at once; null when {@code scorer} is there
 * @param decision makes predictions of the model's outputs
 * @param width scores per row: 0, 1 (binary) or the number of classes
 */
public record FittedModel(
    Preparation preparation, Scorer scorer, Model model, Decision decision, int width)
    implements Serializable {

  static FittedModel of(Preparation preparation, Scorer scorer, int width) {
    return new FittedModel(preparation, scorer, null, null, width);
  }

  static FittedModel of(Preparation preparation, Model model, Decision decision, int width) {
    return new FittedModel(preparation, null, model, decision, width);
  }

  /**
   * Makes predictions and scores of a model's outputs.
   *
   * @param count outputs per row
   * @param rows number of rows
   * @param width scores per row
   */
  static void answer(
      double[] outputs,
      int count,
      Decision decision,
      int rows,
      int width,
      double[] prediction,
      double[] scores) {
    for (int i = 0; i < rows; i++) {
      prediction[i] = decision.of(outputs, i * count, count);
      if (width == 1) {
        scores[i] = outputs[i * count + 1];
      } else {
        System.arraycopy(outputs, i * count, scores, i * width, width);
      }
    }
  }
}
