package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.assay.metric.Value;
import org.junit.jupiter.api.Test;

class FoldEstimatesTest {
  private static List<Value> values(double... values) {
    return Arrays.stream(values).mapToObj(Value::of).toList();
  }

  /** The values and references of {@link CorrectedTTest}, from SciPy 1.10.1. */
  @Test
  void agreesWithSciPy() {
    List<Value> folds = values(.81, .79, .84, .80, .77, .83, .82, .78, .85, .80);
    List<PointEstimate> estimates = FoldEstimates.of(folds, 90, 10, 0.95);
    assertThat(estimates)
        .extracting(PointEstimate::estimator)
        .containsExactly("mean-of-folds", "sd-of-folds", "naive-se-of-folds");
    assertThat(estimates).extracting(PointEstimate::replicates).containsOnly(10);
    assertThat(estimates).extracting(PointEstimate::reason).containsOnly("");
    PointEstimate mean = estimates.get(0);
    assertThat(mean.value()).isCloseTo(0.809, within(1e-15));
    assertThat(mean.standardError()).isCloseTo(0.011952064752663097, within(1e-15));
    assertThat(mean.interval().method()).isEqualTo("corrected-t");
    assertThat(mean.interval().low()).isCloseTo(0.7819625511095352, within(1e-12));
    assertThat(mean.interval().high()).isCloseTo(0.8360374488904647, within(1e-12));
    assertThat(estimates.get(1).value()).isCloseTo(0.0260128173535022, within(1e-15));
    assertThat(estimates.get(2).value()).isCloseTo(0.008225975119502035, within(1e-15));
    for (PointEstimate bare : estimates.subList(1, 3)) {
      assertThat(bare.standardError()).isNaN();
      assertThat(bare.interval()).isNull();
    }
  }

  @Test
  void aFoldWithoutAValueLeavesNoneAndSaysWhy() {
    List<Value> folds =
        List.of(
            Value.of(.8),
            Value.undefined("the fit failed"),
            Value.of(.7),
            Value.undefined("only one class"));
    for (PointEstimate estimate : FoldEstimates.of(folds, 90, 10, 0.95)) {
      assertThat(estimate.value()).isNaN();
      assertThat(estimate.standardError()).isNaN();
      assertThat(estimate.replicates()).isEqualTo(4);
      assertThat(estimate.reason()).isEqualTo("2 of 4 folds have no value: the fit failed");
    }
  }

  @Test
  void saysWhatIsSpecialAboutTheFolds() {
    assertThat(FoldEstimates.of(values(.8), 90, 10, 0.95))
        .extracting(PointEstimate::reason)
        .containsOnly("one split shows no spread");
    List<PointEstimate> equal = FoldEstimates.of(values(.8, .8), 90, 10, 0.95);
    assertThat(equal).extracting(PointEstimate::value).containsExactly(.8, 0.0, 0.0);
    assertThat(equal.get(0).interval().width()).isZero();
  }
}
