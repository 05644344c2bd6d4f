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
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearRegressionTest {

  private static LinearModel fit(Examples rows, Form form, Penalty penalty) {
    Center center = Center.of(List.of(rows), rows.width());
    return (LinearModel)
        Drawn.fit(new LinearRegression(center, form, List.of(penalty)), center, rows).get(0);
  }

  /** R 4.2.2: coef(lm(dist ~ speed, cars[1:10, ])) and with weights = 1:10. */
  @Test
  void isWhatRFinds() {
    double[] speed = {4, 4, 7, 7, 8, 9, 10, 10, 10, 11};
    double[] dist = {2, 10, 4, 22, 16, 10, 18, 26, 34, 17};
    double[][] x = Arrays.stream(speed).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
    LinearModel plain = fit(Examples.of(x, dist), Form.DEFAULT, Penalty.none());
    assertThat(plain.intercept()).isCloseTo(-4.528571428571431, within(1e-12));
    assertThat(plain.coefficients()[0]).isCloseTo(2.553571428571429, within(1e-12));
    double[] weight = IntStream.rangeClosed(1, 10).asDoubleStream().toArray();
    LinearModel weighted = fit(Examples.of(x, dist, weight), Form.DEFAULT, Penalty.none());
    assertThat(weighted.intercept()).isCloseTo(-1.8254273504273524, within(1e-12));
    assertThat(weighted.coefficients()[0]).isCloseTo(2.321581196581197, within(1e-12));
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
      squares += w[i] * (values[i] - sum / weight) * (values[i] - sum / weight);
    }
    return Math.sqrt(squares / weight);
  }

  /** One factorization for all, or one for each. */
  @ParameterizedTest
  @CsvSource({"FITTED, STANDARDIZED", "FITTED, ORIGINAL", "NONE, STANDARDIZED", "NONE, ORIGINAL"})
  void aPathGivesWhatEachPenaltyGivesAlone(Intercept intercept, Scale scale) {
    Form form = new Form(intercept, scale);
    List<Penalty> path = new ArrayList<>();
    for (int k = -8; k <= 2; k++) {
      path.add(Penalty.ridge(Math.pow(10, k)));
    }
    path.add(Penalty.none());
    path.add(new Penalty(0.1, 0.5));
    for (int seed = 1; seed <= 12; seed++) {
      int p = seed;
      Drawn drawn = Drawn.of(seed, 40 + 7 * seed, p);
      double[] unit = new double[p];
      for (int j = 0; j < p; j++) {
        unit[j] = Math.pow(10, j % 5 - 2); // of this feature, as drawn
        for (double[] row : drawn.x()) {
          row[j] = seed % 2 == 0 ? row[j] : row[j] / unit[j];
        }
        unit[j] = seed % 2 == 0 ? unit[j] : 1;
      }
      Examples rows = drawn.rows(drawn.number());
      Center center = Center.of(List.of(rows), p);
      LinearRegression fit = new LinearRegression(center, form, path);
      Drawn.fit(fit, center, rows);
      for (int point = 0; point < path.size(); point++) {
        LinearModel alone = fit(rows, form, path.get(point));
        for (int j = 0; j < p; j++) {
          assertThat(fit.models().get(point).coefficients()[j] * unit[j])
              .isCloseTo(alone.coefficients()[j] * unit[j], within(1e-11));
        }
      }
    }
  }

  /** The gradient of the objective in the class comment, written out over rows. */
  @ParameterizedTest
  @CsvSource({
    "FITTED, STANDARDIZED, 0, 0",
    "FITTED, STANDARDIZED, 0.3, 0",
    "FITTED, ORIGINAL, 0.3, 0",
    "NONE, STANDARDIZED, 0.3, 0",
    "NONE, ORIGINAL, 0, 0",
    "FITTED, STANDARDIZED, 0.3, 1",
    "FITTED, ORIGINAL, 0.01, 0.4",
    "NONE, STANDARDIZED, 0.2, 0.5",
    "NONE, ORIGINAL, 0.02, 1"
  })
  void gradientOfTheObjectiveIsZero(
      Intercept intercept, Scale scale, double regParam, double elasticNetParam) {
    Penalty penalty = new Penalty(regParam, elasticNetParam);
    for (int seed = 1; seed <= 20; seed++) {
      int p = 1 + seed % 9;
      Drawn drawn = Drawn.of(seed, 40 + 7 * seed, p);
      LinearModel model = fit(drawn.rows(drawn.number()), new Form(intercept, scale), penalty);
      double[] y = drawn.number();
      double[] w = drawn.w();
      double weight = Arrays.stream(w).sum();
      double[] residual = new double[y.length];
      for (int i = 0; i < y.length; i++) {
        residual[i] = y[i] - model.intercept();
        for (int j = 0; j < p; j++) {
          residual[i] -= drawn.x()[i][j] * model.coefficients()[j];
        }
      }
      double sy = deviation(y, w);
      if (intercept == Intercept.FITTED) {
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
          sum += w[i] * residual[i];
        }
        assertThat(sum / weight / sy).isCloseTo(0, within(1e-10));
      }
      for (int j = 0; j < p; j++) {
        int column = j;
        double s = deviation(Arrays.stream(drawn.x()).mapToDouble(row -> row[column]).toArray(), w);
        double unit = scale == Scale.STANDARDIZED ? s : 1;
        double b = model.coefficients()[j];
        double gradient = regParam * (1 - elasticNetParam) / sy * unit * unit * b;
        double size = 0;
        for (int i = 0; i < y.length; i++) {
          gradient -= w[i] / weight * residual[i] * drawn.x()[i][j];
          size += w[i] / weight * Math.abs(y[i] * drawn.x()[i][j]);
        }
        double l1 = regParam * elasticNetParam * unit;
        if (b != 0) {
          assertThat(gradient + Math.signum(b) * l1).isCloseTo(0, within(1e-10 * size));
        } else {
          assertThat(Math.abs(gradient)).isLessThanOrEqualTo(l1 + 1e-10 * size);
        }
      }
    }
  }

  @Test
  void aRowThatCountsTwiceIsTwoRows() {
    Drawn drawn = Drawn.of(3, 30, 4);
    Examples rows = drawn.rows(drawn.number());
    double[] times = new double[30];
    List<Integer> repeated = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      times[i] = i % 4;
      for (int k = 0; k < i % 4; k++) {
        repeated.add(i);
      }
    }
    double[][] x = repeated.stream().map(i -> drawn.x()[i]).toArray(double[][]::new);
    double[] y = repeated.stream().mapToDouble(i -> drawn.number()[i]).toArray();
    double[] w = repeated.stream().mapToDouble(i -> drawn.w()[i]).toArray();
    Penalty penalty = new Penalty(0.1, 0.5);
    LinearModel union = fit(Examples.of(x, y, w), Form.DEFAULT, penalty);
    Center center = Center.of(List.of(rows), 4);
    LinearRegression fit = new LinearRegression(center, Form.DEFAULT, List.of(penalty));
    Fit.finish(List.of(fit), center, List.of(rows), List.<double[][]>of(new double[][] {times}));
    assertThat(fit.models().get(0).coefficients())
        .usingComparatorWithPrecision(1e-11)
        .containsExactly(union.coefficients());
  }

  /** Every fold and repeat from sums of micro-groups against fits with weights 0 and 1. */
  @Test
  void foldsFromPartsAreFitsOfTheRest() {
    Drawn drawn = Drawn.of(5, 300, 6);
    Examples rows = drawn.rows(drawn.number());
    List<Examples> blocks = Drawn.blocks(rows, 70, 71, 200);
    Center center = Center.of(blocks, 6);
    Keyed keyed = Keyed.of(9, "groups");
    List<Moments> groups = new ArrayList<>();
    for (int g = 0; g < 30; g++) {
      groups.add(Moments.ofNumbers(center));
    }
    int[] group = IntStream.range(0, 300).map(i -> (int) keyed.below(30, 0, i)).toArray();
    Pass pass = new Pass(center);
    int from = 0;
    for (Examples block : blocks) {
      pass.addByPart(block, Arrays.copyOfRange(group, from, from + block.size()), groups);
      from += block.size();
    }
    List<Penalty> path = List.of(Penalty.ridge(1), Penalty.ridge(0.01), Penalty.none());
    for (int repeat = 1; repeat <= 3; repeat++) {
      int r = repeat;
      int[] fold = IntStream.range(0, 30).map(g -> (int) keyed.below(5, r, g)).toArray();
      List<Moments> folds = Parts.folds(groups, fold, 5, () -> Moments.ofNumbers(center));
      List<Moments> rest = Parts.complements(folds, () -> Moments.ofNumbers(center));
      for (int k = 0; k < 5; k++) {
        LinearRegression fit = new LinearRegression(center, Form.DEFAULT, path);
        fit.take(rest.get(k));
        int held = k;
        double[] times =
            IntStream.range(0, 300).mapToDouble(i -> fold[group[i]] == held ? 0 : 1).toArray();
        LinearRegression plain = new LinearRegression(center, Form.DEFAULT, path);
        Fit.finish(
            List.of(plain), center, List.of(rows), List.<double[][]>of(new double[][] {times}));
        for (int point = 0; point < path.size(); point++) {
          assertThat(fit.models().get(point).coefficients())
              .usingComparatorWithPrecision(1e-9)
              .containsExactly(plain.models().get(point).coefficients());
        }
      }
    }
  }

  @Test
  void isTheSameToTheBitWhateverElseIsInThePass() {
    Drawn drawn = Drawn.of(6, 200, 5);
    List<Examples> blocks = Drawn.blocks(drawn.rows(drawn.number()), 33, 150);
    Center center = Center.of(blocks, 5);
    List<LinearRegression> together = new ArrayList<>();
    List<double[][]> times = new ArrayList<>();
    for (int f = 0; f < 4; f++) {
      together.add(new LinearRegression(center, Form.DEFAULT, List.of(Penalty.ridge(0.1))));
      int fold = f;
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
      LinearRegression alone =
          new LinearRegression(center, Form.DEFAULT, List.of(Penalty.ridge(0.1)));
      Fit.finish(List.of(alone), center, blocks, List.<double[][]>of(times.get(f)));
      assertThat(alone.models().get(0).coefficients())
          .containsExactly(together.get(f).models().get(0).coefficients());
    }
  }

  @ParameterizedTest
  @CsvSource({"FITTED, 0, 0", "NONE, 0, 0", "FITTED, 0.4, 0", "NONE, 0.4, 0", "FITTED, 0.2, 0.5"})
  void leaveOneOutIsARefitWithoutTheRow(Intercept intercept, double regParam, double elastic) {
    Drawn drawn = Drawn.of(8, 40, 4);
    // Only row 7 makes this feature vary.
    for (int i = 0; i < 40; i++) {
      drawn.x()[i][3] = i == 7 ? 2.5 : 1.5;
    }
    Examples rows = drawn.rows(drawn.number());
    Form form = new Form(intercept, Scale.STANDARDIZED);
    Center center = Center.of(List.of(rows), 4);
    Moments total = Moments.ofNumbers(center);
    new Pass(center).add(rows, Drawn.ones(40), total);
    Penalty penalty = new Penalty(regParam, elastic);
    double[] predicted = LeaveOneOut.predict(total, form, List.of(penalty), rows)[0];
    for (int i = 0; i < 40; i++) {
      double[] times = Drawn.ones(40);
      times[i] = 0;
      LinearRegression fit = new LinearRegression(center, form, List.of(penalty));
      Fit.finish(List.of(fit), center, List.of(rows), List.<double[][]>of(new double[][] {times}));
      assertThat(predicted[i])
          .isCloseTo(fit.models().get(0).predict(rows)[i], within(1e-9 * Math.abs(predicted[i])));
    }
  }

  @Test
  void collinearFeaturesShareWhatTheyExplain() {
    Drawn drawn = Drawn.of(9, 60, 3);
    for (double[] row : drawn.x()) {
      row[2] = 4 - 2 * row[0];
    }
    Examples rows = drawn.rows(drawn.number());
    LinearModel least = fit(rows, Form.DEFAULT, Penalty.none());
    LinearModel limit = fit(rows, Form.DEFAULT, Penalty.ridge(1e-6));
    assertThat(least.coefficients())
        .usingComparatorWithPrecision(1e-4)
        .containsExactly(limit.coefficients());
    // x2 = 4 - 2 x0 in standard deviations is -x0, so each takes half.
    assertThat(least.coefficients()[0]).isCloseTo(-2 * least.coefficients()[2], within(1e-9));
  }

  @Test
  void constantsAreDefined() {
    Drawn drawn = Drawn.of(10, 30, 3);
    for (double[] row : drawn.x()) {
      row[1] = 0.1;
    }
    Examples rows = drawn.rows(drawn.number());
    Form none = new Form(Intercept.NONE, Scale.STANDARDIZED);
    assertThat(fit(rows, Form.DEFAULT, Penalty.none()).coefficients()[1]).isZero();
    assertThat(fit(rows, none, Penalty.none()).coefficients()[1]).isZero();
    double[] same = new double[30];
    Arrays.fill(same, 7.1);
    Examples flat = drawn.rows(same);
    LinearModel model = fit(flat, Form.DEFAULT, Penalty.ridge(1));
    assertThat(model.intercept()).isEqualTo(7.1);
    assertThat(model.coefficients()).containsOnly(0);
    assertThatThrownBy(() -> fit(flat, none, Penalty.ridge(1)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "a label that is 7.1 in all training rows: a penalty without an intercept is measured"
                + " in its standard deviation; set fitIntercept = true or regParam = 0");
    assertThatThrownBy(
            () -> fit(Examples.of(new double[0][3], new double[0]), none, Penalty.none()))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("training rows with a sum of weights of 0.0: must be more than 0");
    assertThatThrownBy(() -> new Penalty(Double.NaN, 0))
        .hasMessage("regParam = NaN: must be 0 or more, finite");
    assertThatThrownBy(() -> new Penalty(1, Double.NaN))
        .hasMessage("elasticNetParam = NaN: must be in [0, 1]");
  }
}
