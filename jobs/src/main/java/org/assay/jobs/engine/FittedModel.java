package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.linalg.Vectors;
import org.assay.fit.Examples;
import org.assay.fit.GlmModel;
import org.assay.fit.LinearModel;
import org.assay.fit.LogisticModel;
import org.assay.fit.Model;
import org.assay.importance.AnyExchange;
import org.assay.importance.Exchange;
import org.assay.importance.FeatureGroups;
import org.assay.importance.ForestExchange;
import org.assay.importance.LinearExchange;
import org.assay.importance.RowFunction;
import org.assay.importance.TreeEnsemble;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.frame.Schema;
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
  /** Rows that a function is asked for together. */
  private static final int TOGETHER = 4096;

  static FittedModel of(Preparation preparation, Scorer scorer, int width) {
    return scorer
        .many()
        .map(many -> of(preparation, many.model(), many.decision(), width))
        .orElseGet(() -> new FittedModel(preparation, scorer, null, null, width));
  }

  static FittedModel of(Preparation preparation, Model model, Decision decision, int width) {
    return new FittedModel(preparation, null, model, decision, width);
  }

  /** The same for rows of another frame, as {@link Preparation#over}. */
  FittedModel over(Schema schema) {
    return new FittedModel(preparation.over(schema), scorer, model, decision, width);
  }

  /** What it says of some rows of a block. */
  Predictions predict(Block block, int[] rows) {
    Predictions predictions =
        new Predictions(rows, new double[rows.length], width, new double[rows.length * width]);
    if (model == null && scorer.batch().isPresent()) {
      ask(scorer.batch().get(), block, predictions);
      return predictions;
    }
    if (model == null) { // a vector of its own for each row, sparse where that is smaller
      double[] scores = new double[width];
      for (int i = 0; i < rows.length; i++) {
        predictions.prediction()[i] = scorer.score(preparation.features(block, rows[i]), scores);
        System.arraycopy(scores, 0, predictions.scores(), i * width, width);
      }
      return predictions;
    }
    int columns = preparation.width();
    double[] features = new double[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      preparation.features(block, rows[i], features, i * columns);
    }
    Examples asked =
        new Examples(columns, features, new double[rows.length], new double[rows.length]);
    answer(
        model.predict(asked),
        model.outputs(),
        decision,
        rows.length,
        width,
        predictions.prediction(),
        predictions.scores());
    return predictions;
  }

  private void ask(RowFunction function, Block block, Predictions predictions) {
    int columns = preparation.width();
    int each = function.outputs();
    double[] features = new double[TOGETHER * columns];
    double[] out = new double[TOGETHER * each];
    for (int from = 0; from < predictions.size(); from += TOGETHER) {
      int n = Math.min(TOGETHER, predictions.size() - from);
      Arrays.fill(features, 0);
      for (int i = 0; i < n; i++) {
        preparation.features(block, predictions.row()[from + i], features, i * columns);
      }
      function.predict(features, n, out);
      for (int i = 0; i < n; i++) {
        predictions.prediction()[from + i] = out[i * each];
        System.arraycopy(out, i * each + 1, predictions.scores(), (from + i) * width, width);
      }
    }
  }

  /** How a model is asked again and again with some columns of other rows, and what it answers. */
  record Asked(Exchange exchange, Decision decision, int width) {

    /** Makes predictions and scores of a group's outputs. */
    void answer(double[] outputs, int rows, double[] prediction, double[] scores) {
      int count = exchange.outputs();
      if (decision != null) {
        FittedModel.answer(outputs, count, decision, rows, width, prediction, scores);
        return;
      }
      for (int i = 0; i < rows; i++) {
        prediction[i] = outputs[i * count];
        System.arraycopy(outputs, i * count + 1, scores, i * width, width);
      }
    }
  }

  /**
   * How it is asked best.
   *
   * @param groups of its columns
   * @param largest of each column the largest absolute value
   */
  Asked asked(FeatureGroups groups, double[] largest) {
    if (scorer != null) {
      return scorer
          .trees(groups.width())
          .map(t -> new Asked(new ForestExchange(groups, t.forest()), t.decision(), width))
          .orElseGet(() -> new Asked(new AnyExchange(groups, scored()), null, width));
    }
    Exchange exchange;
    if (model instanceof LinearModel linear) {
      exchange = LinearExchange.of(groups, linear, largest);
    } else if (model instanceof LogisticModel logistic) {
      exchange = LinearExchange.of(groups, logistic, largest);
    } else if (model instanceof GlmModel glm) {
      exchange = LinearExchange.of(groups, glm, largest);
    } else if (model instanceof TreeEnsemble trees) {
      exchange = new ForestExchange(groups, trees.forest(groups.width()));
    } else {
      exchange = new AnyExchange(groups, RowFunction.of(model, groups.width()));
    }
    return new Asked(exchange, decision, width);
  }

  /** The scorer as a function of rows: of each the prediction, then the scores. */
  RowFunction scored() {
    return scorer.batch().orElseGet(() -> new ByRow(scorer, preparation.width(), width));
  }

  /** A scorer as a function: the prediction, then the scores. */
  private record ByRow(Scorer scorer, int width, int scores) implements RowFunction {
    @Override
    public int outputs() {
      return 1 + scores;
    }

    @Override
    public void predict(double[] rows, int count, double[] out) {
      double[] score = new double[scores];
      for (int i = 0; i < count; i++) {
        double[] row = Arrays.copyOfRange(rows, i * width, (i + 1) * width);
        out[i * (1 + scores)] = scorer.score(Vectors.dense(row), score);
        System.arraycopy(score, 0, out, i * (1 + scores) + 1, scores);
      }
    }
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
