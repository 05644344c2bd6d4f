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

  @ParameterizedTest
  @EnumSource
  void findsMllibsCoefficients(Glm glm) {
    String[] names = glm.name().toLowerCase(Locale.ROOT).split("_", -1);
    Drawn drawn = Drawn.of(3, 120, 3);
    double[] label = new double[120];
    for (int i = 0; i < 120; i++) {
      double[] x = drawn.x()[i];
      x[0] *= 30;
      x[1] = (x[1] - 0.3) * 3;
      x[2] -= 6;
      double u = drawn.number()[i] / 8;
      label[i] =
          names[0].equals("binomial")
              ? drawn.class2()[i]
              : names[0].equals("poisson") ? Math.floor(u) : u;
    }
    Examples rows = Examples.of(drawn.x(), label, drawn.w());
    Center center = Center.of(List.of(rows), 3).ofClasses();
    double[] path = {0, 0.05};
    List<GlmModel> ours =
        Mllib.ours(
            new GeneralizedLinearRegression(center, Intercept.FITTED, glm, path),
            GlmModel.class,
            center,
            rows);
    for (int point = 0; point < path.length; point++) {
      GeneralizedLinearRegressionModel theirs =
          new org.apache.spark.ml.regression.GeneralizedLinearRegression()
              .setFamily(names[0])
              .setLink(names[1])
              .setWeightCol("weight")
              .setRegParam(path[point])
              .setTol(1e-12)
              .setMaxIter(200)
              .fit(Mllib.rows(rows));
      LinearModel linear = ours.get(point).linear();
      assertThat(Mllib.difference(linear.coefficients(), theirs.coefficients().toArray(), rows))
          .isLessThan(1e-8);
      assertThat(linear.intercept())
          .isCloseTo(theirs.intercept(), within(1e-8 * Mllib.distance(rows)));
    }
  }
}
