package org.assay.jobs.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vectors;
import org.assay.fit.Center;
import org.assay.fit.Drawn;
import org.assay.fit.Examples;
import org.assay.fit.Form;
import org.assay.fit.Form.Intercept;
import org.assay.fit.Form.Scale;
import org.assay.fit.LogisticModel;
import org.assay.fit.LogisticRegression;
import org.assay.fit.LogisticRegression.Family;
import org.assay.fit.Penalty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Coefficients against fits of Spark MLlib's LogisticRegression with tol 1e-12. */
class LogisticRegressionMllibTest {

  private static LogisticRegressionModel mllib(
      Examples rows, Form form, Family family, Penalty penalty) {
    return new org.apache.spark.ml.classification.LogisticRegression()
        .setWeightCol("weight")
        .setFamily(family.name().toLowerCase(Locale.ROOT))
        .setFitIntercept(form.intercept() == Intercept.FITTED)
        .setStandardization(form.scale() == Scale.STANDARDIZED)
        .setRegParam(penalty.regParam())
        .setElasticNetParam(penalty.elasticNetParam())
        .setTol(1e-12)
        .setMaxIter(10_000)
        .fit(Mllib.rows(rows));
  }

  private static LogisticModel ours(
      Examples rows, Form form, Family family, int classes, Penalty penalty) {
    Center center = Center.of(List.of(rows), rows.width()).ofClasses();
    LogisticRegression fit =
        new LogisticRegression(center, form, family, classes, List.of(penalty));
    return Mllib.ours(fit, LogisticModel.class, center, rows).get(0);
  }

  private static double[] coefficients(LogisticModel model) {
    return Arrays.stream(model.coefficients()).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] coefficients(LogisticRegressionModel model, int width) {
    int sets = model.coefficientMatrix().numRows();
    double[] all = new double[sets * width];
    for (int k = 0; k < sets; k++) {
      for (int j = 0; j < width; j++) {
        all[k * width + j] = model.coefficientMatrix().apply(k, j);
      }
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "FITTED, STANDARDIZED, 0, 0",
    "FITTED, STANDARDIZED, 0.1, 0",
    "FITTED, ORIGINAL, 0.01, 0",
    "NONE, STANDARDIZED, 0.1, 0",
    "FITTED, STANDARDIZED, 0.03, 1",
    "FITTED, ORIGINAL, 0.001, 0.4"
  })
  void findsMllibsCoefficients(Intercept intercept, Scale scale, double regParam, double elastic) {
    Form form = new Form(intercept, scale);
    Penalty penalty = new Penalty(regParam, elastic);
    Drawn drawn = Drawn.of(3, 300, 5);
    for (double[] row : drawn.x()) {
      row[4] = 0.5;
    }
    for (int classes = 2; classes <= 3; classes++) {
      double[] label = classes == 2 ? drawn.class2() : drawn.class3();
      Examples rows = Examples.of(drawn.x(), label, drawn.w());
      LogisticRegressionModel theirs = mllib(rows, form, Family.auto(classes), penalty);
      LogisticModel model = ours(rows, form, Family.auto(classes), classes, penalty);
      double least = objective(rows, form, penalty, model);
      double reached = objective(rows, form, penalty, copy(theirs, rows.width()));
      assertThat(least).isLessThanOrEqualTo(reached * (1 + 1e-13));
      if (reached > least * (1 + 1e-11)) {
        // With sizes penalized its optimizer gives up early on some designs.
        assertThat(elastic).isPositive();
        continue;
      }
      double difference =
          Mllib.difference(coefficients(model), coefficients(theirs, rows.width()), rows);
      assertThat(difference).isLessThan(1e-6);
      // An intercept is as far off as coefficients carry it from the data to 0.
      assertThat(model.intercepts())
          .usingComparatorWithPrecision(1e-6 * Mllib.distance(rows))
          .containsExactly(theirs.interceptVector().toArray());
    }
  }

  private static LogisticModel copy(LogisticRegressionModel model, int width) {
    double[] flat = coefficients(model, width);
    double[][] sets = new double[flat.length / width][];
    for (int k = 0; k < sets.length; k++) {
      sets[k] = Arrays.copyOfRange(flat, k * width, (k + 1) * width);
    }
    return new LogisticModel(model.interceptVector().toArray(), sets);
  }

  /** The objective as LogisticRegression states it, row by row. */
  private static double objective(Examples rows, Form form, Penalty penalty, LogisticModel model) {
    double[] p = model.predict(rows);
    int classes = model.outputs();
    double weight = Arrays.stream(rows.weight()).sum();
    double squares = Arrays.stream(rows.weight()).map(w -> w * w).sum();
    double value = 0;
    for (int i = 0; i < rows.size(); i++) {
      value -= rows.weight()[i] / weight * Math.log(p[i * classes + (int) rows.label()[i]]);
    }
    for (int j = 0; j < rows.width(); j++) {
      double[] x = Mllib.column(rows, j);
      double mean = 0;
      for (int i = 0; i < x.length; i++) {
        mean += rows.weight()[i] / weight * x[i];
      }
      double variance = 0;
      for (int i = 0; i < x.length; i++) {
        variance += rows.weight()[i] * Math.pow(x[i] - mean, 2) / (weight - squares / weight);
      }
      double unit = form.scale() == Scale.STANDARDIZED ? Math.sqrt(variance) : 1;
      for (double[] set : model.coefficients()) {
        double b = unit * set[j];
        value += penalty.regParam() * penalty.elasticNetParam() * Math.abs(b);
        value += penalty.regParam() * (1 - penalty.elasticNetParam()) / 2 * b * b;
      }
    }
    return value;
  }

  @Test
  void predictsAsMllibAtTheEdges() {
    Drawn drawn = Drawn.of(4, 200, 3);
    for (double[] row : drawn.x()) {
      row[2] = 4 - 2 * row[0];
    }
    Examples collinear = Examples.of(drawn.x(), drawn.class2(), drawn.w());
    agree(collinear, Family.BINOMIAL, 2, Penalty.none(), 1e-6);
    double[] shifted = Arrays.stream(drawn.class3()).map(c -> c == 2 ? 3 : c).toArray();
    Examples missing = Examples.of(drawn.x(), shifted, drawn.w());
    // It moves the intercept of the class that is missing until nothing changes.
    agree(missing, Family.MULTINOMIAL, 4, Penalty.ridge(0.1), 1e-5);
    double[] ones = new double[200];
    Arrays.fill(ones, 1);
    agree(Examples.of(drawn.x(), ones, drawn.w()), Family.BINOMIAL, 2, Penalty.ridge(0.1), 0);
    double[] separated = Arrays.stream(drawn.x()).mapToDouble(x -> x[1] > 0.3 ? 1 : 0).toArray();
    agree(Examples.of(drawn.x(), separated, drawn.w()), Family.BINOMIAL, 2, Penalty.none(), 1e-4);
  }

  private static void agree(
      Examples rows, Family family, int classes, Penalty penalty, double tolerance) {
    LogisticRegressionModel theirs = mllib(rows, Form.DEFAULT, family, penalty);
    double[] p = ours(rows, Form.DEFAULT, family, classes, penalty).predict(rows);
    for (int i = 0; i < rows.size(); i++) {
      double[] x = Arrays.copyOfRange(rows.features(), i * rows.width(), (i + 1) * rows.width());
      assertThat(Arrays.copyOfRange(p, i * classes, (i + 1) * classes))
          .usingComparatorWithPrecision(Math.max(tolerance, Double.MIN_VALUE))
          .containsExactly(theirs.predictProbability(Vectors.dense(x)).toArray());
    }
  }
}
