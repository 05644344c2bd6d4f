package org.assay.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.assay.UserException;
import org.assay.fit.Form.Intercept;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneralizedLinearRegressionTest {

  /** Labels that suit a family and a link, and features small enough for each of them. */
  static Examples rows(Glm glm, long seed, double base) {
    Drawn drawn = Drawn.of(seed, 120, 3);
    double[] label = new double[120];
    for (int i = 0; i < 120; i++) {
      double[] x = drawn.x()[i];
      x[0] *= 30;
      x[1] = (x[1] - 0.3) * 3;
      x[2] += base - 6;
      double u = drawn.number()[i] / 8;
      label[i] =
          switch (glm) {
            case BINOMIAL_LOGIT, BINOMIAL_PROBIT, BINOMIAL_CLOGLOG -> drawn.class2()[i];
            case POISSON_LOG, POISSON_IDENTITY, POISSON_SQRT -> Math.floor(u);
            default -> u;
          };
    }
    return Examples.of(drawn.x(), label, drawn.w());
  }

  private static GlmModel fit(Examples rows, Intercept intercept, Glm glm, double regParam) {
    Center center = Center.of(List.of(rows), rows.width()).ofClasses();
    return (GlmModel)
        Drawn.fit(
                new GeneralizedLinearRegression(center, intercept, glm, 10, regParam), center, rows)
            .get(1);
  }

  /**
   * R 4.2.2: coef(glm(carb ~ wt + hp, FAMILY(LINK), mtcars[1:12, ], control = list(epsilon =
   * 1e-15))).
   */
  @Test
  void isWhatRFinds() {
    double[][] x = {
      {2.62, 110},
      {2.875, 110},
      {2.32, 93},
      {3.215, 110},
      {3.44, 175},
      {3.46, 105},
      {3.57, 245},
      {3.19, 62},
      {3.15, 95},
      {3.44, 123},
      {3.44, 123},
      {4.07, 180}
    };
    double[] carb = {4, 4, 1, 1, 2, 1, 4, 2, 2, 4, 4, 3};
    Examples rows = Examples.of(x, carb);
    isR(rows, Glm.POISSON_LOG, 0.70171493079165, -0.06901034523297064, 0.003821424934770119);
    isR(rows, Glm.GAMMA_INVERSE, 0.47939075246013596, 0.021054342044556657, -0.0012721832570643998);
    isR(rows, Glm.GAMMA_LOG, 0.6723384708485247, -0.07173983499852578, 0.004112354967281027);
    double[] share = Arrays.stream(carb).map(c -> c > 2 ? 1 : 0).toArray();
    isR(
        Examples.of(x, share),
        Glm.BINOMIAL_PROBIT,
        -1.4839995383597504,
        -0.20270913702334561,
        0.01709903402506642);
    isR(
        Examples.of(x, share),
        Glm.BINOMIAL_CLOGLOG,
        -2.210304419307698,
        -0.019818670523003647,
        0.014818331622577834);
  }

  private static void isR(Examples rows, Glm glm, double... expected) {
    LinearModel linear = fit(rows, Intercept.FITTED, glm, 0).linear();
    assertThat(linear.intercept()).isCloseTo(expected[0], within(1e-7));
    assertThat(linear.coefficients())
        .usingComparatorWithPrecision(1e-7)
        .containsExactly(expected[1], expected[2]);
  }

  /** The equation in the class comment, written out over rows. */
  @ParameterizedTest
  @EnumSource
  void isTheFixedPoint(Glm glm) {
    for (double regParam : new double[] {0, 0.05}) {
      for (Intercept intercept : Intercept.values()) {
        Examples rows = rows(glm, 2, intercept == Intercept.NONE ? 3 : 0);
        LinearModel linear = fit(rows, intercept, glm, regParam).linear();
        double[] eta = linear.predict(rows);
        double[] score = new double[4];
        double[] size = new double[4];
        double working = 0;
        for (int i = 0; i < rows.size(); i++) {
          double m = glm.mean(eta[i]);
          double h = 1e-6 * Math.max(1e-3, Math.abs(eta[i]));
          // The derivative of the mean by the predictor, by differences.
          double slope = (glm.mean(eta[i] + h) - glm.mean(eta[i] - h)) / (2 * h);
          double w = rows.weight()[i];
          working += w * slope * slope / glm.variance(m);
          for (int t = 0; t < 4; t++) {
            double x = t == 3 ? 1 : rows.features()[i * 3 + t];
            double part = w * (rows.label()[i] - m) * slope / glm.variance(m) * x;
            score[t] += part;
            size[t] += Math.abs(part);
          }
        }
        for (int t = 0; t < 4; t++) {
          if (t < 3 || intercept == Intercept.FITTED) {
            double unit = glm == Glm.GAUSSIAN_IDENTITY && t < 3 ? standardized(rows, t) : 1;
            double pull = t < 3 ? regParam * unit * working * linear.coefficients()[t] : 0;
            assertThat(score[t] - pull).isCloseTo(0, within(1e-6 * size[t]));
          }
        }
      }
    }
  }

  /** The variance of a feature over the standard deviation of the label. */
  private static double standardized(Examples rows, int j) {
    double[] x = new double[rows.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = rows.features()[i * 3 + j];
    }
    return variance(x, rows.weight()) / Math.sqrt(variance(rows.label(), rows.weight()));
  }

  private static double variance(double[] x, double[] w) {
    double weight = Arrays.stream(w).sum();
    double mean = 0;
    for (int i = 0; i < x.length; i++) {
      mean += w[i] / weight * x[i];
    }
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += w[i] / weight * (x[i] - mean) * (x[i] - mean);
    }
    return sum;
  }

  /** One feature as the offset is that feature with coefficient 1. */
  @Test
  void anOffsetIsAFeatureWhoseCoefficientIsKnown() {
    Examples rows = rows(Glm.POISSON_LOG, 2, 0);
    LinearModel free = fit(rows, Intercept.FITTED, Glm.POISSON_LOG, 0).linear();
    double[] offset = new double[rows.size()];
    for (int i = 0; i < offset.length; i++) {
      offset[i] = free.coefficients()[0] * rows.features()[i * 3];
    }
    GlmModel rest = fit(rows.with(offset), Intercept.FITTED, Glm.POISSON_LOG, 0);
    assertThat(rest.linear().coefficients())
        .usingComparatorWithPrecision(1e-9)
        .containsExactly(0, free.coefficients()[1], free.coefficients()[2]);
    double[] expected = free.predict(rows);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.exp(expected[i]);
    }
    assertThat(rest.predict(rows.with(offset)))
        .usingComparatorWithPrecision(1e-8)
        .containsExactly(expected);
  }

  @Test
  void saysWhenThereIsNoOptimum() {
    double[][] x = {{0}, {1}, {2}, {3}};
    Examples separated = Examples.of(x, new double[] {0, 0, 1, 1});
    assertThat(fit(separated, Intercept.FITTED, Glm.BINOMIAL_LOGIT, 0).convergence())
        .isEqualTo(new Convergence(GeneralizedLinearRegression.PASSES, false));
    Examples mixed = Examples.of(x, new double[] {0, 1, 0, 1});
    Convergence convergence = fit(mixed, Intercept.FITTED, Glm.BINOMIAL_LOGIT, 0).convergence();
    assertThat(convergence.converged()).isTrue();
    assertThat(convergence.iterations()).isBetween(2, 10);
  }

  @Test
  void refusesLabelsOutOfRange() {
    Examples rows = Examples.of(new double[][] {{1}, {2}}, new double[] {0, 3});
    assertThatThrownBy(() -> fit(rows, Intercept.FITTED, Glm.GAMMA_LOG, 0))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "a label of 0.0 for family = gamma: must be more than 0; choose another family");
    assertThatThrownBy(() -> fit(rows, Intercept.FITTED, Glm.BINOMIAL_LOGIT, 0))
        .hasMessageContaining("must be in [0, 1]");
  }
}
