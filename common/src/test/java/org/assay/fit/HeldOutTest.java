package org.assay.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assay.Task;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;
import org.assay.metric.OfSquares;
import org.assay.metric.Scorecard;
import org.assay.metric.Squares;
import org.assay.metric.Target;
import org.assay.metric.Value;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums of squares from moments, beside each row's error in decimal arithmetic of 60 digits. */
class HeldOutTest {
  private static final MathContext DIGITS = new MathContext(60);
  private static final List<String> METRICS = List.of("mse", "rmse", "r2", "explained-variance");

  /** Rows of columns whose units differ by 10^12, far from 0 by so many of their spreads. */
  private static Examples rows(int seed, int n, double far, double noise) {
    Keyed keyed = Keyed.of(seed, "held out");
    int p = 6;
    double[][] x = new double[n][p];
    double[] y = new double[n];
    double[] w = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = 1000;
      for (int j = 0; j < p; j++) {
        double z = keyed.uniform(j, i) - 0.5;
        x[i][j] = (z + far) * Math.pow(10, 3 * j - 9);
        y[i] += z * (j - 2);
      }
      y[i] += noise * (keyed.uniform(20, i) - 0.5);
      w[i] = i % 7 == 0 ? 0 : 0.5 + keyed.uniform(30, i);
    }
    return Examples.of(x, y, w);
  }

  private static LinearModel model(Examples rows, double regParam) {
    Center center = Center.of(List.of(rows), rows.width());
    return (LinearModel)
        Drawn.fit(
                new LinearRegression(center, Form.DEFAULT, List.of(Penalty.ridge(regParam))),
                center,
                rows)
            .get(0);
  }

  /** Summed in blocks, as an engine does; the centre is that of other rows. */
  private static Squares squares(Examples rows, LinearModel model, Center center) {
    Moments all = Moments.ofNumbers(center);
    for (Examples block :
        Drawn.blocks(rows, rows.size() / 5, rows.size() / 5 + 1, rows.size() / 2)) {
      Moments own = Moments.ofNumbers(center);
      new Pass(center).add(block, Drawn.ones(block.size()), own);
      all.merge(own);
    }
    return HeldOut.squares(all, model);
  }

  private static BigDecimal exact(double x) {
    return new BigDecimal(x);
  }

  /** Sums of w, w d, w d^2, w y and w y^2 without rounding. */
  private static BigDecimal[] sums(Examples rows, LinearModel model) {
    BigDecimal[] sums = new BigDecimal[5];
    java.util.Arrays.fill(sums, BigDecimal.ZERO);
    for (int i = 0; i < rows.size(); i++) {
      BigDecimal w = exact(rows.weight()[i]);
      BigDecimal y = exact(rows.label()[i]);
      BigDecimal d = y.subtract(exact(model.intercept()));
      for (int j = 0; j < rows.width(); j++) {
        d =
            d.subtract(
                exact(model.coefficients()[j])
                    .multiply(exact(rows.features()[i * rows.width() + j])));
      }
      sums[0] = sums[0].add(w);
      sums[1] = sums[1].add(w.multiply(d));
      sums[2] = sums[2].add(w.multiply(d).multiply(d));
      sums[3] = sums[3].add(w.multiply(y));
      sums[4] = sums[4].add(w.multiply(y).multiply(y));
    }
    return sums;
  }

  private static double scatter(BigDecimal weight, BigDecimal sum, BigDecimal squares) {
    return squares.subtract(sum.multiply(sum).divide(weight, DIGITS)).doubleValue();
  }

  /** What the four metrics must be, r2 and explained variance as what they lack of 1. */
  private static double[] expected(BigDecimal[] sums) {
    double mse = sums[2].divide(sums[0], DIGITS).doubleValue();
    double labels = scatter(sums[0], sums[3], sums[4]);
    return new double[] {
      mse,
      Math.sqrt(mse),
      sums[2].doubleValue() / labels,
      scatter(sums[0], sums[1], sums[2]) / labels
    };
  }

  private static Optional<Value> value(String metric, Squares sums) {
    return ((OfSquares) Metrics.named(metric)).of(sums);
  }

  /**
   * Whatever is said of a metric is right to 1e-9: from fits of pure noise to fits that leave a
   * billionth, and from columns around 0 to columns a million spreads away. Ordinary ones are
   * known.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 10, true",
    "0, 1, true",
    "3, 1, true",
    "100, 1, true",
    "0, 0.3, true",
    "100, 0.3, true",
    "0, 1e-2, false",
    "100, 1e-2, false",
    "0, 1e-5, false",
    "1e4, 1e-3, false",
    "1e6, 1, false",
    "0, 1e-9, false",
    "1e6, 1e-9, false",
    "0, 0, false"
  })
  void isRightOrUnknown(double far, double noise, boolean known) {
    for (int seed = 1; seed <= 5; seed++) {
      Examples trained = rows(seed, 200, far, noise);
      Examples held = rows(100 + seed, 500, far, noise);
      Center center = Center.of(List.of(trained), trained.width());
      for (double penalty : new double[] {0, 1e-3, 1, 100}) {
        LinearModel model = model(trained, penalty);
        Squares sums = squares(held, model, center);
        double[] expected = expected(sums(held, model));
        for (int m = 0; m < METRICS.size(); m++) {
          Optional<Value> value = value(METRICS.get(m), sums);
          if (known) {
            assertThat(value).as(METRICS.get(m)).isPresent();
          }
          if (value.isPresent()) {
            double found = m < 2 ? value.get().value() : 1 - value.get().value();
            double rounding = m < 2 ? 0 : 0x1p-52; // of the difference from 1
            assertThat(found)
                .as("%s, far %s, noise %s, penalty %s", METRICS.get(m), far, noise, penalty)
                .isCloseTo(expected[m], within(1e-9 * expected[m] + rounding));
          }
        }
        assertThat(sums.items()).isEqualTo(428); // 72 of 500 weigh nothing
      }
    }
  }

  /** The product's own measure, row by row. */
  @Test
  void isWhatScorecardsFind() {
    Examples trained = rows(1, 200, 3, 1);
    Examples held = rows(2, 400, 3, 1);
    LinearModel model = model(trained, 0.1);
    List<? extends Metric<?>> metrics = METRICS.stream().map(Metrics::named).toList();
    Scorecard card = Scorecard.of(new Target(Task.REGRESSION, 0, Target.Scores.NONE), metrics);
    double[] said = model.predict(held);
    for (int i = 0; i < held.size(); i++) {
      card.add(held.label()[i], said[i], null, held.weight()[i]);
    }
    Squares sums = squares(held, model, Center.of(List.of(trained), trained.width()));
    Map<String, Value> values = card.values();
    for (String metric : METRICS) {
      assertThat(value(metric, sums).orElseThrow().value())
          .isCloseTo(
              values.get(metric).value(), within(1e-9 * Math.abs(values.get(metric).value())));
    }
    assertThat(sums.items()).isEqualTo(card.items());
  }

  /** Folds whose sums are known are known together. */
  @Test
  void partsAreTheWhole() {
    Examples trained = rows(1, 200, 3, 1);
    Examples held = rows(2, 400, 3, 1);
    LinearModel model = model(trained, 0.1);
    Center center = Center.of(List.of(trained), trained.width());
    Squares whole =
        squares(held.rows(0, 310), model, center).and(squares(held.rows(310, 400), model, center));
    double[] expected = expected(sums(held, model));
    assertThat(value("mse", whole).orElseThrow().value())
        .isCloseTo(expected[0], within(1e-9 * expected[0]));
    assertThat(1 - value("r2", whole).orElseThrow().value())
        .isCloseTo(expected[2], within(1e-9 * expected[2]));
  }

  /** Labels that are all equal leave nothing to explain, and are seen to be so. */
  @Test
  void equalLabelsHaveNoVariance() {
    Examples trained = rows(1, 200, 3, 1);
    LinearModel model = model(trained, 0.1);
    Examples held = rows(2, 400, 3, 1);
    double[] same = new double[400];
    java.util.Arrays.fill(same, 1000.1);
    Squares sums =
        squares(
            new Examples(held.width(), held.features(), same, held.weight()),
            model,
            Center.of(List.of(trained), trained.width()));
    assertThat(value("r2", sums).orElseThrow().isDefined()).isFalse();
    assertThat(value("explained-variance", sums).orElseThrow().isDefined()).isFalse();
    assertThat(value("mse", sums).orElseThrow().isDefined()).isTrue();
  }
}
