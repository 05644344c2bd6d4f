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
    int converged = 0;
    for (int seed = 1; seed <= 3; seed++) {
      Drawn drawn = Drawn.of(seed, 60 * seed, 2 + 2 * seed);
      for (int i = 0; seed == 3 && i < drawn.w().length; i++) {
        drawn.x()[i][4] = 0.5;
      }
      Examples rows = Examples.of(drawn.x(), drawn.number(), drawn.w());
      LinearRegressionModel theirs = mllib(rows, form, penalty);
      LinearModel model = ours(rows, form, penalty);
      LinearModel other = new LinearModel(theirs.intercept(), theirs.coefficients().toArray());
      double least = objective(rows, form, penalty, model);
      double reached = objective(rows, form, penalty, other);
      assertThat(least).isLessThanOrEqualTo(reached * (1 + 1e-13));
      if (reached < least * (1 + 1e-12)) {
        converged++;
        // Where MLlib had no Cholesky factor, L-BFGS stops when the objective's digits are spent.
        double tolerance = theirs.summary().totalIterations() == 0 ? 1e-8 : 1e-5;
        assertThat(Mllib.difference(model.coefficients(), other.coefficients(), rows))
            .isLessThan(tolerance);
        assertThat(model.intercept()).isCloseTo(other.intercept(), within(tolerance));
      }
    }
    // Without an intercept and with sizes penalized, its optimizer gives up early on some designs.
    assertThat(converged)
        .isGreaterThanOrEqualTo(intercept == Intercept.NONE && elastic > 0 ? 1 : 3);
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
    double[] expected =
        new LinearModel(theirs.intercept(), theirs.coefficients().toArray()).predict(rows);
    double[] predicted = model.predict(rows);
    for (int i = 0; i < predicted.length; i++) {
      assertThat(predicted[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  /** The objective as LinearRegression states it, row by row. */
  private static double objective(Examples rows, Form form, Penalty penalty, LinearModel model) {
    double[] predicted = model.predict(rows);
    double weight = 0;
    double loss = 0;
    for (int i = 0; i < predicted.length; i++) {
      weight += rows.weight()[i];
      loss += rows.weight()[i] * Math.pow(rows.label()[i] - predicted[i], 2) / 2;
    }
    double value = loss / weight;
    double sy = deviation(rows.label(), rows.weight());
    int p = rows.width();
    for (int j = 0; j < p; j++) {
      double[] x = Mllib.column(rows, j);
      double s = form.scale() == Scale.STANDARDIZED ? deviation(x, rows.weight()) : 1;
      double b = s * model.coefficients()[j];
      value += penalty.regParam() * penalty.elasticNetParam() * Math.abs(b);
      value += penalty.regParam() * (1 - penalty.elasticNetParam()) / 2 / sy * b * b;
    }
    return value;
  }

  private static double deviation(double[] values, double[] w) {
    double weight = 0;
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      weight += w[i];
      sum += w[i] * values[i];
    }
    double squares = 0;
    for (int i = 0; i < w.length; i++) {
      squares += w[i] * Math.pow(values[i] - sum / weight, 2);
    }
    return Math.sqrt(squares / weight);
  }
}
