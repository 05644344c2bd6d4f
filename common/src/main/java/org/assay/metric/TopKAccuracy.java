package org.assay.metric;

import com.google.auto.service.AutoService;
import org.assay.Task;
import org.assay.config.Section;

/**
 * The share of items whose label is among the k classes with the highest scores.
 *
 * <p>Parameter {@code k} (default 2). In [0, 1]. A class with the same score and a higher code
 * comes first, as in scikit-learn's {@code top_k_accuracy_score}. Undefined without items. Refused
 * when k is not below the number of classes, where the value would always be 1 (scikit-learn
 * warns), and for a binary task, where only k = 1 would be left: that is the {@link Accuracy}.
 */
@AutoService(Metric.class)
@SuppressWarnings("rawtypes") // AutoService cannot name Metric<...>
public final class TopKAccuracy implements MeanLossMetric {
  private static final int DEFAULT = 2;

  private final int k;

  /** With k = 2. */
  public TopKAccuracy() {
    this(DEFAULT);
  }

  /** With this {@code k}, a whole number of at least 1. */
  public TopKAccuracy(int k) {
    if (!(k >= 1)) {
      throw new IllegalArgumentException("k = " + k + ": must be a whole number of at least 1");
    }
    this.k = k;
  }

  @Override
  public String name() {
    return "top-k-accuracy";
  }

  @Override
  public Direction direction() {
    return Direction.HIGHER_IS_BETTER;
  }

  @Override
  public String spec() {
    return k == DEFAULT ? name() : name() + "(k=" + k + ")";
  }

  @Override
  public TopKAccuracy with(Section parameters) {
    int chosen = (int) parameters.integer("k", k, 1, Integer.MAX_VALUE);
    parameters.done();
    return new TopKAccuracy(chosen);
  }

  @Override
  public String refusal(Target target) {
    if (target.task() != Task.MULTICLASS || !target.isScored()) {
      return "needs a multiclass task with scores";
    }
    return k < target.classes() ? null : "needs more than k = " + k + " classes";
  }

  @Override
  public Loss loss() {
    return new Hit(k);
  }

  /** 1 if the label is among the k first classes, else 0. */
  record Hit(int k) implements Loss {
    @Override
    public double of(double label, double prediction, double[] scores) {
      int truth = (int) label;
      int before = 0;
      for (int c = 0; c < scores.length; c++) {
        if (scores[c] > scores[truth] || (c > truth && scores[c] == scores[truth])) {
          before++;
        }
      }
      return before < k ? 1 : 0;
    }
  }
}
