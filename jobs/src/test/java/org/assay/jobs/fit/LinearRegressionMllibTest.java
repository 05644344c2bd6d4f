package org.assay.jobs.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.assay.fit.Center;
import org.assay.fit.Drawn;
import org.assay.fit.Examples;
import org.assay.fit.Form;
import org.assay.fit.Form.Intercept;
import org.assay.fit.Form.Scale;
import org.assay.fit.LinearModel;
import org.assay.fit.LinearRegression;
import org.assay.fit.Penalty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Coefficients against fits of Spark MLlib's LinearRegression. */
class LinearRegressionMllibTest {

  private static LinearRegressionModel mllib(Examples rows, Form form, Penalty penalty) {
    return new org.apache.spark.ml.regression.LinearRegression()
        .setWeightCol("weight")
        .setFitIntercept(form.intercept() == Intercept.FITTED)
        .setStandardization(form.scale() == Scale.STANDARDIZED)
        .setRegParam(penalty.regParam())
        .setElasticNetParam(penalty.elasticNetParam())
        .setTol(1e-14)
        .setMaxIter(10_000)
        .fit(Mllib.rows(rows));
  }

  private static LinearModel ours(Examples rows, Form form, Penalty penalty) {
    Center center = Center.of(List.of(rows), rows.width());
    LinearRegression fit = new LinearRegression(center, form, List.of(penalty));
    return Mllib.ours(fit, LinearModel.class, center, rows).get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "FITTED, STANDARDIZED, 0, 0",
    "FITTED, STANDARDIZED, 0.3, 0",
    "FITTED, ORIGINAL, 0.3, 0",
    "NONE, STANDARDIZED, 0.3, 0",
    "NONE, ORIGINAL, 0, 0",
    "FITTED, STANDARDIZED, 0.3, 1",
    "FITTED, ORIGINAL, 0.01, 0.4",
    "NONE, STANDARDIZED, 0.2, 0.5"
  })
  void findsMllibsCoefficients(Intercept intercept, Scale scale, double regParam, double elastic) {
    Form form = new Form(intercept, scale);
    Penalty penalty = new Penalty(regParam, elastic);
    for (int seed = 1; seed <= 3; seed++) {
      Drawn drawn = Drawn.of(seed, 60 * seed, 2 + 2 * seed);
      for (int i = 0; seed == 3 && i < drawn.w().length; i++) {
        drawn.x()[i][4] = 0.5;
      }
      Examples rows = Examples.of(drawn.x(), drawn.number(), drawn.w());
      LinearRegressionModel theirs = mllib(rows, form, penalty);
      LinearModel model = ours(rows, form, penalty);
      LinearModel other = new LinearModel(theirs.intercept(), theirs.coefficients().toArray());
      LinearObjective objective = new LinearObjective(rows, form, penalty);
      double[] point = objective.point(model);
      double[] reached = objective.point(other);
      for (double g : objective.gradient(point)) {
        assertThat(g).isCloseTo(0, within(1e-12));
      }
      assertThat(objective.value(point))
          .isLessThanOrEqualTo(objective.value(reached) * (1 + 1e-12));
      Nearness nearness = objective.nearness(point, reached);
      if (intercept == Intercept.FITTED) {
        isNear(nearness, objective.intercept(), point, reached);
      }
      for (int v = 0; v < objective.features(); v++) {
        isNear(nearness, objective.coefficient(v), point, reached);
      }
      if (seed == 3) {
        assertThat(model.coefficients()[4]).isZero();
        assertThat(other.coefficients()[4]).isZero();
      }
      if (intercept == Intercept.FITTED || elastic == 0) {
        // Without an intercept and with sizes penalized its optimizer gives up early on some rows.
        assertThat(Mllib.difference(model.coefficients(), other.coefficients(), rows))
            .isLessThan(1e-6);
      }
    }
  }

  private static void isNear(Nearness nearness, double[] function, double[] point, double[] other) {
    assertThat(LogisticObjective.difference(function, point, other))
        .isLessThanOrEqualTo(nearness.bound(function) + 1e-9);
  }

  /** Without a unique solution predictions agree, coefficients need not. */
  @Test
  void predictsAsMllibWithCollinearFeatures() {
    Drawn drawn = Drawn.of(4, 80, 4);
    for (double[] row : drawn.x()) {
      row[3] = 4 - 2 * row[0];
    }
    Examples rows = Examples.of(drawn.x(), drawn.number(), drawn.w());
    LinearRegressionModel theirs = mllib(rows, Form.DEFAULT, Penalty.none());
    LinearModel model = ours(rows, Form.DEFAULT, Penalty.none());
    LinearObjective objective = new LinearObjective(rows, Form.DEFAULT, Penalty.none());
    double[] point = objective.point(model);
    double[] other =
        objective.point(new LinearModel(theirs.intercept(), theirs.coefficients().toArray()));
    assertThat(objective.value(point)).isLessThanOrEqualTo(objective.value(other) * (1 + 1e-12));
    Nearness nearness = objective.nearness(point, other);
    for (int i = 0; i < rows.size(); i++) {
      isNear(nearness, objective.prediction(i), point, other);
    }
  }
}
