package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assay.fit.LinearModel;
import org.junit.jupiter.api.Test;

class MaskingCurveTest {

  @Test
  void areasByHand() {
    MaskingCurve even = MaskingCurve.of(new double[] {0.9, 0.7, 0.5});
    assertThat(even.area()).isCloseTo(0.7, within(1e-15));
    assertThat(even.fall()).isCloseTo(0.5, within(1e-15));
    MaskingCurve first = MaskingCurve.of(new double[] {1, 0, 0, 0, 0});
    assertThat(first.area()).isCloseTo(1.0 / 8, within(1e-15));
    assertThat(first.fall()).isCloseTo(7.0 / 8, within(1e-15));
    assertThat(MaskingCurve.of(new double[] {2, 2}).fall()).isNaN();
    // A loss that rises falls by the same measure.
    assertThat(MaskingCurve.of(new double[] {0, 1, 1}).fall()).isCloseTo(0.75, within(1e-15));
  }

  @Test
  void groupsGrowInTheOrder() {
    FeatureGroups groups =
        new FeatureGroups(4, List.of("a", "b", "c"), new int[][] {{1}, {0, 3}, {2}});
    FeatureGroups nested = MaskingCurve.groups(groups, new int[] {1, 2, 0});
    assertThat(nested.features()).isDeepEqualTo(new int[][] {{0, 3}, {0, 2, 3}, {0, 1, 2, 3}});
    assertThat(nested.names()).containsExactly("the first 1", "the first 2", "the first 3");
    Exchange exchange =
        LinearExchange.of(
            nested, new LinearModel(0, new double[] {1, 10, 100, 1000}), new double[] {9, 9, 9, 9});
    Exchange.Prepared rows = exchange.prepare(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 2);
    double[][] out = new double[3][2];
    exchange.exchange(rows, 0, 2, rows, new int[] {1, 0}, out);
    assertThat(out).isDeepEqualTo(new double[][] {{8325, 4761}, {8725, 4361}, {8765, 4321}});
  }

  @Test
  void refusesWhatIsNoOrder() {
    FeatureGroups groups = FeatureGroups.singles(List.of("a", "b"));
    assertThatThrownBy(() -> MaskingCurve.groups(groups, new int[] {1, 1}))
        .hasMessage("an order of 2: must hold each of 2 once");
    assertThatThrownBy(() -> MaskingCurve.groups(groups, new int[] {0}))
        .hasMessage("an order of 1: must hold each of 2 once");
    assertThatThrownBy(() -> MaskingCurve.of(new double[1]))
        .hasMessage("1 values: must be with and without all features, and those between");
  }
}
