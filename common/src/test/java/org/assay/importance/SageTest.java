package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.assay.fit.Examples;
import org.assay.fit.LinearModel;
import org.assay.fit.LogisticModel;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

class SageTest {
  private static final double[] WEIGHTS = {1, -2, 0, 0.5};
  private static final FeatureGroups PLAYERS = FeatureGroups.singles(List.of("a", "b", "c", "d"));
  private static final Sage.OutputLoss SQUARED =
      (label, out, at) -> (label - out[at]) * (label - out[at]);
  private static final Sage.OutputLoss LOG = (label, out, at) -> -Math.log(out[at + (int) label]);

  /** All 81 rows of four features with three values: features are independent of each other. */
  private static double[] factorial() {
    double[] rows = new double[81 * 4];
    for (int i = 0; i < 81; i++) {
      for (int j = 0, n = i; j < 4; j++, n /= 3) {
        rows[i * 4 + j] = new double[] {-1, 0.5, 2}[n % 3];
      }
    }
    return rows;
  }

  private static Examples labeled(RowFunction model, double[] rows) {
    double[] label = new double[rows.length / 4];
    model.predict(rows, label.length, label);
    return new Examples(4, rows, label, ones(label.length));
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Of independent features, in squared loss of the true model: w^2 times the variance, 1.5. */
  @Test
  void anAdditiveModelOwesEachFeatureItsVariance() {
    RowFunction model = RowFunction.of(new LinearModel(3, WEIGHTS), 4);
    double[] rows = factorial();
    Sage sage = new Sage(model, PLAYERS, rows, 81, SQUARED);
    Attribution exact = sage.exact(labeled(model, rows));
    for (int j = 0; j < 4; j++) {
      assertThat(exact.value()[j][0]).isCloseTo(1.5 * WEIGHTS[j] * WEIGHTS[j], within(1e-12));
    }
    assertThat(exact.all()[0]).isCloseTo(0, within(1e-12));
    assertThat(exact.none()[0]).isCloseTo(-1.5 * 5.25, within(1e-12));
  }

  private static final class Classes {
    final RowFunction model =
        RowFunction.of(new LogisticModel(new double[] {0.2}, new double[][] {WEIGHTS}), 4);
    final double[] rows = new double[200 * 4];
    final double[] label = new double[200];
    final Examples all = new Examples(4, rows, label, ones(200));
    final Sage sage;

    Classes() {
      Keyed keyed = Keyed.of(6, "sage test");
      Arrays.setAll(rows, i -> 3 * keyed.uniform(0, i) - 1);
      double[] p = new double[400];
      model.predict(rows, 200, p);
      Arrays.setAll(label, i -> keyed.uniform(1, i) < p[2 * i + 1] ? 1 : 0);
      sage = new Sage(model, PLAYERS, rows, 30, LOG);
    }
  }

  @Test
  void drawnValuesAreWithinTheirErrorsOfTheExactOnes() {
    Classes c = new Classes();
    Attribution exact = c.sage.exact(c.all);
    Draws drawn = c.sage.sampled(Keyed.of(1, "draws"), c.all, Precision.fixed(2000));
    assertThat(drawn.count()).isEqualTo(2000);
    // Of a draw: nobody and all, and an order of 4 with its reverse.
    assertThat(drawn.evaluations()).isEqualTo(2000 * (2 + 6) * 30L);
    double sum = 0;
    for (int j = 0; j < 4; j++) {
      // 5 standard errors: 6e-7 for each value of another seed.
      double error = Math.max(drawn.standardError(j, 0), 1e-13);
      assertThat((drawn.value(j, 0) - exact.value()[j][0]) / error).isBetween(-5.0, 5.0);
      sum += drawn.value(j, 0);
    }
    assertThat(exact.value()[1][0]).isGreaterThan(exact.value()[0][0]);
    assertThat(exact.value()[2][0]).isCloseTo(0, within(1e-14));
    // Rows are drawn, so the sum is not exact, but its error is small as against the values.
    assertThat(sum).isCloseTo(exact.all()[0] - exact.none()[0], within(0.1));
  }

  /** A row of weight 3 is three rows, and one of weight 0 none. */
  @Test
  void rowsCountByTheirWeights() {
    Classes c = new Classes();
    double[] weight = new double[200];
    Arrays.setAll(weight, i -> i < 60 ? 0 : i < 90 ? 3 : 1);
    double[] rows = new double[200 * 4];
    double[] label = new double[200];
    for (int i = 0, at = 60; i < 200; i++) {
      at += i < 90 && i % 3 == 0 && i > 0 || i >= 90 ? 1 : 0;
      System.arraycopy(c.rows, at * 4, rows, i * 4, 4);
      label[i] = c.label[at];
    }
    Examples weighted = new Examples(4, c.rows, c.label, weight);
    Attribution expected = c.sage.exact(new Examples(4, rows, label, ones(200)));
    Attribution found = c.sage.exact(weighted);
    Draws drawn = c.sage.sampled(Keyed.of(3, "draws"), weighted, Precision.fixed(1000));
    for (int j = 0; j < 4; j++) {
      assertThat(found.value()[j][0]).isCloseTo(expected.value()[j][0], within(1e-13));
      double error = Math.max(drawn.standardError(j, 0), 1e-13);
      assertThat((drawn.value(j, 0) - expected.value()[j][0]) / error).isBetween(-5.0, 5.0);
    }
  }

  @Test
  void rangesMergeToTheSameBits() {
    Classes c = new Classes();
    Draws whole = c.sage.start();
    c.sage.add(Keyed.of(1, "draws"), c.all, 0, 60, whole);
    Draws merged = c.sage.start();
    for (int from : new int[] {40, 0, 20}) {
      Draws part = c.sage.start();
      c.sage.add(Keyed.of(1, "draws"), c.all, from, from + 20, part);
      merged.merge(part);
    }
    assertThat(merged.count()).isEqualTo(60);
    assertThat(merged.evaluations()).isEqualTo(whole.evaluations());
    for (int j = 0; j < 4; j++) {
      assertThat(merged.value(j, 0)).isEqualTo(whole.value(j, 0));
      assertThat(merged.standardError(j, 0)).isEqualTo(whole.standardError(j, 0));
    }
    assertThat(new Draws(1, 1).value(0, 0)).isNaN();
    assertThat(new Draws(1, 1).standardError(0, 0)).isNaN();
  }

  @Test
  void stopsWhenPrecise() {
    Classes c = new Classes();
    Draws drawn = c.sage.sampled(Keyed.of(1, "draws"), c.all, new Precision(20, 100_000, 0.05));
    assertThat(drawn.count()).isBetween(21L, 99_999L);
    assertThat(drawn.largestError()).isBetween(0.03, 0.05);
  }

  @Test
  void refusesWhatCannotBeDone() {
    Classes c = new Classes();
    assertThatThrownBy(
            () -> c.sage.exact(new Examples(4, new double[0], new double[0], new double[0])))
        .hasMessage("0 rows that weigh 0.0: must be some, of positive weight");
    Sage infinite = new Sage(c.model, PLAYERS, c.rows, 1, (y, o, a) -> Double.POSITIVE_INFINITY);
    assertThatThrownBy(() -> infinite.exact(c.all))
        .hasMessage("the coalition {} has the value -Infinity: must be finite");
  }
}
