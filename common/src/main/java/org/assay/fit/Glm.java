package org.assay.fit;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.assay.UserException;

/**
 * A family of distributions and a link, the pairs that MLlib's {@code GeneralizedLinearRegression}
 * knows but Tweedie, with its limits for means: not below 10^-16, for shares not above 1 - 10^-16.
 */
public enum Glm {
  GAUSSIAN_IDENTITY(Family.GAUSSIAN, Link.IDENTITY),
  GAUSSIAN_LOG(Family.GAUSSIAN, Link.LOG),
  GAUSSIAN_INVERSE(Family.GAUSSIAN, Link.INVERSE),
  BINOMIAL_LOGIT(Family.BINOMIAL, Link.LOGIT),
  BINOMIAL_PROBIT(Family.BINOMIAL, Link.PROBIT),
  BINOMIAL_CLOGLOG(Family.BINOMIAL, Link.CLOGLOG),
  POISSON_LOG(Family.POISSON, Link.LOG),
  POISSON_IDENTITY(Family.POISSON, Link.IDENTITY),
  POISSON_SQRT(Family.POISSON, Link.SQRT),
  GAMMA_INVERSE(Family.GAMMA, Link.INVERSE),
  GAMMA_IDENTITY(Family.GAMMA, Link.IDENTITY),
  GAMMA_LOG(Family.GAMMA, Link.LOG);

  private enum Family {
    GAUSSIAN,
    BINOMIAL,
    POISSON,
    GAMMA
  }

  private enum Link {
    IDENTITY,
    LOG,
    INVERSE,
    SQRT,
    LOGIT,
    PROBIT,
    CLOGLOG
  }

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final double EPSILON = 1e-16;

  private final Family family;
  private final Link link;

  Glm(Family family, Link link) {
    this.family = family;
    this.link = link;
  }

  /**
   * Checks labels.
   *
   * @param times how often each row counts; those that do not are not checked
   * @throws UserException naming the first label outside the family's range
   */
  public void check(Examples rows, double[] times) {
    for (int i = 0; i < rows.size(); i++) {
      if (times[i] > 0) {
        start(rows.label()[i], 1);
      }
    }
  }

  /** A mean to start from; refuses labels outside the family's range. */
  double start(double label, double weight) {
    return switch (family) {
      case GAUSSIAN -> label;
      case BINOMIAL -> {
        refuseUnless(label >= 0 && label <= 1, label, "in [0, 1]");
        yield (weight * label + 0.5) / (weight + 1);
      }
      case POISSON -> {
        refuseUnless(label >= 0, label, "0 or more");
        yield Math.max(label, 0.1);
      }
      case GAMMA -> {
        refuseUnless(label > 0, label, "more than 0");
        yield label;
      }
    };
  }

  private void refuseUnless(boolean fits, double label, String rule) {
    if (!fits) {
      throw UserException.input(
          "a label of "
              + label
              + " for family = "
              + family.name().toLowerCase(java.util.Locale.ROOT)
              + ": must be "
              + rule
              + "; choose another family");
    }
  }

  double variance(double mean) {
    return switch (family) {
      case GAUSSIAN -> 1;
      case BINOMIAL -> mean * (1 - mean);
      case POISSON -> mean;
      case GAMMA -> mean * mean;
    };
  }

  /**
   * Half the deviance of a row of weight 1, at least where means are within their limits; there 0
   * times an infinite logarithm is 0.
   */
  double loss(double label, double mean) {
    return switch (family) {
      case GAUSSIAN -> (label - mean) * (label - mean) / 2;
      case BINOMIAL -> ylogy(label, mean) + ylogy(1 - label, 1 - mean);
      case POISSON -> ylogy(label, mean) - (label - mean);
      case GAMMA -> (label - mean) / mean - Math.log(label / mean);
    };
  }

  private static double ylogy(double y, double mean) {
    return y == 0 ? 0 : y * Math.log(y / mean);
  }

  /**
   * First and second derivatives of {@link #loss} by the predictor.
   *
   * @param curvature of the first by differences, to 10 digits
   */
  record Curvature(double slope, double curvature) {}

  Curvature curvature(double label, double predictor) {
    double h = 1e-5 * Math.max(1e-2, Math.abs(predictor));
    double change = slope(label, predictor + h) - slope(label, predictor - h);
    return new Curvature(slope(label, predictor), change / (2 * h));
  }

  private double slope(double label, double predictor) {
    double mean = mean(predictor);
    return (mean - label) / (derivative(mean) * variance(mean));
  }

  private double project(double mean) {
    return switch (family) {
      case GAUSSIAN -> Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, mean));
      case BINOMIAL -> Math.max(EPSILON, Math.min(1 - EPSILON, mean));
      default -> Math.max(EPSILON, Math.min(Double.MAX_VALUE, mean));
    };
  }

  /** The predictor that belongs to a mean. */
  double predictor(double mean) {
    double m = project(mean);
    return switch (link) {
      case IDENTITY -> m;
      case LOG -> Math.log(m);
      case INVERSE -> 1 / m;
      case SQRT -> Math.sqrt(m);
      case LOGIT -> Math.log(m / (1 - m));
      case PROBIT -> NORMAL.inverseCumulativeProbability(m);
      case CLOGLOG -> Math.log(-Math.log1p(-m));
    };
  }

  /** The mean that belongs to a predictor. */
  public double mean(double predictor) {
    return project(
        switch (link) {
          case IDENTITY -> predictor;
          case LOG -> Math.exp(predictor);
          case INVERSE -> 1 / predictor;
          case SQRT -> predictor * predictor;
          case LOGIT -> 1 / (1 + Math.exp(-predictor));
          case PROBIT -> NORMAL.cumulativeProbability(predictor);
          case CLOGLOG -> -Math.expm1(-Math.exp(predictor));
        });
  }

  /** The derivative of the predictor by the mean. */
  double derivative(double mean) {
    return switch (link) {
      case IDENTITY -> 1;
      case LOG -> 1 / mean;
      case INVERSE -> -1 / (mean * mean);
      case SQRT -> 1 / (2 * Math.sqrt(mean));
      case LOGIT -> 1 / (mean * (1 - mean));
      case PROBIT -> 1 / NORMAL.density(NORMAL.inverseCumulativeProbability(mean));
      case CLOGLOG -> 1 / ((mean - 1) * Math.log1p(-mean));
    };
  }
}
