package org.assay.fit;

import java.util.ArrayList;
import java.util.List;
import org.assay.UserException;

/**
 * Generalized linear models: what MLlib's {@code GeneralizedLinearRegression} converges to by
 * iteratively reweighted least squares.
 *
 * <p><b>Definition.</b> With mean m and variance V(m) of a row's label, link g, and working weights
 * W = w / (g'(m)^2 V(m)), the coefficients b at which
 *
 * <pre>
 *   sum of w (y - m) / (g'(m) V(m)) x = regParam (sum of W) b
 * </pre>
 *
 * and the left side is 0 for the intercept. MLlib divides each step's least squares by that step's
 * working weights and not by the rows' own, so with a penalty the answer is this fixed point and
 * not the minimum of a penalized likelihood. Coefficients are penalized per unit of the feature.
 *
 * <p><b>Edges.</b> A feature that is constant in the training rows has coefficient 0. Labels
 * outside the family's range are refused. Without a fixed point (separable classes, means that
 * reach the range's end) steps end after {@value #PASSES}. Collinear features as in {@link
 * LogisticRegression}.
 *
 * <p><b>Algorithm and accuracy.</b> MLlib's own steps and start. They end when one's square in
 * units of the working weights is below 10^-20 per unit of weight, or 10^-14 and not shrinking.
 */
public final class GeneralizedLinearRegression implements Fit {
  private static final double DONE = 1e-20;
  private static final double NEAR = 1e-14;

  /** Most passes for one penalty. */
  static final int PASSES = 100;

  private final Center center;
  private final Form form;
  private final Glm glm;
  private final double[] regParam;
  private final List<GlmModel> models = new ArrayList<>();
  private double[] at;
  private Variables variables;
  private int[] active;
  private int passes;
  private double lastLength = Double.POSITIVE_INFINITY;

  /**
   * One fit of all penalties, in their order.
   *
   * @param intercept whether there is one
   * @param regParam each 0 or more
   */
  public GeneralizedLinearRegression(
      Center center, Form.Intercept intercept, Glm glm, double... regParam) {
    for (double r : regParam) {
      Penalty.ridge(r); // checks it
    }
    this.center = center.ofClasses();
    this.form = new Form(intercept, Form.Scale.ORIGINAL);
    this.glm = glm;
    this.regParam = regParam.clone();
  }

  @Override
  public boolean isFirst() {
    return at == null;
  }

  @Override
  public Center center() {
    return center;
  }

  @Override
  public Sums sums() {
    return new GlmSums(glm, at, center.width() + 1);
  }

  @Override
  public List<GlmModel> models() {
    return models;
  }

  @Override
  public boolean take(Sums total) {
    GlmSums sums = (GlmSums) total;
    boolean first = at == null;
    if (first) {
      active = sums.varying();
      variables = new Variables(center, form, active);
    }
    double weight = sums.curvature[0][0];
    if (!(weight > 0)) {
      throw UserException.input(
          "training rows with a sum of working weights of "
              + weight
              + ": must be more than 0; use fewer folds, a penalty, or another link");
    }
    passes++;
    int n = variables.count;
    double[] here = new double[n];
    double[] gradient = new double[n];
    double[][] hessian = new double[n][n];
    variables.gradient(sums.slope[0], weight, gradient, 0);
    variables.hessian(sums.curvature[0], weight, hessian, 0, 0);
    if (!first) {
      variables.values(at, here, 0);
    }
    while (true) {
      double[][] matrix = new double[n][];
      double[] right = gradient.clone();
      double penalty = regParam[models.size()];
      for (int v = 0; v < n; v++) {
        matrix[v] = hessian[v].clone();
        if (v >= variables.first) {
          matrix[v][v] += penalty;
          right[v] += penalty * here[v];
        }
      }
      double[] step = Symmetric.solveOrShortest(matrix, right);
      double length = 0;
      double[] next = new double[n];
      for (int v = 0; v < n; v++) {
        length += step[v] * right[v];
        next[v] = here[v] - step[v];
      }
      double[] terms = variables.terms(next, 0);
      boolean last =
          !first && (length <= DONE || length <= NEAR && length >= lastLength || passes >= PASSES);
      if (!last) {
        lastLength = length;
        at = terms;
        return true;
      }
      double[] coefficients = new double[center.width()];
      for (int j : active) {
        coefficients[j] = terms[j + 1];
      }
      models.add(new GlmModel(glm, new LinearModel(variables.intercept(terms), coefficients)));
      passes = 0;
      lastLength = Double.POSITIVE_INFINITY;
      if (models.size() == regParam.length) {
        return false;
      }
    }
  }
}
