package org.assay.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.fit.Form.Intercept;
import org.assay.fit.Form.Scale;
import org.assay.fit.LogisticRegression.Family;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogisticRegressionTest {

  private static LogisticModel fit(
      Examples rows, double[] times, Form form, Family family, int classes, Penalty... path) {
    Center center = Center.of(List.of(rows), rows.width()).ofClasses();
    LogisticRegression fit = new LogisticRegression(center, form, family, classes, List.of(path));
    Fit.finish(List.of(fit), center, List.of(rows), List.<double[][]>of(new double[][] {times}));
    return fit.models().get(0);
  }

  private static LogisticModel fit(
      Examples rows, Form form, Family family, int classes, Penalty penalty) {
    return fit(rows, Drawn.ones(rows.size()), form, family, classes, penalty);
  }

  /** R 4.2.2: coef(glm(am ~ wt + hp, binomial, mtcars, control = list(epsilon = 1e-15))). */
  @Test
  void isWhatRFinds() {
    double[] wt = {
      2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25,
      5.424, 5.345, 2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17,
      2.77, 3.57, 2.78
    };
    double[] hp = {
      110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215, 230, 66, 52, 65,
      97, 150, 150, 245, 175, 66, 91, 113, 264, 175, 335, 109
    };
    double[] am = {
      1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1
    };
    double[][] x =
        IntStream.range(0, 32).mapToObj(i -> new double[] {wt[i], hp[i]}).toArray(double[][]::new);
    LogisticModel model = fit(Examples.of(x, am), Form.DEFAULT, Family.BINOMIAL, 2, Penalty.none());
    assertThat(model.intercepts()[0]).isCloseTo(18.866298717204124, within(1e-8));
    assertThat(model.coefficients()[0])
        .usingComparatorWithPrecision(1e-8)
        .containsExactly(-8.083475182444634, 0.03625559608221654);
    // The same as two classes with a set each: half of it, with both signs.
    LogisticModel both =
        fit(Examples.of(x, am), Form.DEFAULT, Family.MULTINOMIAL, 2, Penalty.none());
    assertThat(both.coefficients()[1][0]).isCloseTo(model.coefficients()[0][0] / 2, within(1e-8));
    assertThat(both.coefficients()[0][0]).isEqualTo(-both.coefficients()[1][0], within(1e-12));
  }

  /** The gradient of the objective in the class comment, written out over rows. */
  @ParameterizedTest
  @CsvSource({
    "FITTED, STANDARDIZED, 0, 0",
    "FITTED, STANDARDIZED, 0.1, 0",
    "FITTED, ORIGINAL, 0.01, 0",
    "NONE, STANDARDIZED, 0.1, 0",
    "NONE, ORIGINAL, 0, 0",
    "FITTED, STANDARDIZED, 0.03, 1",
    "FITTED, ORIGINAL, 0.001, 0.4",
    "NONE, STANDARDIZED, 0.02, 0.5"
  })
  void gradientOfTheObjectiveIsZero(
      Intercept intercept, Scale scale, double regParam, double elasticNetParam) {
    for (int seed = 1; seed <= 12; seed++) {
      Drawn drawn = Drawn.of(seed, 200 + 10 * seed, 1 + seed % 7);
      for (int classes = 2; classes <= 3; classes++) {
        double[] label = classes == 2 ? drawn.class2() : drawn.class3();
        Family family = seed % 5 == 0 ? Family.MULTINOMIAL : Family.auto(classes);
        LogisticModel model =
            fit(
                drawn.rows(label),
                new Form(intercept, scale),
                family,
                classes,
                new Penalty(regParam, elasticNetParam));
        isOptimal(drawn, label, model, intercept, scale, new Penalty(regParam, elasticNetParam));
      }
    }
  }

  private static void isOptimal(
      Drawn drawn,
      double[] label,
      LogisticModel model,
      Intercept intercept,
      Scale scale,
      Penalty penalty) {
    double[] w = drawn.w();
    int n = w.length;
    int classes = model.outputs();
    int sets = model.intercepts().length;
    double weight = Arrays.stream(w).sum();
    double squares = Arrays.stream(w).map(v -> v * v).sum();
    double[] p = model.predict(drawn.rows(label));
    for (int k = 0; k < sets; k++) {
      int c = sets == 1 ? 1 : k;
      double[] residual = new double[n];
      double sum = 0;
      for (int i = 0; i < n; i++) {
        residual[i] = w[i] / weight * (p[i * classes + c] - (label[i] == c ? 1 : 0));
        sum += residual[i];
      }
      if (intercept == Intercept.FITTED) {
        assertThat(sum).isCloseTo(0, within(1e-9));
      } else {
        assertThat(model.intercepts()[k]).isZero();
      }
      for (int j = 0; j < drawn.x()[0].length; j++) {
        double mean = 0;
        for (int i = 0; i < n; i++) {
          mean += w[i] / weight * drawn.x()[i][j];
        }
        double s2 = 0;
        double size = 0;
        double gradient = 0;
        for (int i = 0; i < n; i++) {
          double d = drawn.x()[i][j] - mean;
          s2 += w[i] * d * d / (weight - squares / weight);
          size += w[i] / weight * Math.abs(drawn.x()[i][j]);
          gradient += residual[i] * drawn.x()[i][j];
        }
        double unit = scale == Scale.STANDARDIZED ? Math.sqrt(s2) : 1;
        double b = model.coefficients()[k][j];
        gradient += penalty.regParam() * (1 - penalty.elasticNetParam()) * unit * unit * b;
        double l1 = penalty.regParam() * penalty.elasticNetParam() * unit;
        if (b != 0) {
          assertThat(gradient + Math.signum(b) * l1).isCloseTo(0, within(1e-9 * size));
        } else {
          assertThat(Math.abs(gradient)).isLessThanOrEqualTo(l1 + 1e-9 * size);
        }
      }
    }
    if (sets > 1 && intercept == Intercept.FITTED) {
      assertThat(Arrays.stream(model.intercepts()).sum()).isCloseTo(0, within(1e-9));
    }
  }

  @Test
  void aRowThatCountsTwiceIsTwoRows() {
    Drawn drawn = Drawn.of(3, 90, 4);
    double[] times = new double[90];
    List<Integer> repeated = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      times[i] = i % 4;
      for (int k = 0; k < i % 4; k++) {
        repeated.add(i);
      }
    }
    double[][] x = repeated.stream().map(i -> drawn.x()[i]).toArray(double[][]::new);
    double[] y = repeated.stream().mapToDouble(i -> drawn.class2()[i]).toArray();
    double[] w = repeated.stream().mapToDouble(i -> drawn.w()[i]).toArray();
    Penalty penalty = Penalty.ridge(0.1);
    LogisticModel union = fit(Examples.of(x, y, w), Form.DEFAULT, Family.BINOMIAL, 2, penalty);
    LogisticModel counted =
        fit(drawn.rows(drawn.class2()), times, Form.DEFAULT, Family.BINOMIAL, 2, penalty);
    assertThat(counted.coefficients()[0])
        .usingComparatorWithPrecision(1e-9)
        .containsExactly(union.coefficients()[0]);
  }

  /** Counts of a bootstrap, and folds. */
  @ParameterizedTest
  @CsvSource({
    "FITTED, STANDARDIZED, 0, 0",
    "FITTED, STANDARDIZED, 0.1, 0",
    "FITTED, ORIGINAL, 0.01, 0",
    "NONE, STANDARDIZED, 0.1, 0",
    "NONE, ORIGINAL, 0, 0",
    "FITTED, STANDARDIZED, 0.03, 1",
    "FITTED, ORIGINAL, 0.001, 0.4",
    "NONE, STANDARDIZED, 0.02, 0.5"
  })
  void aFitFromAPilotFindsTheSame(
      Intercept intercept, Scale scale, double regParam, double elasticNetParam) {
    Form form = new Form(intercept, scale);
    List<Penalty> path =
        List.of(new Penalty(regParam, elasticNetParam), new Penalty(2 * regParam, elasticNetParam));
    for (int seed = 1; seed <= 12; seed++) {
      int n = 400 + 10 * seed;
      Drawn drawn = Drawn.of(seed, n, 1 + seed % 7);
      Keyed keyed = Keyed.of(seed, "counts");
      for (int classes = 2; classes <= 3; classes++) {
        Examples rows = drawn.rows(classes == 2 ? drawn.class2() : drawn.class3());
        Center center = Center.of(List.of(rows), rows.width()).ofClasses();
        Family family = seed % 5 == 0 ? Family.MULTINOMIAL : Family.auto(classes);
        LogisticRegression pilot = LogisticRegression.pilot(center, form, family, classes, path);
        Drawn.fit(pilot, center, rows);
        boolean bootstrap = seed % 2 == 0;
        double[] times =
            IntStream.range(0, n)
                .mapToDouble(
                    i -> bootstrap ? keyed.below(3, 0, i) : keyed.below(5, 0, i) == 0 ? 0 : 1)
                .toArray();
        LogisticRegression again = pilot.again();
        LogisticRegression alone = new LogisticRegression(center, form, family, classes, path);
        for (LogisticRegression fit : List.of(again, alone)) {
          Fit.finish(
              List.of(fit), center, List.of(rows), List.<double[][]>of(new double[][] {times}));
        }
        for (int point = 0; point < path.size(); point++) {
          LogisticModel expected = alone.models().get(point);
          LogisticModel model = again.models().get(point);
          assertThat(model.convergence().converged()).isTrue();
          assertThat(model.intercepts())
              .usingComparatorWithPrecision(1e-9)
              .containsExactly(expected.intercepts());
          for (int k = 0; k < expected.coefficients().length; k++) {
            for (int j = 0; j < rows.width(); j++) {
              double unit = Math.pow(10, j % 5 - 2); // of this feature, as drawn
              assertThat(model.coefficients()[k][j] * unit)
                  .isCloseTo(expected.coefficients()[k][j] * unit, within(1e-9));
            }
          }
        }
      }
    }
  }

  @Test
  void aFitOfManyRowsFromAPilotAsksForNoHessian() {
    Drawn drawn = Drawn.of(9, 5000, 6);
    Examples rows = drawn.rows(drawn.class2());
    Center center = Center.of(List.of(rows), 6).ofClasses();
    LogisticRegression pilot =
        LogisticRegression.pilot(
            center, Form.DEFAULT, Family.BINOMIAL, 2, List.of(Penalty.ridge(0.01)));
    Drawn.fit(pilot, center, rows);
    Keyed keyed = Keyed.of(9, "counts");
    for (int replicate = 0; replicate < 20; replicate++) {
      int r = replicate;
      double[] times = IntStream.range(0, 5000).mapToDouble(i -> keyed.below(3, r, i)).toArray();
      LogisticRegression fit = pilot.again();
      Pass pass = new Pass(center);
      int passes = 0;
      boolean more = true;
      while (more) {
        Sums sums = fit.sums();
        assertThat(sums.curvature).isEmpty();
        pass.add(rows, times, sums);
        more = fit.take(sums);
        passes++;
      }
      assertThat(passes).isBetween(4, 9);
      assertThat(fit.models().get(0).convergence()).isEqualTo(new Convergence(passes - 1, true));
    }
  }

  @Test
  void aPilotOfOtherRowsOnlyCostsTime() {
    Drawn drawn = Drawn.of(3, 300, 4);
    Examples rows = drawn.rows(drawn.class3());
    Center center = Center.of(List.of(rows), 4).ofClasses();
    List<Penalty> path = List.of(Penalty.ridge(0.001));
    LogisticRegression pilot =
        LogisticRegression.pilot(center, Form.DEFAULT, Family.MULTINOMIAL, 3, path);
    Drawn.fit(pilot, center, rows);
    double[] turned = Arrays.stream(drawn.class3()).map(c -> (c + 1) % 3).toArray();
    double[] two = Arrays.stream(drawn.class3()).map(c -> Math.min(c, 1)).toArray();
    double[] one = new double[300];
    for (double[] label : List.of(turned, two, one)) {
      LogisticRegression again = pilot.again();
      Drawn.fit(again, center, drawn.rows(label));
      LogisticModel expected =
          fit(drawn.rows(label), Form.DEFAULT, Family.MULTINOMIAL, 3, path.get(0));
      for (int k = 0; k < 3; k++) {
        assertThat(again.models().get(0).coefficients()[k])
            .usingComparatorWithPrecision(1e-7)
            .containsExactly(expected.coefficients()[k]);
      }
    }
    assertThatThrownBy(() -> pilot.again().again()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesLabelsThatAreNoClass() {
    for (double label : new double[] {2, -1, 0.5, Double.NaN}) {
      Examples rows = Examples.of(new double[][] {{1}, {2}}, new double[] {0, label});
      assertThatThrownBy(() -> fit(rows, Form.DEFAULT, Family.BINOMIAL, 2, Penalty.none()))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "a label of "
                  + label
                  + ": must be the code of a class, a whole number from 0 to 1; encode the label, or"
                  + " choose a learner for numbers");
    }
  }

  @Test
  void aPathGivesWhatEachPenaltyGivesAlone() {
    Drawn drawn = Drawn.of(4, 150, 5);
    Examples rows = drawn.rows(drawn.class3());
    List<Penalty> path =
        List.of(Penalty.ridge(0.001), Penalty.ridge(10), new Penalty(0.05, 1), Penalty.ridge(0.1));
    Center center = Center.of(List.of(rows), 5).ofClasses();
    LogisticRegression fit =
        new LogisticRegression(center, Form.DEFAULT, Family.MULTINOMIAL, 3, path);
    Drawn.fit(fit, center, rows);
    for (int point = 0; point < path.size(); point++) {
      LogisticModel alone = fit(rows, Form.DEFAULT, Family.MULTINOMIAL, 3, path.get(point));
      for (int k = 0; k < 3; k++) {
        assertThat(fit.models().get(point).coefficients()[k])
            .usingComparatorWithPrecision(1e-7)
            .containsExactly(alone.coefficients()[k]);
      }
    }
  }

  @Test
  void isTheSameToTheBitWhateverElseIsInThePass() {
    Drawn drawn = Drawn.of(6, 200, 5);
    List<Examples> blocks = Drawn.blocks(drawn.rows(drawn.class3()), 33, 150);
    Center center = Center.of(blocks, 5).ofClasses();
    List<LogisticRegression> together = new ArrayList<>();
    List<double[][]> times = new ArrayList<>();
    for (int f = 0; f < 4; f++) {
      int fold = f;
      together.add(fresh(center));
      times.add(
          blocks.stream()
              .map(
                  block ->
                      IntStream.range(0, block.size())
                          .mapToDouble(i -> i % 4 == fold ? 0 : 1)
                          .toArray())
              .toArray(double[][]::new));
    }
    Fit.finish(together, center, blocks, times);
    for (int f = 0; f < 4; f++) {
      LogisticRegression alone = fresh(center);
      Fit.finish(List.of(alone), center, blocks, List.<double[][]>of(times.get(f)));
      assertThat(alone.models().get(0))
          .usingRecursiveComparison()
          .isEqualTo(together.get(f).models().get(0));
    }
  }

  private static LogisticRegression fresh(Center center) {
    return new LogisticRegression(
        center, Form.DEFAULT, Family.MULTINOMIAL, 3, List.of(Penalty.ridge(0.01)));
  }

  @Test
  void separableClassesEndInLargeFiniteCoefficients() {
    double[][] x = {{0, 1}, {1, 3}, {2, 1}, {3, 2}, {4, 1}, {5, 2}};
    Examples rows = Examples.of(x, new double[] {0, 0, 0, 1, 1, 1});
    LogisticModel model = fit(rows, Form.DEFAULT, Family.BINOMIAL, 2, Penalty.none());
    assertThat(model.coefficients()[0][0]).isBetween(10.0, 1000.0);
    assertThat(model.convergence().converged()).isTrue();
    assertThat(model.convergence().iterations()).isBetween(20, 100);
    double[] p = model.predict(rows);
    for (int i = 0; i < 6; i++) {
      assertThat(p[2 * i + (i < 3 ? 0 : 1)]).isGreaterThan(1 - 1e-9);
    }
    Examples three = Examples.of(x, new double[] {0, 0, 1, 1, 2, 2});
    double[] q = fit(three, Form.DEFAULT, Family.MULTINOMIAL, 3, Penalty.none()).predict(three);
    for (int i = 0; i < 6; i++) {
      assertThat(q[3 * i + i / 2]).isGreaterThan(1 - 1e-9);
    }
  }

  @Test
  void collinearFeaturesPredictAsOne() {
    Drawn drawn = Drawn.of(7, 100, 3);
    Examples less = drawn.rows(drawn.class2());
    double[][] more = new double[100][];
    for (int i = 0; i < 100; i++) {
      more[i] = Arrays.copyOf(drawn.x()[i], 4);
      more[i][3] = 4 - 2 * more[i][0];
    }
    Examples rows = Examples.of(more, drawn.class2(), drawn.w());
    assertThat(fit(rows, Form.DEFAULT, Family.BINOMIAL, 2, Penalty.none()).predict(rows))
        .usingComparatorWithPrecision(1e-8)
        .containsExactly(fit(less, Form.DEFAULT, Family.BINOMIAL, 2, Penalty.none()).predict(less));
  }

  @Test
  void aClassWithoutRowsDoesNotExist() {
    Drawn drawn = Drawn.of(8, 120, 3);
    double[] shifted = Arrays.stream(drawn.class3()).map(c -> c == 2 ? 3 : c).toArray();
    LogisticModel without =
        fit(drawn.rows(drawn.class3()), Form.DEFAULT, Family.MULTINOMIAL, 3, Penalty.ridge(0.1));
    LogisticModel with =
        fit(drawn.rows(shifted), Form.DEFAULT, Family.MULTINOMIAL, 5, Penalty.ridge(0.1));
    double[] p = without.predict(drawn.rows(shifted));
    double[] q = with.predict(drawn.rows(shifted));
    for (int i = 0; i < 120; i++) {
      assertThat(Arrays.copyOfRange(q, 5 * i, 5 * i + 5))
          .containsExactly(p[3 * i], p[3 * i + 1], 0, p[3 * i + 2], 0);
    }
  }

  @Test
  void oneClassAloneHasProbabilityOne() {
    Drawn drawn = Drawn.of(8, 10, 2);
    double[] ones = Drawn.ones(10);
    LogisticModel two = fit(drawn.rows(ones), Form.DEFAULT, Family.BINOMIAL, 2, Penalty.none());
    assertThat(two.intercepts()).containsExactly(Double.POSITIVE_INFINITY);
    assertThat(two.predict(drawn.rows(ones))).startsWith(0, 1);
    LogisticModel three =
        fit(drawn.rows(ones), Form.DEFAULT, Family.MULTINOMIAL, 3, Penalty.none());
    assertThat(three.predict(drawn.rows(ones))).startsWith(0, 1, 0);
    assertThatThrownBy(
            () ->
                new LogisticRegression(Center.zero(1), Form.DEFAULT, Family.BINOMIAL, 3, List.of()))
        .hasMessage("family = binomial for 3 classes: it knows 2; use multinomial or auto");
  }
}
