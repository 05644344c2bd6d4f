package org.assay.inference;

import static org.assay.inference.Results.relative;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.assay.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdjustmentTest {

  /** R's p.adjust, which leaves NA out of the count as well. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void agreesWithR(Adjustment adjustment) {
    for (JsonNode c : References.of("adjustments")) {
      double[] p = References.doubles(c.get("p"));
      double[] expected = References.doubles(c.get(adjustment.label()));
      double[] adjusted = adjustment.adjust(p);
      for (int i = 0; i < p.length; i++) {
        if (Double.isNaN(p[i])) {
          assertThat(adjusted[i]).isNaN();
        } else {
          assertThat(adjusted[i]).isCloseTo(expected[i], relative(expected[i], 1e-14));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void neverLowersAndKeepsTheOrder(Adjustment adjustment) {
    double[] p = {0.2, 1e-9, 0.05, 0.05, 0.9, 0.011, 0};
    double[] before = p.clone();
    double[] adjusted = adjustment.adjust(p);
    assertThat(p).isEqualTo(before);
    for (int i = 0; i < p.length; i++) {
      assertThat(adjusted[i]).isBetween(p[i], 1.0);
      for (int j = 0; j < p.length; j++) {
        if (p[i] <= p[j]) {
          assertThat(adjusted[i]).isLessThanOrEqualTo(adjusted[j]);
        }
      }
    }
    assertThat(adjustment.adjust(new double[0])).isEmpty();
    assertThat(adjustment.adjust(new double[] {0.3})).containsExactly(0.3);
    assertThat(adjustment.adjust(new double[] {Double.NaN, 0.3})).containsExactly(Double.NaN, 0.3);
    assertThat(Adjustment.named(adjustment.label())).isSameAs(adjustment);
  }

  @Test
  void refusesWhatIsNoPValueAndNoName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Adjustment.HOLM.adjust(new double[] {0.1, 1.5}))
        .withMessage("p-value 1.5: must be in [0, 1] or NaN");
    assertThatThrownBy(() -> Adjustment.named("Holm"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "unknown adjustment 'Holm' (did you mean 'holm'?);"
                + " known: none, bonferroni, holm, hochberg, bh, by");
  }
}
