package org.assay.inference;

import static org.assay.inference.Results.relative;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentizedRangeTest {

  /** The range of two normals is sqrt(2) |Z|. */
  @Test
  void ofTwoIsTheNormal() {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    for (double q = 0.001; q < 50; q *= 1.3) {
      double exact = 2 * normal.survivalProbability(q / Math.sqrt(2));
      assertThat(StudentizedRange.above(q, 2))
          .as("q " + q)
          .isCloseTo(exact, relative(exact, 1e-12));
    }
    assertThat(StudentizedRange.quantile(0.05, 2))
        .isCloseTo(Math.sqrt(2) * 1.959963984540054, within(1e-13));
  }

  @Test
  void agreesWithQuadratureAndR() {
    for (JsonNode c : References.of("ranges")) {
      int k = c.get("k").asInt();
      double[] q = References.doubles(c.get("q"));
      double[] integral = References.doubles(c.get("integral"));
      double[] upper = References.doubles(c.get("upper"));
      for (int i = 0; i < q.length; i++) {
        assertThat(StudentizedRange.above(q[i], k)).isCloseTo(integral[i], within(1e-12));
        // R is off by 3e-7 at k = 50.
        assertThat(StudentizedRange.above(q[i], k)).isCloseTo(upper[i], within(1e-6));
      }
      double[] quantiles = References.doubles(c.get("quantiles"));
      // R's qtukey iterates until steps are below 1e-4.
      assertThat(StudentizedRange.quantile(0.10, k)).isCloseTo(quantiles[0], within(2e-4));
      assertThat(StudentizedRange.quantile(0.05, k)).isCloseTo(quantiles[1], within(2e-4));
      assertThat(StudentizedRange.quantile(0.01, k)).isCloseTo(quantiles[2], within(2e-4));
    }
  }

  /** q / sqrt(2) at .05, printed in Demsar (2006), table 5(a). */
  @ParameterizedTest
  @CsvSource({"2, 1.960", "3, 2.343", "4, 2.569", "5, 2.728", "6, 2.850", "10, 3.164"})
  void agreesWithDemsar(int k, double printed) {
    assertThat(StudentizedRange.quantile(0.05, k) / Math.sqrt(2)).isCloseTo(printed, within(1e-3));
  }

  @Test
  void inverts() {
    for (int k : new int[] {2, 3, 7, 40}) {
      for (double tail : new double[] {1e-12, 1e-4, 0.05, 0.5, 0.999}) {
        assertThat(StudentizedRange.above(StudentizedRange.quantile(tail, k), k))
            .isCloseTo(tail, relative(tail, 1e-11));
      }
      assertThat(StudentizedRange.above(0, k)).isEqualTo(1);
    }
  }
}
