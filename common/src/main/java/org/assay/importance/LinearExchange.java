package org.assay.importance;

import java.util.Arrays;
import org.assay.fit.GlmModel;
import org.assay.fit.LinearModel;
import org.assay.fit.LogisticModel;

/**
 * The exchange of a linear predictor: an exchanged group changes one term of a sum.
 *
 * <pre>
 *   score' = score + term(donor) - term(own),  term = sum over the group's features of w_j x_j
 * </pre>
 *
 * <p>A row is prepared to its score and its terms, so that an exchange costs one addition and one
 * difference per score, and the link. Some nanoseconds per row and group.
 *
 * <p><b>Accuracy.</b> Every w<sub>j</sub> x<sub>j</sub> is rounded to a multiple of a power of two
 * that is about 2<sup>-50</sup> of B = |intercept| + sum of |w<sub>j</sub>| max |x<sub>j</sub>|.
 * All sums of such numbers below 8 B are exact, so that rows that are equal have equal scores, in
 * whatever way they came about; the scores are off by at most about 2<sup>-50</sup> B for each
 * feature that is not 0, which is what a plain sum may be off by. Where B is exceeded more than
 * twice sums are rounded as usual, and only ties may be lost.
 */
public final class LinearExchange implements Exchange {
  private static final long serialVersionUID = 1L;

  /** Rows of a pass, so that what is being worked on stays in the cache. */
  private static final int TILE = 1024;

  private final FeatureGroups groups;
  private final double[] intercepts;
  private final double[][] coefficients;
  private final Link link;

  /** Of each score, 1.5 * 2^52 times its unit; what is added to it and taken away is rounded. */
  private final double[] rounder;

  /**
   * The exchange of one or several linear predictors under a link.
   *
   * @param intercepts one per score; may be infinite
   * @param coefficients by score and feature; finite
   * @param largest of each feature the largest absolute value to be expected, at least 0
   * @throws IllegalArgumentException if sizes differ or a coefficient is not finite
   */
  public LinearExchange(
      FeatureGroups groups,
      double[] intercepts,
      double[][] coefficients,
      Link link,
      double[] largest) {
    if (intercepts.length != coefficients.length || largest.length != groups.width()) {
      throw new IllegalArgumentException(
          intercepts.length
              + " intercepts, "
              + coefficients.length
              + " sets of coefficients, "
              + largest.length
              + " largest values: must be one per score, and one per feature");
    }
    link.outputs(intercepts.length);
    this.groups = groups;
    this.intercepts = new double[intercepts.length];
    this.coefficients = new double[intercepts.length][];
    this.link = link;
    this.rounder = new double[intercepts.length];
    for (int k = 0; k < intercepts.length; k++) {
      double[] w = coefficients[k].clone();
      if (w.length != groups.width()) {
        throw new IllegalArgumentException(
            w.length + " coefficients: must be one for each of " + groups.width() + " features");
      }
      double bound = Double.isInfinite(intercepts[k]) ? 0 : Math.abs(intercepts[k]);
      for (int j = 0; j < w.length; j++) {
        if (!Double.isFinite(w[j]) || !(largest[j] >= 0)) {
          throw new IllegalArgumentException(
              "feature "
                  + j
                  + ": coefficient "
                  + w[j]
                  + ", largest value "
                  + largest[j]
                  + ": must be finite, and 0 or more");
        }
        bound += Math.abs(w[j]) * largest[j];
      }
      double unit = Math.scalb(1.0, Math.getExponent(bound) + 1 - 50);
      rounder[k] = bound > 0 && bound < 1e300 ? 1.5 * 0x1.0p52 * unit : 0;
      this.coefficients[k] = w;
      this.intercepts[k] = rounded(intercepts[k], rounder[k]);
    }
  }

  /** The exchange of a linear model. */
  public static LinearExchange of(FeatureGroups groups, LinearModel model, double[] largest) {
    return new LinearExchange(
        groups,
        new double[] {model.intercept()},
        new double[][] {model.coefficients()},
        Link.IDENTITY,
        largest);
  }

  /** The exchange of a logistic regression, to probabilities of its classes. */
  public static LinearExchange of(FeatureGroups groups, LogisticModel model, double[] largest) {
    return new LinearExchange(
        groups,
        model.intercepts(),
        model.coefficients(),
        model.intercepts().length == 1 ? Link.LOGISTIC : Link.SOFTMAX,
        largest);
  }

  /** The exchange of a generalized linear model without offsets, to means. */
  public static LinearExchange of(FeatureGroups groups, GlmModel model, double[] largest) {
    return new LinearExchange(
        groups,
        new double[] {model.linear().intercept()},
        new double[][] {model.linear().coefficients()},
        Link.mean(model.glm()),
        largest);
  }

  /** Of each feature the largest absolute value among rows. */
  public static double[] largest(double[] rows, int count, int width) {
    double[] largest = new double[width];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < width; j++) {
        largest[j] = Math.max(largest[j], Math.abs(rows[i * width + j]));
      }
    }
    return largest;
  }

  private static double rounded(double x, double rounder) {
    return x + rounder - rounder;
  }

  @Override
  public FeatureGroups groups() {
    return groups;
  }

  @Override
  public int outputs() {
    return link.outputs(intercepts.length);
  }

  @Override
  public boolean uses(int group) {
    for (double[] w : coefficients) {
      for (int feature : groups.features()[group]) {
        if (w[feature] != 0) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public Prepared prepare(Source source, int count) {
    int width = groups.width();
    int sets = intercepts.length;
    double[][] score = new double[sets][count];
    double[][] terms = new double[groups.size() * sets][];
    for (int g = 0; g < groups.size(); g++) {
      if (uses(g)) {
        for (int k = 0; k < sets; k++) {
          terms[g * sets + k] = new double[count];
        }
      }
    }
    int tile = Math.max(1, Math.min(count, Math.max(16, (1 << 15) / Math.max(1, width))));
    double[] rows = new double[tile * width];
    double[] product = new double[width];
    for (int start = 0; start < count; start += tile) {
      int end = Math.min(count, start + tile);
      source.fill(start, end, rows);
      for (int k = 0; k < sets; k++) {
        for (int i = start; i < end; i++) {
          terms(k, rows, (i - start) * width, product);
          double sum = intercepts[k];
          for (int j = 0; j < width; j++) {
            sum += product[j];
          }
          score[k][i] = sum;
          for (int g = 0; g < groups.size(); g++) {
            double[] term = terms[g * sets + k];
            if (term != null) {
              double t = 0;
              for (int feature : groups.features()[g]) {
                t += product[feature];
              }
              term[i] = t;
            }
          }
        }
      }
    }
    return new Rows(score, terms, count);
  }

  private void terms(int k, double[] rows, int at, double[] product) {
    double[] w = coefficients[k];
    double round = rounder[k];
    for (int j = 0; j < product.length; j++) {
      product[j] = w[j] * rows[at + j] + round - round;
    }
  }

  @Override
  public void predict(Prepared prepared, int from, int to, double[] out) {
    Rows rows = (Rows) prepared;
    int sets = intercepts.length;
    double[] raw = new double[Math.min(TILE, to - from) * sets];
    for (int start = from; start < to; start += TILE) {
      int count = Math.min(TILE, to - start);
      for (int k = 0; k < sets; k++) {
        for (int i = 0; i < count; i++) {
          raw[i * sets + k] = rows.score[k][start + i];
        }
      }
      link.apply(raw, count, sets, out, (start - from) * outputs());
    }
  }

  @Override
  public void exchange(
      Prepared prepared, int from, int to, Prepared donors, int[] donor, double[][] out) {
    Exchange.check(this, prepared, from, to, donors, donor, out);
    Rows rows = (Rows) prepared;
    Rows others = (Rows) donors;
    int sets = intercepts.length;
    int outputs = outputs();
    double[] raw = new double[Math.min(TILE, to - from) * sets];
    int[] place = new int[Math.min(TILE, to - from)];
    for (int start = from; start < to; start += TILE) {
      int count = Math.min(TILE, to - start);
      int at = (start - from) * outputs;
      System.arraycopy(donor, start - from, place, 0, count);
      int same = -1;
      for (int g = 0; g < out.length; g++) {
        if (out[g] == null) {
          continue;
        }
        if (rows.terms[g * sets] != null) {
          for (int k = 0; k < sets; k++) {
            double[] own = rows.terms[g * sets + k];
            double[] term = others.terms[g * sets + k];
            double[] score = rows.score[k];
            for (int i = 0; i < count; i++) {
              raw[i * sets + k] = score[start + i] + (term[place[i]] - own[start + i]);
            }
          }
          link.apply(raw, count, sets, out[g], at);
        } else if (same >= 0) {
          System.arraycopy(out[same], at, out[g], at, count * outputs);
        } else {
          for (int k = 0; k < sets; k++) {
            for (int i = 0; i < count; i++) {
              raw[i * sets + k] = rows.score[k][start + i];
            }
          }
          link.apply(raw, count, sets, out[g], at);
          same = g;
        }
      }
    }
  }

  /**
   * Prepared rows.
   *
   * @param score by score and row
   * @param terms by group and score, then by row; null for a group that the model does not use
   */
  private record Rows(double[][] score, double[][] terms, int count) implements Prepared {
    @Override
    public String toString() {
      return count + " rows, " + Arrays.stream(terms).filter(t -> t != null).count() + " terms";
    }
  }
}
