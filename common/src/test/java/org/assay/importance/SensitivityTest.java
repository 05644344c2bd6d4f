package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assay.fit.LinearModel;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

class SensitivityTest {

  /** x0^2 + 3 x1, and the sum of both. */
  private static final class Curved implements RowFunction {
    private static final long serialVersionUID = 1L;

    @Override
    public int width() {
      return 2;
    }

    @Override
    public int outputs() {
      return 2;
    }

    @Override
    public void predict(double[] rows, int count, double[] out) {
      for (int i = 0; i < count; i++) {
        out[2 * i] = rows[2 * i] * rows[2 * i] + 3 * rows[2 * i + 1];
        out[2 * i + 1] = rows[2 * i] + rows[2 * i + 1];
      }
    }
  }

  /**
   * The centred difference of x^2 is 2 x step, so slopes cancel over -x and x and swings do not.
   */
  @Test
  void slopesCancelWhereSwingsDoNot() {
    int n = 6000;
    double[] rows = new double[2 * n];
    double sizes = 0;
    for (int i = 0; i < n; i++) {
      rows[2 * i] = (i % 2 == 0 ? 1 : -1) * (1 + i / 2) / 1024.0;
      rows[2 * i + 1] = i / 64.0;
      sizes += Math.abs(rows[2 * i]) / n;
    }
    Sensitivity found = new Sensitivity(new double[] {0.5, 0.25}, 2);
    found.add(new Curved(), rows, n);
    assertThat(found.slopes().count()).isEqualTo(n);
    assertThat(found.slopes().evaluations()).isEqualTo(4L * n);
    assertThat(found.slopes().value(0, 0)).isCloseTo(0, within(1e-12));
    assertThat(found.swings().value(0, 0)).isCloseTo(sizes, within(1e-12));
    assertThat(found.slopes().value(1, 0)).isCloseTo(0.75, within(1e-12));
    assertThat(found.slopes().standardError(1, 0)).isZero();
    assertThat(found.slopes().value(0, 1)).isCloseTo(0.5, within(1e-12));
    assertThat(found.swings().standardError(0, 0)).isPositive();
  }

  @Test
  void partsMergeToTheSameBits() {
    Keyed keyed = Keyed.of(1, "sensitivity");
    double[] rows = new double[3000];
    Arrays.setAll(rows, i -> keyed.uniform(0, i));
    Sensitivity whole = new Sensitivity(new double[] {0.1, 0.2}, 2);
    whole.add(new Curved(), rows, 1500);
    Sensitivity first = new Sensitivity(new double[] {0.1, 0.2}, 2);
    first.add(new Curved(), rows, 700);
    Sensitivity second = new Sensitivity(new double[] {0.1, 0.2}, 2);
    second.add(new Curved(), Arrays.copyOfRange(rows, 1400, 3000), 800);
    second.merge(first);
    for (int j = 0; j < 2; j++) {
      assertThat(second.swings().value(j, 0)).isEqualTo(whole.swings().value(j, 0));
      assertThat(second.slopes().standardError(j, 0)).isEqualTo(whole.slopes().standardError(j, 0));
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> new Sensitivity(new double[] {-1}, 1))
        .hasMessage("a step of -1.0: must be 0 or positive");
    assertThatThrownBy(
            () ->
                new Sensitivity(new double[1], 1)
                    .add(RowFunction.of(new LinearModel(0, new double[2]), 2), new double[2], 1))
        .hasMessage("a model with 2 features and 1 outputs: must have 1 and 1");
  }
}
