package org.assay.jobs.engine;

import java.util.Arrays;
import org.apache.spark.ml.linalg.Vectors;
import org.assay.importance.RowFunction;
import org.assay.importance.TreeEnsemble;
import org.assay.jobs.model.Decision;
import org.assay.jobs.model.Scorer;

/**
 * A fitted model as a function of the vectors that it learns from: its score, or one per class, or
 * the number that it predicts.
 */
final class ModelFunction implements RowFunction {
  private static final long serialVersionUID = 1L;

  private final FittedModel fitted;

  /** Gives what {@code decision} makes scores of; null when {@code fitted.scorer()} is asked. */
  private transient volatile RowFunction raw;

  private transient volatile Decision decision;

  ModelFunction(FittedModel fitted) {
    this.fitted = fitted;
  }

  @Override
  public int width() {
    return fitted.preparation().width();
  }

  @Override
  public int outputs() {
    return Math.max(1, fitted.width());
  }

  /** What is asked; made twice at worst, and the same both times. */
  private RowFunction raw() {
    RowFunction known = raw;
    if (known != null) {
      return known;
    }
    if (fitted.scorer() != null) {
      Scorer.Trees trees = fitted.scorer().trees(width()).orElse(null);
      decision = trees == null ? null : trees.decision();
      known = trees == null ? new ByRow(fitted.scorer(), width(), fitted.width()) : trees.forest();
    } else {
      decision = fitted.decision();
      known =
          fitted.model() instanceof TreeEnsemble trees
              ? trees.forest(width())
              : RowFunction.of(fitted.model(), width());
    }
    raw = known;
    return known;
  }

  @Override
  public void predict(double[] rows, int count, double[] out) {
    RowFunction asked = raw();
    Decision own = decision;
    if (own == null) {
      asked.predict(rows, count, out);
      return;
    }
    double[] given = new double[count * asked.outputs()];
    asked.predict(rows, count, given);
    double[] prediction = new double[count];
    double[] scores = new double[count * fitted.width()];
    FittedModel.answer(given, asked.outputs(), own, count, fitted.width(), prediction, scores);
    System.arraycopy(fitted.width() == 0 ? prediction : scores, 0, out, 0, count * outputs());
  }

  private record ByRow(Scorer scorer, int width, int scores) implements RowFunction {
    @Override
    public int outputs() {
      return Math.max(1, scores);
    }

    @Override
    public void predict(double[] rows, int count, double[] out) {
      double[] score = new double[scores];
      for (int i = 0; i < count; i++) {
        double[] row = Arrays.copyOfRange(rows, i * width, (i + 1) * width);
        double prediction = scorer.score(Vectors.dense(row), score);
        if (scores == 0) {
          out[i] = prediction;
        } else {
          System.arraycopy(score, 0, out, i * scores, scores);
        }
      }
    }
  }
}
