package org.assay.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeasurementTest {
  /** An identity hash, as of an enum, would fail this in nearly every run. */
  @Test
  void keysHashAlikeInEveryProcess() {
    for (Measurement.Kind kind : Measurement.Kind.values()) {
      assertThat(new Measurement.Key(kind, 2, 7).hashCode())
          .isEqualTo((kind.toString().hashCode() * 31 + 2) * 31 + 7);
    }
  }
}
