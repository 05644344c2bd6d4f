package org.assay.jobs.engine;

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

  /** Gives what {@code decision} makes scores of; without one, the prediction and the scores. */
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
      known = trees == null ? fitted.scored() : trees.forest();
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
    double[] given = new double[count * asked.outputs()];
    asked.predict(rows, count, given);
    if (own == null) {
      int first = Math.min(1, fitted.width()); // behind the prediction, where there are scores
      for (int i = 0; i < count; i++) {
        System.arraycopy(given, i * asked.outputs() + first, out, i * outputs(), outputs());
      }
      return;
    }
    double[] prediction = new double[count];
    double[] scores = new double[count * fitted.width()];
    FittedModel.answer(given, asked.outputs(), own, count, fitted.width(), prediction, scores);
    System.arraycopy(fitted.width() == 0 ? prediction : scores, 0, out, 0, count * outputs());
  }
}
