package org.assay.fit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Logistic regression for two or more classes with a ridge, lasso or elastic net penalty: what
 * MLlib's {@code LogisticRegression} converges to.
 *
 * <p><b>Definition.</b> With s_j the standard deviation of feature j in the training rows ({@link
 * Moments#sampleDeviation}, over n - 1), the minimum of
 *
 * <pre>
 *   1 / (sum w) sum w (- log P(class of row))
 *     + regParam sum over sets and features of (elasticNetParam s_j |b_j| + (1 - elasticNetParam) / 2 s_j^2 b_j^2)
 * </pre>
 *
 * where every s_j is 1 when {@code standardization} is off. {@code BINOMIAL} has one set of
 * coefficients, {@code MULTINOMIAL} one per class; intercepts are not penalized. Of the multinomial
 * solutions, which are the same when all sets are shifted together, intercepts sum to 0 and without
 * a penalty so do the coefficients of each feature. With sizes alone penalized and an even number
 * of sets, 0 is in the middle between the two middle ones of each feature.
 *
 * <p><b>Edges</b>, as in MLlib unless said otherwise.
 *
 * <ul>
 *   <li>A feature that is constant in the training rows has coefficient 0, also without intercept.
 *   <li>One class alone in the training rows, and an intercept: coefficients 0, and that class has
 *       probability 1.
 *   <li>A class without training rows, and intercepts: probability 0, coefficients 0, and the
 *       others as if it did not exist. (MLlib approaches that and stops when it stops.)
 *   <li>Classes that a plane separates, without a penalty: there is no minimum. Steps end when they
 *       would change the mean loss by no more than some 10^-14; coefficients are large and finite,
 *       the training rows predicted right, and {@link Convergence#converged} is true, since what
 *       converges is the loss. (MLlib goes on until {@code maxIter}, or stops by {@code tol} with
 *       other large coefficients, and says so no more than we do.)
 *   <li>Collinear features without a penalty on squares: steps are the shortest ones in units of
 *       the Hessian, so predictions are the minimum's; MLlib's coefficients may be others.
 * </ul>
 *
 * <p><b>Algorithm and accuracy.</b> Newton's steps, or with a penalty on sizes proximal ones
 * ({@link Quadratic}), halved when the objective rises; from the greatest penalty to the least,
 * each from the last one's coefficients. A Hessian costs (p + 1) (p + 2) / 2 products per row, a
 * gradient p: once steps are short, passes ask for gradients alone, and the Hessian is kept up to
 * date by what gradients tell of it (BFGS). When a gradient shrinks by less than a factor of 4 in a
 * pass, the next one asks for a new Hessian. A fit ends with a step whose square in units of the
 * Hessian, per unit of weight, is below 10^-14 (what a Newton step leaves is its square), or 10^-22
 * without a new Hessian; or after {@value #PASSES} passes, with {@link Convergence#converged}
 * false. MLlib ends when the loss no longer shrinks by {@code tol} of itself, when the gradient's
 * length in standard deviations falls below 10^-8 or {@code tol} times the loss, or after {@code
 * maxIter}.
 *
 * <p>Fits of rows much like those of another (a bootstrap's, folds of many rows) need no Hessian of
 * their own: see {@link #again}.
 *
 * <p>Source of the updates: J. Nocedal, S. Wright, "Numerical Optimization" (2006), section 6.1,
 * doi 10.1007/978-0-387-40065-5.
 */
public final class LogisticRegression implements Fit {
  /** Square of the last step in units of the Hessian, per unit of weight. */
  private static final double DONE = 1e-14;

  /** The same when that Hessian is not of this pass. */
  private static final double DONE_WITHOUT = 1e-22;

  /** Below such a square the Hessian changes little. */
  private static final double NEAR = 1e-3;

  /** By how much squares must shrink per pass without a new Hessian. */
  private static final double SHRINK = 16;

  /** Most passes for one penalty. */
  private static final int PASSES = 200;

  /** MLlib's {@code family}. */
  public enum Family {
    /** Two classes, one set of coefficients. */
    BINOMIAL,
    /** A set of coefficients for each class. */
    MULTINOMIAL;

    /** MLlib's choice when told {@code auto}. */
    public static Family auto(int classes) {
      return classes > 2 ? MULTINOMIAL : BINOMIAL;
    }
  }

  private final Center center;
  private final Form form;
  private final Family family;
  private final int classes;
  private final List<Penalty> path;

  /** Positions in the path, from the greatest penalty to the least. */
  private final int[] order;

  private final LogisticModel[] models;
  private int done;

  /** A fit of similar rows to begin from; null for none. */
  private final LogisticRegression pilot;

  /** Whether ends are kept for others to begin from, and these. */
  private final boolean keeps;

  private final double[][][] endAt;
  private final double[][][] endHessian;

  // What the first pass tells.
  private double weight;
  private double[] deviation;
  private int[] active;
  private int[] present;
  private int[] setOf;
  private Variables variables;
  private boolean piloted;

  // The state of the iteration: by set and term.
  private double[][] at;
  private double[][] before;
  private double[] gradientBefore;
  private double objectiveBefore;
  private double lengthBefore;

  /** Of the mean loss, by variable of all sets. */
  private double[][] hessian;

  /** Whether the next pass asks for a Hessian, and how many have in a row. */
  private boolean whole = true;

  private int wholes;

  /** How many more have to be asked for after gradients alone did not lead on. */
  private int owed;

  private int passes;

  /** One fit of all penalties. */
  public LogisticRegression(
      Center center, Form form, Family family, int classes, List<Penalty> path) {
    this(center, form, family, classes, path, false, null);
  }

  private LogisticRegression(
      Center center,
      Form form,
      Family family,
      int classes,
      List<Penalty> path,
      boolean keeps,
      LogisticRegression pilot) {
    if (family == Family.BINOMIAL && classes > 2) {
      throw new IllegalArgumentException(
          "family = binomial for " + classes + " classes: it knows 2; use multinomial or auto");
    }
    this.center = center.ofClasses();
    this.form = form;
    this.family = family;
    this.classes = classes;
    this.path = List.copyOf(path);
    this.keeps = keeps;
    this.pilot = pilot;
    order =
        IntStream.range(0, path.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer k) -> -path.get(k).regParam()))
            .mapToInt(k -> k)
            .toArray();
    models = new LogisticModel[path.size()];
    endAt = new double[keeps ? path.size() : 0][][];
    endHessian = new double[keeps ? path.size() : 0][][];
  }

  /** A fit, usually of all rows, which {@link #again} makes others from when it is done. */
  public static LogisticRegression pilot(
      Center center, Form form, Family family, int classes, List<Penalty> path) {
    return new LogisticRegression(center, form, family, classes, path, true, null);
  }

  /**
   * A fit of the same learner and path to rows much like those of this pilot, which is done. It
   * begins at the pilot's coefficients with the pilot's Hessians, and mostly ends after one pass
   * for the features' deviations and five to eight per penalty for gradients. It finds the same
   * minimum as a fit without a pilot, to the accuracy of both; the last digits depend on the pilot.
   */
  public LogisticRegression again() {
    if (!keeps || done < order.length) {
      throw new IllegalStateException("a fit that is not a pilot, or not done: has no ends");
    }
    return new LogisticRegression(center, form, family, classes, path, false, this);
  }

  @Override
  public boolean isFirst() {
    return deviation == null;
  }

  @Override
  public Center center() {
    return center;
  }

  @Override
  public Sums sums() {
    if (at == null) {
      return new ClassSums(center, classes);
    }
    return whole ? LogisticSums.whole(center, at, setOf) : LogisticSums.gradient(center, at, setOf);
  }

  @Override
  public boolean take(Sums total) {
    if (total instanceof ClassSums sums) {
      return begin(sums);
    }
    return step((LogisticSums) total);
  }

  @Override
  public List<LogisticModel> models() {
    return List.of(models);
  }

  private boolean begin(ClassSums m) {
    weight = m.totalWeight();
    deviation = IntStream.range(0, center.width()).mapToDouble(m::sampleDeviation).toArray();
    active = IntStream.range(0, center.width()).filter(j -> deviation[j] > 0).toArray();
    present = IntStream.range(0, classes).filter(c -> m.weight[c] > 0).toArray();
    if (form.hasIntercept() && present.length == 1) {
      Arrays.fill(models, single(present[0]));
      done = order.length;
      return false;
    }
    if (!form.hasIntercept()) {
      present = IntStream.range(0, classes).toArray();
    }
    setOf = new int[classes];
    for (int k = 0; k < present.length; k++) {
      setOf[present[k]] = k;
    }
    variables = new Variables(center, form, active);
    if (pilot != null
        && path.size() > 0
        && pilot.endAt[order[0]] != null
        && Arrays.equals(pilot.active, active)
        && Arrays.equals(pilot.present, present)) {
      piloted = true;
      next(pilot.endAt[order[0]]);
      return true;
    }
    int sets = family == Family.BINOMIAL ? 1 : present.length;
    at = new double[sets][center.width() + 1];
    if (form.hasIntercept()) {
      double mean = 0;
      for (int k = 0; k < sets; k++) {
        at[k][0] = sets == 1 ? Math.log(m.weight[1] / m.weight[0]) : Math.log(m.weight[present[k]]);
        mean += at[k][0] / sets;
      }
      for (int k = 0; k < sets && sets > 1; k++) {
        at[k][0] -= mean;
      }
    }
    return path.size() > 0;
  }

  /** Goes to where the pilot lets expect the minimum for the next penalty. */
  private void next(double[][] expected) {
    at = expected;
    hessian = pilot.endHessian[order[done]];
    whole = false;
    before = null;
    lengthBefore = Double.POSITIVE_INFINITY;
  }

  private LogisticModel single(int only) {
    if (family == Family.BINOMIAL) {
      double sign = only == 1 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      return new LogisticModel(new double[] {sign}, new double[1][center.width()]);
    }
    double[] intercepts = new double[classes];
    Arrays.fill(intercepts, Double.NEGATIVE_INFINITY);
    intercepts[only] = 0;
    return new LogisticModel(intercepts, new double[classes][center.width()]);
  }

  /** Goes on from sums at the present coefficients; returns whether it needs others. */
  private boolean step(LogisticSums sums) {
    passes++;
    if (sums.isWhole()) {
      wholes++;
      owed--;
      if (before != null
          && wholes > 1
          && !(objective(sums.loss, path.get(order[done]))
              <= objectiveBefore + 1e-13 * Math.abs(objectiveBefore))
          && passes < PASSES) {
        at = combine(at, before, 0.5, 0.5);
        return true;
      }
    } else {
      wholes = 0;
    }
    Newton newton = new Newton(sums);
    while (true) {
      Penalty penalty = path.get(order[done]);
      double[] next = newton.minimum(penalty);
      double length = newton.squaredLength(next);
      boolean converged = length <= (sums.isWhole() ? DONE : DONE_WITHOUT);
      if (!converged && passes < PASSES) {
        if (!sums.isWhole() && !(length * SHRINK <= lengthBefore)) {
          at = length <= lengthBefore || before == null ? at : before;
          before = null;
          whole = true;
          owed = 2;
          return true;
        }
        before = at;
        gradientBefore = newton.gradient;
        boolean fresh = lengthBefore == Double.POSITIVE_INFINITY;
        lengthBefore = length;
        if (sums.isWhole()) {
          objectiveBefore = objective(sums.loss, penalty);
        }
        if (sums.isWhole() || fresh && !piloted) {
          whole = length > NEAR || owed > 0;
        }
        at = newton.terms(next);
        return true;
      }
      double[][] terms = newton.terms(next);
      models[order[done]] = model(terms, penalty, new Convergence(passes, converged));
      if (keeps) {
        endAt[order[done]] = terms;
        endHessian[order[done]] = hessian;
      }
      passes = 0;
      done++;
      before = null;
      lengthBefore = Double.POSITIVE_INFINITY;
      if (done == order.length) {
        at = null;
        hessian = null;
        gradientBefore = null;
        return false;
      }
      if (piloted) {
        next(
            combine(
                terms,
                combine(pilot.endAt[order[done]], pilot.endAt[order[done - 1]], 1, -1),
                1,
                1));
        return true;
      }
    }
  }

  private static double[][] combine(double[][] x, double[][] y, double a, double b) {
    double[][] sum = new double[x.length][];
    for (int k = 0; k < sum.length; k++) {
      sum[k] = new double[x[k].length];
      for (int t = 0; t < sum[k].length; t++) {
        sum[k][t] = a * x[k][t] + b * y[k][t];
      }
    }
    return sum;
  }

  /** Gives the shift of all sets together, which changes no probability, a curvature. */
  static void pin(double[][] matrix, int sets, int perSet, int v) {
    double trace = 0;
    for (int k = 0; k < sets; k++) {
      trace += matrix[k * perSet + v][k * perSet + v];
    }
    for (int k = 0; k < sets; k++) {
      for (int l = 0; l < sets; l++) {
        matrix[k * perSet + v][l * perSet + v] += trace / sets / sets;
      }
    }
  }

  private double unit(int j) {
    return form.standardized() ? deviation[j] : 1;
  }

  private double objective(double loss, Penalty penalty) {
    double value = loss / weight;
    for (double[] set : at) {
      for (int j : active) {
        double b = unit(j) * set[j + 1];
        value += penalty.l1() * Math.abs(b) + penalty.l2() / 2 * b * b;
      }
    }
    return value;
  }

  private LogisticModel model(double[][] terms, Penalty penalty, Convergence convergence) {
    int sets = terms.length;
    double[] intercepts = new double[sets];
    double[][] coefficients = new double[sets][center.width()];
    for (int k = 0; k < sets; k++) {
      double intercept = terms[k][0];
      for (int j : active) {
        coefficients[k][j] = terms[k][j + 1] + 0.0; // never -0.0
        intercept -= terms[k][j + 1] * center.features()[j];
      }
      intercepts[k] = form.hasIntercept() ? intercept : 0;
    }
    if (family == Family.BINOMIAL) {
      return new LogisticModel(intercepts, coefficients, convergence);
    }
    if (penalty.regParam() == 0) {
      for (int j : active) {
        double mean = 0;
        for (double[] set : coefficients) {
          mean += set[j] / sets;
        }
        for (double[] set : coefficients) {
          set[j] -= mean;
        }
      }
    }
    if (penalty.l1() > 0 && penalty.l2() == 0 && sets % 2 == 0) {
      for (int j : active) {
        double[] sorted = new double[sets];
        for (int k = 0; k < sets; k++) {
          sorted[k] = coefficients[k][j];
        }
        Arrays.sort(sorted);
        double middle = (sorted[sets / 2 - 1] + sorted[sets / 2]) / 2;
        for (double[] set : coefficients) {
          set[j] = set[j] - middle + 0.0; // never -0.0
        }
      }
    }
    double[] all = new double[classes];
    double[][] allCoefficients = new double[classes][center.width()];
    Arrays.fill(all, Double.NEGATIVE_INFINITY);
    double mean = Arrays.stream(intercepts).sum() / sets;
    for (int k = 0; k < sets; k++) {
      all[present[k]] = intercepts[k] - mean;
      allCoefficients[present[k]] = coefficients[k];
    }
    return new LogisticModel(all, allCoefficients, convergence);
  }

  /**
   * The quadratic around the present coefficients. Variables are, set by set, the intercept if
   * there is one and the coefficients of active features.
   */
  private final class Newton {
    private final int sets = at.length;
    private final int first = variables.first;
    private final int perSet = variables.count;
    private final double[] here = new double[sets * perSet];

    /** Of the mean loss. */
    final double[] gradient = new double[sets * perSet];

    private double[][] matrix;

    Newton(LogisticSums sums) {
      for (int k = 0; k < sets; k++) {
        variables.gradient(sums.slope[k], weight, gradient, k * perSet);
        variables.values(at[k], here, k * perSet);
      }
      if (sums.isWhole()) {
        hessian = new double[here.length][here.length];
        for (int k = 0; k < sets; k++) {
          for (int l = k; l < sets; l++) {
            double[] curvature = sums.curvature[Tile.pair(sets, k, l)];
            variables.hessian(curvature, weight, hessian, k * perSet, l * perSet);
          }
        }
      } else if (before != null) {
        update();
      }
    }

    /** Makes the Hessian send the last step to the change of the gradient that it brought. */
    private void update() {
      int n = here.length;
      double[] s = new double[n];
      double[] y = new double[n];
      double[] old = new double[n];
      for (int k = 0; k < sets; k++) {
        variables.values(before[k], old, k * perSet);
      }
      for (int i = 0; i < n; i++) {
        s[i] = here[i] - old[i];
        y[i] = gradient[i] - gradientBefore[i];
      }
      double[] image = new double[n];
      double sy = 0;
      double shs = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          image[i] += hessian[i][j] * s[j];
        }
        sy += s[i] * y[i];
        shs += s[i] * image[i];
      }
      // A change of the curvature by more than a factor of 100 is rounding, or a step too far.
      if (!(shs > 0 && sy > shs / 100 && sy < 100 * shs)) {
        return;
      }
      double[][] updated = new double[n][n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          updated[i][j] = hessian[i][j] + (y[i] * y[j] / sy - image[i] * image[j] / shs);
        }
      }
      hessian = updated;
    }

    /** Where the quadratic with this penalty is least. */
    double[] minimum(Penalty penalty) {
      int n = here.length;
      matrix = new double[n][];
      for (int i = 0; i < n; i++) {
        matrix[i] = hessian[i].clone();
      }
      if (sets > 1) {
        for (int v = 0; v < (penalty.regParam() == 0 ? perSet : first); v++) {
          pin(matrix, sets, perSet, v);
        }
      }
      double[] smooth = gradient.clone();
      double[] sizes = penalty.l1() > 0 ? new double[n] : null;
      for (int i = 0; i < n; i++) {
        if (i % perSet >= first) {
          double unit = unit(active[i % perSet - first]);
          matrix[i][i] += penalty.l2() * unit * unit;
          smooth[i] += penalty.l2() * unit * unit * here[i];
          if (sizes != null) {
            sizes[i] = penalty.l1() * unit;
          }
        }
      }
      if (sizes == null) {
        double[] step = Quadratic.minimize(matrix, smooth, null, here);
        for (int i = 0; i < n; i++) {
          step[i] = here[i] - step[i];
        }
        return step;
      }
      double[] right = new double[n];
      for (int i = 0; i < n; i++) {
        right[i] = -smooth[i];
        for (int j = 0; j < n; j++) {
          right[i] += matrix[i][j] * here[j];
        }
      }
      return Quadratic.minimize(matrix, right, sizes, here);
    }

    /** The square of the step to there, in units of the last quadratic. */
    double squaredLength(double[] there) {
      double sum = 0;
      for (int i = 0; i < there.length; i++) {
        double product = 0;
        for (int j = 0; j < there.length; j++) {
          product += matrix[i][j] * (there[j] - here[j]);
        }
        sum += product * (there[i] - here[i]);
      }
      return sum;
    }

    double[][] terms(double[] values) {
      double[][] terms = new double[sets][];
      for (int k = 0; k < sets; k++) {
        terms[k] = variables.terms(values, k * perSet);
      }
      return terms;
    }
  }
}
