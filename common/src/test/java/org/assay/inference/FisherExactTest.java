package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class FisherExactTest {

  private static void isClose(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-10 * expected + 1e-300));
  }

  @Test
  void tablesAreThoseOfSciPy() {
    for (JsonNode row : org.assay.flaky.References.of("fisher")) {
      FisherExact test = new FisherExact();
      test.add(row.get(0).asLong(), row.get(1).asLong(), row.get(2).asLong(), row.get(3).asLong());
      isClose(test.twoSided(), row.get(4).asDouble());
      isClose(test.greater(), row.get(5).asDouble());
      isClose(test.less(), row.get(6).asDouble());
    }
  }

  @Test
  void strataAreTheConvolutionOfSciPysHypergeometricDistributions() {
    for (JsonNode one : org.assay.flaky.References.of("stratified")) {
      FisherExact test = new FisherExact();
      for (JsonNode s : one.get("strata")) {
        test.add(s.get(0).asLong(), s.get(1).asLong(), s.get(2).asLong(), s.get(3).asLong());
      }
      isClose(test.twoSided(), one.get("p").get(0).asDouble());
      isClose(test.greater(), one.get("p").get(1).asDouble());
      isClose(test.less(), one.get("p").get(2).asDouble());
    }
  }

  @Test
  void aStratumThatSaysNothingChangesNothing() {
    FisherExact test = new FisherExact();
    assertThat(test.isInformative()).isFalse();
    assertThat(test.twoSided()).isEqualTo(1);
    test.add(5, 5, 0, 0);
    test.add(0, 7, 0, 9);
    test.add(7, 7, 9, 9);
    assertThat(test.isInformative()).isFalse();
    assertThat(test.greater()).isEqualTo(1);
    test.add(5, 5, 0, 50);
    isClose(test.greater(), FisherExact.greater(5, 5, 0, 50));
    // 1 / C(55, 5)
    isClose(FisherExact.greater(5, 5, 0, 50), 1 / 3478761.0);
  }

  @Test
  void refusesCountsThatAreNone() {
    assertThatThrownBy(() -> FisherExact.twoSided(3, 2, 0, 4))
        .hasMessage(
            "3 of 2 and 0 of 4 failed: must be between 0 and the number of units, at most 10^9");
  }
}
