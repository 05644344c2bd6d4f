package org.assay.jobs.engine;

import java.util.Arrays;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vectors;
import org.assay.fit.Examples;
import org.assay.fit.LinearModel;
import org.assay.fit.LogisticModel;
import org.assay.fit.Model;
import org.assay.jobs.model.Decision;
import org.assay.jobs.model.Scorer;

/**
 * A model's answers to some rows, in which some columns are those of their donors: asked again and
 * again with other columns. Not thread-safe.
 */
abstract class Substitution {
  /** In place of a set's number: no column is another row's. */
  static final int NONE = -1;

  final int width;
  final int[][] columns;
  double[] own = {};
  double[] donor = {};
  int n;

  /**
   * For subclasses.
   *
   * @param width columns of a row
   * @param columns of each set, the columns that are replaced
   */
  Substitution(int width, int[][] columns) {
    this.width = width;
    this.columns = columns;
  }

  /** How a model is asked best. */
  static Substitution of(FittedModel fitted, int[][] columns) {
    int width = fitted.preparation().width();
    if (fitted.model() instanceof LinearModel linear) {
      return new Linear(
          fitted,
          new double[] {linear.intercept()},
          new double[][] {linear.coefficients()},
          width,
          columns);
    }
    if (fitted.model() instanceof LogisticModel logistic && logistic.intercepts().length == 1) {
      return new Linear(fitted, logistic.intercepts(), logistic.coefficients(), width, columns);
    }
    return fitted.scorer() == null
        ? new ByMatrix(fitted.model(), fitted.decision(), fitted.width(), width, columns)
        : new ByRow(fitted.scorer(), fitted.width(), width, columns);
  }

  /**
   * Takes the next rows.
   *
   * @param rows row after row
   * @param count how many
   */
  void rows(double[] rows, int count) {
    own = rows;
    n = count;
  }

  /** Takes the donors of the rows, row after row. */
  void donors(double[] rows) {
    donor = rows;
  }

  /**
   * Answers the rows with the columns of a set from their donors.
   *
   * @param set its number, or {@link #NONE}
   * @param prediction receives the predicted code or number of each row
   * @param scores receives the scores, row after row
   */
  abstract void answer(int set, double[] prediction, double[] scores);

  /** Asks row by row. */
  private static final class ByRow extends Substitution {
    private final Scorer scorer;
    private final double[] score;
    private DenseVector[] vectors = {};

    ByRow(Scorer scorer, int scores, int width, int[][] columns) {
      super(width, columns);
      this.scorer = scorer;
      this.score = new double[scores];
    }

    @Override
    void rows(double[] rows, int count) {
      super.rows(rows, count);
      vectors = new DenseVector[count];
      for (int i = 0; i < count; i++) {
        vectors[i] =
            (DenseVector) Vectors.dense(Arrays.copyOfRange(rows, i * width, (i + 1) * width));
      }
    }

    @Override
    void answer(int set, double[] prediction, double[] scores) {
      int[] replaced = set == NONE ? new int[0] : columns[set];
      for (int i = 0; i < n; i++) {
        double[] values = vectors[i].values();
        int at = i * width;
        for (int c : replaced) {
          values[c] = donor[at + c];
        }
        prediction[i] = scorer.score(vectors[i], score);
        System.arraycopy(score, 0, scores, i * score.length, score.length);
        for (int c : replaced) {
          values[c] = own[at + c];
        }
      }
    }
  }

  /** Asks for many rows at once. */
  private static final class ByMatrix extends Substitution {
    private final Model model;
    private final Decision decision;
    private final int scoreWidth;

    ByMatrix(Model model, Decision decision, int scoreWidth, int width, int[][] columns) {
      super(width, columns);
      this.model = model;
      this.decision = decision;
      this.scoreWidth = scoreWidth;
    }

    @Override
    void answer(int set, double[] prediction, double[] scores) {
      double[] rows = Arrays.copyOf(own, n * width);
      for (int c : set == NONE ? new int[0] : columns[set]) {
        for (int i = c; i < rows.length; i += width) {
          rows[i] = donor[i];
        }
      }
      Examples examples = new Examples(width, rows, new double[n], new double[n]);
      FittedModel.answer(
          model.predict(examples), model.outputs(), decision, n, scoreWidth, prediction, scores);
    }
  }

  /** Changes the sum of a linear predictor by the terms that change. */
  private static final class Linear extends Substitution {
    private final FittedModel fitted;
    private final double intercept;
    private final double[] coefficients;
    private double[] sums = {};
    private double[] outputs = {};

    Linear(
        FittedModel fitted,
        double[] intercepts,
        double[][] coefficients,
        int width,
        int[][] columns) {
      super(width, columns);
      this.fitted = fitted;
      this.intercept = intercepts[0];
      this.coefficients = coefficients[0];
    }

    @Override
    void rows(double[] rows, int count) {
      super.rows(rows, count);
      sums = new double[count];
      outputs = new double[count * fitted.model().outputs()];
      for (int i = 0; i < count; i++) {
        double sum = intercept;
        for (int j = 0; j < width; j++) {
          sum += coefficients[j] * rows[i * width + j];
        }
        sums[i] = sum;
      }
    }

    @Override
    void answer(int set, double[] prediction, double[] scores) {
      int[] replaced = set == NONE ? new int[0] : columns[set];
      boolean logistic = fitted.model().outputs() == 2;
      for (int i = 0; i < n; i++) {
        double sum = sums[i];
        int at = i * width;
        for (int c : replaced) {
          sum += coefficients[c] * (donor[at + c] - own[at + c]);
        }
        if (logistic) {
          outputs[2 * i] = 1 / (1 + Math.exp(sum));
          outputs[2 * i + 1] = 1 / (1 + Math.exp(-sum));
        } else {
          outputs[i] = sum;
        }
      }
      FittedModel.answer(
          outputs,
          fitted.model().outputs(),
          fitted.decision(),
          n,
          fitted.width(),
          prediction,
          scores);
    }
  }
}
