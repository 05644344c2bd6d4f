package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

class NullImportanceTest {

  @Test
  void distributionsAreThoseOfScipy() {
    for (JsonNode reference : References.of("null")) {
      double[] values = References.doubles(reference.get("values"));
      double observed = reference.get("observed").asDouble();
      JsonNode fits = reference.get("fits");
      assertThat(NullImportance.fits(values)).hasSize(fits.size());
      String best = null;
      for (NullImportance.Fit fit : NullImportance.fits(values)) {
        JsonNode expected = fits.get(fit.family());
        double p = expected.get("p").asDouble();
        // SciPy's own gamma fit stops at a relative error of about 1e-8.
        assertThat(fit.distribution().survivalProbability(observed)).isCloseTo(p, within(1e-6 * p));
        assertThat(fit.distance()).isCloseTo(expected.get("distance").asDouble(), within(1e-8));
        assertThat(fit.closeness()).isCloseTo(expected.get("fits").asDouble(), within(1e-6));
        if (best == null
            || fits.get(best).get("distance").asDouble() > expected.get("distance").asDouble()) {
          best = fit.family();
        }
      }
      NullImportance found = NullImportance.of(observed, values);
      boolean close = fits.get(best).get("fits").asDouble() >= 0.05;
      assertThat(found.family()).isEqualTo(close ? best : "none");
      double p = close ? fits.get(best).get("p").asDouble() : found.empirical().p();
      assertThat(found.fitted()).isCloseTo(p, within(1e-6 * p));
      long larger = Arrays.stream(values).filter(v -> v >= observed).count();
      assertThat(found.empirical().p()).isEqualTo((larger + 1) / (values.length + 1.0));
    }
  }

  /** Printed in tables of the limiting distribution: 5 % at 1.3581, 1 % at 1.6276. */
  @Test
  void kolmogorovsDistribution() {
    assertThat(NullImportance.kolmogorov(1.3581)).isCloseTo(0.05, within(1e-5));
    assertThat(NullImportance.kolmogorov(1.6276)).isCloseTo(0.01, within(1e-5));
    assertThat(NullImportance.kolmogorov(0)).isEqualTo(1);
  }

  @Test
  void equalImportancesAreNoFamilys() {
    NullImportance found = NullImportance.of(0.1, new double[] {0, 0, 0, 0});
    assertThat(found.family()).isEqualTo("none");
    assertThat(found.empirical().p()).isEqualTo(0.2);
    assertThat(found.empirical().smallest()).isEqualTo(0.2);
    assertThat(found.fitted()).isEqualTo(0.2);
    // 0.3 as it comes out of sums is tied with 0.3.
    assertThat(NullImportance.of(0.1 + 0.2, new double[] {0.3, 0, 0}).empirical().extreme())
        .isEqualTo(1);
    assertThat(NullImportance.of(0, new double[4]).empirical().p()).isEqualTo(1);
    assertThat(NullImportance.of(Double.NaN, new double[4]).empirical().p()).isNaN();
  }

  /** Of 2000 true null hypotheses, p-values are below .05 and .01 about as often; 4 deviations. */
  @Test
  void pValuesOfNullImportancesAreUniform() {
    int below5 = 0;
    int below1 = 0;
    int fitted5 = 0;
    for (int seed = 0; seed < 2000; seed++) {
      Keyed keyed = Keyed.of(seed, "null");
      double[] values = new double[101];
      Arrays.setAll(values, i -> keyed.uniform(0, i) + keyed.uniform(1, i) + keyed.uniform(2, i));
      NullImportance found = NullImportance.of(values[100], Arrays.copyOf(values, 100));
      below5 += found.empirical().p() <= 0.05 ? 1 : 0;
      below1 += found.empirical().p() <= 0.01 ? 1 : 0;
      fitted5 += found.fitted() <= 0.05 ? 1 : 0;
    }
    // 5 of 101 and 1 of 101 places.
    assertThat(below5 / 2000.0).isCloseTo(5.0 / 101, within(0.02));
    assertThat(below1 / 2000.0).isCloseTo(1.0 / 101, within(0.009));
    assertThat(fitted5 / 2000.0).isCloseTo(0.05, within(0.025));
  }

  @Test
  void refusesNoImportances() {
    assertThatThrownBy(() -> NullImportance.of(1, new double[0]))
        .hasMessage("no importances with permuted labels");
    assertThatThrownBy(() -> NullImportance.of(1, new double[] {Double.NaN}))
        .hasMessage("an importance with permuted labels is NaN: must be finite");
  }
}
