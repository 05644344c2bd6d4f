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
 * a penalty so do the coefficients of each feature.
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
 *       would change the mean loss by no more than some 10^-11; coefficients are large and finite,
 *       the training rows predicted right. (MLlib stops after {@code maxIter} or by {@code tol}.)
 *   <li>Collinear features without a penalty on squares: steps are the shortest ones in units of
 *       the Hessian, so predictions are the minimum's; MLlib's coefficients may be others.
 * </ul>
 *
 * <p><b>Algorithm and accuracy.</b> Newton's steps, or with a penalty on sizes proximal ones
 * ({@link Quadratic}), halved when the objective rises; from the greatest penalty to the least,
 * each from the last one's coefficients and with its Hessian. A fit ends with a step whose square
 * in units of the Hessian is below 10^-11 per unit of weight; what that step leaves is its square.
 */
public final class LogisticRegression implements Fit {
  /** Square of the last step in units of the Hessian, per unit of weight. */
  private static final double DONE = 1e-11;

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

  // What the first pass tells.
  private double weight;
  private double[] deviation;
  private int[] active;
  private int[] present;
  private int[] setOf;

  // The state of Newton's iteration: by set and term.
  private double[][] at;
  private double[][] before;
  private double objectiveBefore;
  private int passes;

  /** One fit of all penalties. */
  public LogisticRegression(
      Center center, Form form, Family family, int classes, List<Penalty> path) {
    if (family == Family.BINOMIAL && classes > 2) {
      throw new IllegalArgumentException(
          "family = binomial for " + classes + " classes: it knows 2; use multinomial or auto");
    }
    this.center = center.ofClasses();
    this.form = form;
    this.family = family;
    this.classes = classes;
    this.path = List.copyOf(path);
    order =
        IntStream.range(0, path.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer k) -> -path.get(k).regParam()))
            .mapToInt(k -> k)
            .toArray();
    models = new LogisticModel[path.size()];
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
    return at == null ? Moments.ofClasses(center, classes) : new LogisticSums(center, at, setOf);
  }

  @Override
  public boolean take(Sums total) {
    if (total instanceof Moments moments) {
      return begin(moments);
    }
    return step((LogisticSums) total);
  }

  @Override
  public List<LogisticModel> models() {
    return List.of(models);
  }

  private boolean begin(Moments m) {
    weight = m.weight();
    deviation = IntStream.range(0, m.width()).mapToDouble(m::sampleDeviation).toArray();
    active = IntStream.range(0, m.width()).filter(j -> deviation[j] > 0).toArray();
    present = IntStream.range(0, classes).filter(c -> m.slope[c][0] > 0).toArray();
    if (form.hasIntercept() && present.length == 1) {
      Arrays.fill(models, single(present[0]));
      return false;
    }
    if (!form.hasIntercept()) {
      present = IntStream.range(0, classes).toArray();
    }
    setOf = new int[classes];
    for (int k = 0; k < present.length; k++) {
      setOf[present[k]] = k;
    }
    int sets = family == Family.BINOMIAL ? 1 : present.length;
    at = new double[sets][m.width() + 1];
    if (form.hasIntercept()) {
      double mean = 0;
      for (int k = 0; k < sets; k++) {
        at[k][0] =
            sets == 1 ? Math.log(m.slope[1][0] / m.slope[0][0]) : Math.log(m.slope[present[k]][0]);
        mean += at[k][0] / sets;
      }
      for (int k = 0; k < sets && sets > 1; k++) {
        at[k][0] -= mean;
      }
    }
    return path.size() > 0;
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
    double objective = objective(sums.loss, path.get(order[done]));
    if (before != null
        && !(objective <= objectiveBefore + 1e-13 * Math.abs(objectiveBefore))
        && passes < PASSES) {
      double[][] half = new double[at.length][];
      for (int k = 0; k < half.length; k++) {
        half[k] = new double[at[k].length];
        for (int t = 0; t < half[k].length; t++) {
          half[k][t] = (at[k][t] + before[k][t]) / 2;
        }
      }
      at = half;
      return true;
    }
    Newton newton = new Newton(sums);
    while (true) {
      Penalty penalty = path.get(order[done]);
      double[] next = newton.minimum(penalty);
      boolean last = newton.squaredLength(next) <= DONE || passes >= PASSES;
      if (!last) {
        before = at;
        objectiveBefore = objective(sums.loss, penalty);
        at = newton.terms(next);
        return true;
      }
      models[order[done]] = model(newton.terms(next), penalty);
      passes = 0;
      done++;
      before = null;
      if (done == order.length) {
        return false;
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

  private LogisticModel model(double[][] terms, Penalty penalty) {
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
      return new LogisticModel(intercepts, coefficients);
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
    double[] all = new double[classes];
    double[][] allCoefficients = new double[classes][center.width()];
    Arrays.fill(all, Double.NEGATIVE_INFINITY);
    double mean = Arrays.stream(intercepts).sum() / sets;
    for (int k = 0; k < sets; k++) {
      all[present[k]] = intercepts[k] - mean;
      allCoefficients[present[k]] = coefficients[k];
    }
    return new LogisticModel(all, allCoefficients);
  }

  /**
   * The quadratic around the present coefficients. Variables are, set by set, the intercept if
   * there is one and the coefficients of active features.
   */
  private final class Newton {
    private final int sets = at.length;
    private final Variables variables = new Variables(center, form, active);
    private final int first = variables.first;
    private final int perSet = variables.count;
    private final double[][] hessian = new double[sets * perSet][sets * perSet];
    private final double[] gradient = new double[sets * perSet];
    private final double[] here = new double[sets * perSet];
    private double[][] matrix;

    Newton(LogisticSums sums) {
      for (int k = 0; k < sets; k++) {
        variables.gradient(sums.slope[k], weight, gradient, k * perSet);
        variables.values(at[k], here, k * perSet);
        for (int l = k; l < sets; l++) {
          double[] curvature = sums.curvature[Tile.pair(sets, k, l)];
          variables.hessian(curvature, weight, hessian, k * perSet, l * perSet);
        }
      }
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
          pin(v);
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

    /** Gives the shift of all sets together, which changes no probability, a curvature. */
    private void pin(int v) {
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
