package org.assay.jobs.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.assay.fit.Center;
import org.assay.fit.Drawn;
import org.assay.fit.Examples;
import org.assay.fit.Form.Intercept;
import org.assay.fit.GeneralizedLinearRegression;
import org.assay.fit.Glm;
import org.assay.fit.GlmModel;
import org.assay.fit.LinearModel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Coefficients against fits of Spark MLlib's GeneralizedLinearRegression with tol 1e-12. */
class GeneralizedLinearRegressionMllibTest {
  private static final int ROWS = 120;

  private static String[] names(Glm glm) {
    return glm.name().toLowerCase(Locale.ROOT).split("_", -1);
  }

  /**
   * Labels that suit the family.
   *
   * @param base where the last feature is: without an intercept, far from 0 for means that are all
   *     positive
   */
  private static Examples rows(Glm glm, double base) {
    Drawn drawn = Drawn.of(3, ROWS, 3);
    double[] label = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      double[] x = drawn.x()[i];
      x[0] *= 30;
      x[1] = (x[1] - 0.3) * 3;
      x[2] += base - 6;
      double u = drawn.number()[i] / 8;
      label[i] =
          switch (names(glm)[0]) {
            case "binomial" -> drawn.class2()[i];
            case "poisson" -> Math.floor(u);
            default -> u;
          };
    }
    return Examples.of(drawn.x(), label, drawn.w());
  }

  private static org.apache.spark.ml.regression.GeneralizedLinearRegression mllib(
      Glm glm, Intercept intercept, double regParam) {
    return new org.apache.spark.ml.regression.GeneralizedLinearRegression()
        .setFamily(names(glm)[0])
        .setLink(names(glm)[1])
        .setWeightCol("weight")
        .setFitIntercept(intercept == Intercept.FITTED)
        .setRegParam(regParam)
        .setTol(1e-12)
        .setMaxIter(200);
  }

  private static List<GlmModel> ours(
      Examples rows, Glm glm, Intercept intercept, double... regParam) {
    Center center = Center.of(List.of(rows), 3).ofClasses();
    return Mllib.ours(
        new GeneralizedLinearRegression(center, intercept, glm, regParam),
        GlmModel.class,
        center,
        rows);
  }

  @ParameterizedTest
  @EnumSource
  void findsMllibsCoefficients(Glm glm) {
    double[] path = {0, 0.05};
    for (Intercept intercept : Intercept.values()) {
      Examples rows = rows(glm, intercept == Intercept.NONE ? 3 : 0);
      List<GlmModel> ours = ours(rows, glm, intercept, path);
      for (int point = 0; point < path.length; point++) {
        isTheirs(ours.get(point), mllib(glm, intercept, path[point]).fit(Mllib.rows(rows)), rows);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void findsMllibsCoefficientsWithOffsets(Glm glm) {
    Examples plain = rows(glm, 0);
    double[] offset = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      offset[i] = (i % 7) / 100.0;
    }
    Examples rows = plain.with(offset);
    GeneralizedLinearRegressionModel theirs =
        mllib(glm, Intercept.FITTED, 0.01).setOffsetCol("offset").fit(Mllib.rows(rows));
    isTheirs(ours(rows, glm, Intercept.FITTED, 0.01).get(0), theirs, rows);
  }

  private static void isTheirs(
      GlmModel model, GeneralizedLinearRegressionModel theirs, Examples rows) {
    assertThat(model.convergence().converged()).isTrue();
    LinearModel linear = model.linear();
    assertThat(Mllib.difference(linear.coefficients(), theirs.coefficients().toArray(), rows))
        .isLessThan(1e-8);
    assertThat(linear.intercept()).isCloseTo(theirs.intercept(), within(1e-8));
  }

  /**
   * Features around 0 and no intercept: predictors of both signs. Where the link keeps means in
   * range whatever the predictor there is an optimum, and we are at it whenever MLlib is. Where the
   * link does not, there need be none: MLlib ends anywhere, or fails because all of its working
   * weights are 0; we say that we did not converge, or are no worse.
   */
  @ParameterizedTest
  @EnumSource
  void isDefinedWhereMllibsStepsAreNot(Glm glm) {
    Examples rows = rows(glm, 0);
    GlmModel model = ours(rows, glm, Intercept.NONE, 0).get(0);
    double deviance = deviance(glm, rows, model.predict(rows));
    String link = names(glm)[1];
    boolean everywhere =
        List.of("log", "logit", "probit", "cloglog").contains(link) || glm == Glm.GAUSSIAN_IDENTITY;
    Double theirs = null;
    try {
      theirs = mllib(glm, Intercept.NONE, 0).fit(Mllib.rows(rows)).summary().deviance();
    } catch (RuntimeException | AssertionError e) {
      assertThat(e).hasMessageContaining("Sum of weights cannot be zero");
    }
    if (everywhere && theirs != null) {
      assertThat(model.convergence().converged()).isTrue();
    }
    assertThat(deviance).isFinite();
    if (theirs != null && (everywhere || model.convergence().converged())) {
      assertThat(deviance).isLessThanOrEqualTo(theirs * (1 + 1e-12));
    }
  }

  private static double deviance(Glm glm, Examples rows, double[] mean) {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      double y = rows.label()[i];
      double m = mean[i];
      double unit =
          switch (names(glm)[0]) {
            case "gaussian" -> (y - m) * (y - m);
            case "binomial" -> -2 * Math.log(y == 1 ? m : 1 - m);
            case "poisson" -> 2 * ((y > 0 ? y * Math.log(y / m) : 0) - (y - m));
            default -> -2 * (Math.log(y / m) - (y - m) / m);
          };
      sum += rows.weight()[i] * unit;
    }
    return sum;
  }
}
