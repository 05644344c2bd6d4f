package org.assay.jobs.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectionTest {

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -999, 0.1, 1e15, 1e300, 4.9e-324, Double.POSITIVE_INFINITY})
  void aNumberIsFoundAgainFromItsText(double value) {
    assertThat(Projection.number(Projection.numberText(value))).hasValue(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "none", "1.0", "-0", "01", "1e3", " 1", "1d", "+1", "0.10"})
  void textsThatNoNumberIsWrittenAsStandForNone(String text) {
    assertThat(Projection.number(text)).isEmpty();
  }
}
