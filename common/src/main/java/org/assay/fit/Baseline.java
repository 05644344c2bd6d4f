package org.assay.fit;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.assay.UserException;
import org.assay.metric.ExactSum;

/**
 * What can be said without features: the mean, or the classes' shares as probabilities, or 1 for
 * the most frequent class (ties go to the first). Sums are exact, so the order of rows and how they
 * are cut is nothing to it.
 */
public final class Baseline implements Fit {
  private static final long serialVersionUID = 1L;

  /** What is said. */
  public enum Strategy {
    /** The mean of a number, the shares of classes. */
    PRIOR,
    /** The most frequent class. */
    MAJORITY
  }

  private final int width;
  private final int classes;
  private final Strategy strategy;
  private final int points;
  private Constant model;

  /**
   * A fit.
   *
   * @param width number of features
   * @param classes 0 for labels that are numbers
   * @param points how often the model is wanted: there is nothing that a grid could change
   */
  public Baseline(int width, int classes, Strategy strategy, int points) {
    if (classes == 0 && strategy == Strategy.MAJORITY) {
      throw new IllegalArgumentException("strategy = majority: numbers have no classes; use prior");
    }
    this.width = width;
    this.classes = classes;
    this.strategy = strategy;
    this.points = points;
  }

  @Override
  public boolean isFirst() {
    return model == null;
  }

  @Override
  public Center center() {
    return Center.zero(width);
  }

  @Override
  public Sums sums() {
    return new Totals(width, classes);
  }

  @Override
  public boolean take(Sums total) {
    ExactSum[] sums = ((Totals) total).sums;
    double[] values = new double[Math.max(1, classes)];
    double weight = 0;
    int most = 0;
    for (int c = 0; c < classes; c++) {
      values[c] = sums[c].value();
      weight += values[c];
      most = values[c] > values[most] ? c : most;
    }
    if (classes == 0) {
      weight = sums[0].value();
    }
    if (!(weight > 0)) {
      throw UserException.input(
          "training rows with a sum of weights of "
              + weight
              + ": must be more than 0; use fewer folds, or leave rows of weight 0 out");
    }
    if (classes == 0) {
      values[0] = sums[1].value() / weight;
    }
    for (int c = 0; c < classes; c++) {
      values[c] = strategy == Strategy.PRIOR ? values[c] / weight : c == most ? 1 : 0;
    }
    model = new Constant(values);
    return false;
  }

  @Override
  public List<Constant> models() {
    return Collections.nCopies(points, model);
  }

  /** By class its weight; for numbers the weight and the sum of weighted labels. */
  private static final class Totals extends Sums {
    private static final long serialVersionUID = 1L;
    private final int classes;
    private final ExactSum[] sums;

    Totals(int width, int classes) {
      super(0, 0, width + 1);
      this.classes = classes;
      sums = new ExactSum[classes == 0 ? 2 : classes];
      Arrays.setAll(sums, c -> new ExactSum());
    }

    @Override
    void weigh(Tile tile, double[] times, double[][] curvatures, double[][] slopes) {
      for (int r = 0; r < tile.rows; r++) {
        int row = tile.first + r;
        double label = tile.block.label()[row];
        double weight = tile.block.weight()[row];
        for (int k = 0; k < times[row]; k++) {
          sums[classes == 0 ? 0 : (int) label].add(weight);
          if (classes == 0) {
            sums[1].add(weight * label);
          }
        }
      }
    }

    @Override
    public void merge(Sums later) {
      for (int c = 0; c < sums.length; c++) {
        sums[c].merge(((Totals) later).sums[c]);
      }
    }
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
