package org.assay.fit;

/**
 * Which of the terms that are summed a learner is free to choose: the intercept, if there is one,
 * and the coefficients of the features that vary. Without an intercept features are what they are,
 * so that their gradients are moved back from the center.
 */
final class Variables {
  private final Center center;
  private final boolean intercept;
  private final int[] active;
  private final int[] term;
  private final double[] shift;

  /** Of the variables, the first that is a coefficient. */
  final int first;

  final int count;

  Variables(Center center, Form form, int[] active) {
    this.center = center;
    this.active = active;
    intercept = form.hasIntercept();
    first = intercept ? 1 : 0;
    count = first + active.length;
    term = new int[count];
    shift = new double[count];
    for (int v = first; v < count; v++) {
      term[v] = active[v - first] + 1;
      shift[v] = intercept ? 0 : center.features()[active[v - first]];
    }
  }

  void gradient(double[] slope, double weight, double[] to, int from) {
    for (int v = 0; v < count; v++) {
      to[from + v] = (slope[term[v]] + shift[v] * slope[0]) / weight;
    }
  }

  void values(double[] terms, double[] to, int from) {
    for (int v = 0; v < count; v++) {
      to[from + v] = terms[term[v]];
    }
  }

  /** Fills the parts at (i, j) and (j, i). */
  void hessian(double[] curvature, double weight, double[][] to, int i, int j) {
    int terms = center.width() + 1;
    for (int v = 0; v < count; v++) {
      int row = Tile.pair(terms, term[v], term[v]) - term[v];
      for (int u = v; u < count; u++) {
        double value = curvature[row + term[u]];
        if (!intercept) {
          value +=
              shift[v] * curvature[term[u]]
                  + shift[u] * curvature[term[v]]
                  + shift[v] * shift[u] * curvature[0];
        }
        value /= weight;
        to[i + v][j + u] = value;
        to[i + u][j + v] = value;
        to[j + v][i + u] = value;
        to[j + u][i + v] = value;
      }
    }
  }

  /** Coefficients of all terms, the features centred. */
  double[] terms(double[] values, int from) {
    double[] terms = new double[center.width() + 1];
    if (intercept) {
      terms[0] = values[from];
    }
    for (int v = first; v < count; v++) {
      terms[term[v]] = values[from + v];
      if (!intercept) {
        terms[0] += values[from + v] * shift[v];
      }
    }
    return terms;
  }

  /** The intercept for features as they are. */
  double intercept(double[] terms) {
    if (!intercept) {
      return 0;
    }
    double value = terms[0];
    for (int j : active) {
      value -= terms[j + 1] * center.features()[j];
    }
    return value;
  }
}
