package org.assay.fit;

import java.util.ArrayList;
import java.util.List;
import org.assay.UserException;

/**
 * Generalized linear models: what MLlib's {@code GeneralizedLinearRegression} converges to by
 * iteratively reweighted least squares.
 *
 * <p><b>Definition.</b> With linear predictor x b plus the row's offset, mean m and variance V(m)
 * of its label, link g, and working weights W = w / (g'(m)^2 V(m)), the coefficients b at which
 *
 * <pre>
 *   sum of w (y - m) / (g'(m) V(m)) x = regParam (sum of W) b
 * </pre>
 *
 * and the left side is 0 for the intercept. MLlib divides each step's least squares by that step's
 * working weights and not by the rows' own, so with a penalty the answer is this fixed point and
 * not the minimum of a penalized likelihood. Coefficients are penalized per unit of the feature;
 * but for {@code GAUSSIAN_IDENTITY}, which MLlib solves by itself, per standard deviation of the
 * feature and the label, as in {@link LinearRegression}.
 *
 * <p><b>Edges.</b> A feature that is constant in the training rows has coefficient 0. Labels
 * outside the family's range are refused. Collinear features as in {@link LogisticRegression}.
 *
 * <p><b>Where steps do not converge</b> this departs from MLlib on purpose. A step after which half
 * the deviance, plus regParam / 2 (sum of W) b'b with the working weights before it, is more than
 * before is halved, and so are those that follow until two have led down; MLlib takes it, and so
 * may go round in circles until {@code maxIter}, or fail with a sum of weights that is 0, where
 * there is an optimum. Half steps can be slow when a model fits badly, since their curvature is the
 * expected one. Where there is none (classes that a plane separates; means that a link cannot keep
 * in the family's range, as of features around 0 without an intercept under the links identity,
 * inverse and square root) both end somewhere; here after {@value #PASSES} passes, with {@link
 * Convergence#converged} false.
 *
 * <p><b>Algorithm and accuracy.</b> MLlib's own steps and start, but for the halving. They end when
 * one's square in units of the working weights is below 10^-20 per unit of weight, or 10^-14 and
 * not shrinking.
 */
public final class GeneralizedLinearRegression implements Fit {
  private static final double DONE = 1e-20;
  private static final double NEAR = 1e-14;

  /** Shares of a loss below which its rise is rounding. */
  private static final double ROUNDING = 1e-12;

  /** Most passes for one penalty. */
  static final int PASSES = 200;

  private final Center center;
  private final Form form;
  private final Glm glm;
  private final double[] regParam;
  private final List<GlmModel> models = new ArrayList<>();
  private double[] at;
  private Variables variables;
  private int[] active;

  /** The sums of the first pass, from which each penalty starts. */
  private GlmSums start;

  /** By variable: what its penalty is multiplied by. */
  private double[] unit;

  // Where the last step began, and what must not rise.
  private double[] before;
  private double objectiveBefore;
  private double weightBefore;

  /** Of a step, what is taken; and how often in a row it led down. */
  private double share = 1;

  private int accepted;
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
    return start == null;
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
    double weight = sums.curvature[0][0];
    passes++;
    if (before != null && rose(sums) && passes < PASSES) {
      double[] half = new double[at.length];
      for (int t = 0; t < half.length; t++) {
        half[t] = (at[t] + before[t]) / 2;
      }
      at = half;
      share /= 2;
      accepted = 0;
      return true;
    }
    if (++accepted > 2) {
      share = Math.min(1, 2 * share);
      accepted = 1;
    }
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw UserException.input(
          "training rows with a sum of working weights of "
              + weight
              + ": must be more than 0; use fewer folds, a penalty, or another link");
    }
    if (first) {
      active = sums.varying();
      variables = new Variables(center, form, active);
      measure(sums, weight);
      start = sums;
      begin();
      return models.size() < regParam.length;
    }
    int n = variables.count;
    double[] here = new double[n];
    variables.values(at, here, 0);
    Step step = new Step(sums, here);
    boolean converged = step.length <= DONE || step.length <= NEAR && step.length >= lastLength;
    if (!converged && passes < PASSES) {
      before = at;
      objectiveBefore = sums.loss;
      weightBefore = weight;
      lastLength = step.length;
      at = step.to(share);
      return true;
    }
    // Nobody has looked at the loss there, so without convergence the last place seen is better.
    double[] end = converged ? step.to(share) : at;
    double[] coefficients = new double[center.width()];
    for (int j : active) {
      coefficients[j] = end[j + 1];
    }
    models.add(
        new GlmModel(
            glm,
            new LinearModel(variables.intercept(end), coefficients),
            new Convergence(passes, converged)));
    begin();
    return models.size() < regParam.length;
  }

  /** Takes the first step for the next penalty, as MLlib does from the labels themselves. */
  private void begin() {
    passes = 1;
    share = 1;
    accepted = 0;
    before = null;
    lastLength = Double.POSITIVE_INFINITY;
    if (models.size() < regParam.length) {
      at = new Step(start, new double[variables.count]).to(1);
    }
  }

  /** A step of weighted least squares. */
  private final class Step {
    private final double[] here;
    private final double[] down;

    /** Its square in units of the working weights. */
    final double length;

    Step(GlmSums sums, double[] here) {
      this.here = here;
      int n = here.length;
      double weight = sums.curvature[0][0];
      double penalty = regParam[models.size()];
      double[][] matrix = new double[n][n];
      double[] right = new double[n];
      variables.gradient(sums.slope[0], weight, right, 0);
      variables.hessian(sums.curvature[0], weight, matrix, 0, 0);
      for (int v = 0; v < n; v++) {
        matrix[v][v] += penalty * unit[v];
        right[v] += penalty * unit[v] * here[v];
      }
      down = Symmetric.solveOrShortest(matrix, right);
      double sum = 0;
      for (int v = 0; v < n; v++) {
        sum += down[v] * right[v];
      }
      length = sum;
    }

    double[] to(double share) {
      double[] next = new double[here.length];
      for (int v = 0; v < next.length; v++) {
        next[v] = here[v] - share * down[v];
      }
      return variables.terms(next, 0);
    }
  }

  /** Whether the last step led up. */
  private boolean rose(GlmSums sums) {
    if (lastLength <= NEAR) {
      return false;
    }
    double penalty = regParam[models.size()] * weightBefore / 2;
    double now = sums.loss + penalty * squares(at);
    double then = objectiveBefore + penalty * squares(before);
    double weight = sums.curvature[0][0];
    return !(now <= then + ROUNDING * Math.abs(then))
        || !(weight > 0 && weight < Double.POSITIVE_INFINITY);
  }

  private double squares(double[] terms) {
    double[] values = new double[variables.count];
    variables.values(terms, values, 0);
    double sum = 0;
    for (int v = 0; v < values.length; v++) {
      sum += unit[v] * values[v] * values[v];
    }
    return sum;
  }

  private void measure(GlmSums sums, double weight) {
    unit = new double[variables.count];
    java.util.Arrays.fill(unit, variables.first, unit.length, 1);
    if (glm != Glm.GAUSSIAN_IDENTITY) {
      return;
    }
    double[] curvature = sums.curvature[0];
    double mean = sums.slope[0][0] / weight;
    double variance = sums.loss / weight - mean * mean;
    double label = variance > 1e-15 * mean * mean ? Math.sqrt(variance) : 0;
    for (int v = variables.first; v < unit.length; v++) {
      int term = active[v - variables.first] + 1;
      double m = curvature[term] / weight;
      double square = curvature[Tile.pair(center.width() + 1, term, term)] / weight - m * m;
      unit[v] = label == 0 ? 1 : square / label;
    }
    for (double penalty : regParam) {
      if (label == 0 && !form.hasIntercept() && mean != 0 && penalty > 0) {
        throw UserException.input(
            "a label that is the same in all training rows: a penalty without an intercept is"
                + " measured in its standard deviation; set fitIntercept = true or regParam = 0");
      }
    }
  }
}
