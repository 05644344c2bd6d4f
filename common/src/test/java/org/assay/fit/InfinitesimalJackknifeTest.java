package org.assay.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assay.UserException;
import org.assay.fit.Form.Intercept;
import org.assay.fit.LogisticRegression.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against refits without each row. */
class InfinitesimalJackknifeTest {

  /** The Wisconsin breast cancer data that ships with the product. */
  private static Examples wisconsin() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../conf/demo/breast_cancer.csv"));
    double[][] x = new double[lines.size() - 1][];
    double[] label = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double[] cells =
          Arrays.stream(lines.get(i + 1).split(",", -1)).mapToDouble(Double::parseDouble).toArray();
      x[i] = Arrays.copyOfRange(cells, 1, cells.length - 1);
      label[i] = cells[cells.length - 1];
    }
    return Examples.of(x, label);
  }

  private static double[] exact(
      Examples rows, Form form, Family family, int classes, Penalty penalty) {
    Center center = Center.of(List.of(rows), rows.width()).ofClasses();
    LogisticRegression pilot =
        LogisticRegression.pilot(center, form, family, classes, List.of(penalty));
    Drawn.fit(pilot, center, rows);
    List<LogisticRegression> fits = new ArrayList<>();
    List<double[][]> times = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      fits.add(pilot.again());
      double[] others = Drawn.ones(rows.size());
      others[i] = 0;
      times.add(new double[][] {others});
    }
    Fit.finish(fits, center, List.of(rows), times);
    double[] out = new double[rows.size() * classes];
    for (int i = 0; i < rows.size(); i++) {
      double[] p = fits.get(i).models().get(0).predict(rows.rows(i, i + 1));
      System.arraycopy(p, 0, out, i * classes, classes);
    }
    return out;
  }

  private static LogisticModel fit(
      Examples rows, Form form, Family family, int classes, Penalty penalty) {
    Center center = Center.of(List.of(rows), rows.width()).ofClasses();
    return (LogisticModel)
        Drawn.fit(
                new LogisticRegression(center, form, family, classes, List.of(penalty)),
                center,
                rows)
            .get(0);
  }

  private static double[] logits(double[] p, int classes) {
    double[] out = new double[p.length / classes];
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.log(p[i * classes + 1] / p[i * classes]);
    }
    return out;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  /** Mean errors of log odds: 6 % and 16 % of what leaving a row out changes. */
  @Test
  void isNearRefitsOnWisconsin() throws IOException {
    Examples rows = wisconsin();
    double[] regParam = {0.1, 0.01};
    double[] most = {0.07, 0.18};
    for (int point = 0; point < 2; point++) {
      Penalty penalty = Penalty.ridge(regParam[point]);
      LogisticModel model = fit(rows, Form.DEFAULT, Family.BINOMIAL, 2, penalty);
      double[] exact = logits(exact(rows, Form.DEFAULT, Family.BINOMIAL, 2, penalty), 2);
      double[] about =
          logits(InfinitesimalJackknife.predict(model, Form.DEFAULT, penalty, rows), 2);
      double[] full = logits(model.predict(rows), 2);
      assertThat(distance(about, exact) / distance(full, exact)).isLessThan(most[point]);
    }
  }

  /** What is left out is of second order: with a tenth of the weight, a tenth of the share. */
  @Test
  void theErrorIsOfSecondOrder() {
    for (Form.Scale scale : Form.Scale.values()) {
      for (Intercept intercept : Intercept.values()) {
        for (int classes = 2; classes <= 3; classes++) {
          Drawn drawn = Drawn.of(5, 150, 4);
          double[] label = classes == 2 ? drawn.class2() : drawn.class3();
          Form form = new Form(intercept, scale);
          double[] shares = new double[2];
          for (int s = 0; s < 2; s++) {
            int copies = s == 0 ? 1 : 10;
            double[][] x = new double[150 * copies][];
            double[] y = new double[x.length];
            double[] w = new double[x.length];
            for (int i = 0; i < x.length; i++) {
              x[i] = drawn.x()[i % 150];
              y[i] = label[i % 150];
              w[i] = drawn.w()[i % 150] / copies;
            }
            Examples rows = Examples.of(x, y, w);
            Penalty penalty = Penalty.ridge(scale == Form.Scale.ORIGINAL ? 1e-4 : 0.01);
            LogisticModel model = fit(rows, form, Family.auto(classes), classes, penalty);
            double[] exact =
                logits(exact(rows, form, Family.auto(classes), classes, penalty), classes);
            double[] about =
                logits(InfinitesimalJackknife.predict(model, form, penalty, rows), classes);
            double[] full = logits(model.predict(rows), classes);
            shares[s] = distance(about, exact) / distance(full, exact);
          }
          assertThat(shares[0]).isLessThan(0.1);
          assertThat(shares[1] / shares[0]).isBetween(0.09, 0.11);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void isNearRefitsOfGlms(Glm glm) {
    Examples rows = GeneralizedLinearRegressionTest.rows(glm, 3, 0);
    Center center = Center.of(List.of(rows), 3).ofClasses();
    GlmModel model =
        (GlmModel)
            Drawn.fit(
                    new GeneralizedLinearRegression(center, Intercept.FITTED, glm, 0), center, rows)
                .get(0);
    double[] exact = new double[rows.size()];
    for (int i = 0; i < exact.length; i++) {
      double[] others = Drawn.ones(rows.size());
      others[i] = 0;
      GeneralizedLinearRegression fit =
          new GeneralizedLinearRegression(center, Intercept.FITTED, glm, 0);
      Fit.finish(List.of(fit), center, List.of(rows), List.<double[][]>of(new double[][] {others}));
      exact[i] = fit.models().get(0).predict(rows.rows(i, i + 1))[0];
    }
    double[] about = InfinitesimalJackknife.predict(model, Intercept.FITTED, rows);
    assertThat(distance(about, exact)).isLessThan(0.1 * distance(model.predict(rows), exact));
  }

  @Test
  void refusesWhatIsNotSmooth() {
    Drawn drawn = Drawn.of(5, 60, 3);
    Examples rows = drawn.rows(drawn.class2());
    LogisticModel model = fit(rows, Form.DEFAULT, Family.BINOMIAL, 2, Penalty.none());
    assertThatThrownBy(
            () -> InfinitesimalJackknife.predict(model, Form.DEFAULT, new Penalty(0.1, 0.5), rows))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "elasticNetParam = 0.5: the infinitesimal jackknife needs a smooth penalty; use 0, or"
                + " refits");
    for (double[] row : drawn.x()) {
      row[2] = 1 - row[0];
    }
    Examples collinear = drawn.rows(drawn.class2());
    LogisticModel any = fit(collinear, Form.DEFAULT, Family.BINOMIAL, 2, Penalty.none());
    assertThatThrownBy(
            () -> InfinitesimalJackknife.predict(any, Form.DEFAULT, Penalty.none(), collinear))
        .hasMessageStartingWith("collinear features: the infinitesimal jackknife needs");
  }
}
