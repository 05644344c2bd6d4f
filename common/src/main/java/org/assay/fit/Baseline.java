package org.assay.fit;

import java.util.Arrays;
import java.util.List;

/**
 * What can be said without features: the mean, or the classes' shares as probabilities, or 1 for
 * the most frequent class (ties go to the first).
 */
public final class Baseline implements Fit {

  /** What is said. */
  public enum Strategy {
    /** The mean of a number, the shares of classes. */
    PRIOR,
    /** The most frequent class. */
    MAJORITY
  }

  private final Center center;
  private final int classes;
  private final Strategy strategy;
  private Constant model;

  /** A fit; {@code classes} is 0 for labels that are numbers. */
  public Baseline(Center center, int classes, Strategy strategy) {
    if (classes == 0 && strategy == Strategy.MAJORITY) {
      throw new IllegalArgumentException("strategy = majority: numbers have no classes; use prior");
    }
    this.center = center;
    this.classes = classes;
    this.strategy = strategy;
  }

  @Override
  public Moments sums() {
    return classes == 0 ? Moments.ofNumbers(center) : Moments.ofClasses(center, classes);
  }

  @Override
  public boolean take(Sums total) {
    Moments moments = (Moments) total;
    double weight = moments.weight();
    double[] values = new double[Math.max(1, classes)];
    int most = 0;
    for (int c = 0; c < values.length; c++) {
      values[c] = moments.slope[c][0] / weight + (classes == 0 ? center.label() : 0);
      most = moments.slope[c][0] > moments.slope[most][0] ? c : most;
    }
    if (strategy == Strategy.MAJORITY) {
      Arrays.fill(values, 0);
      values[most] = 1;
    }
    model = new Constant(values);
    return false;
  }

  @Override
  public List<Constant> models() {
    return List.of(model);
  }

  /**
   * The same for every row.
   *
   * @param values a number, or probabilities
   */
  public record Constant(double[] values) implements Model {
    private static final long serialVersionUID = 1L;

    @Override
    public int outputs() {
      return values.length;
    }

    @Override
    public double[] predict(Examples rows) {
      double[] out = new double[rows.size() * values.length];
      for (int i = 0; i < rows.size(); i++) {
        System.arraycopy(values, 0, out, i * values.length, values.length);
      }
      return out;
    }
  }
}
