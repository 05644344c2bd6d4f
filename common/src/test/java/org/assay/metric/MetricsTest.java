package org.assay.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assay.Task;
import org.assay.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {

  @Test
  void knowsTheNamesOfTheDesign() {
    assertThat(Metrics.names())
        .contains(
            "accuracy",
            "balanced-accuracy",
            "precision",
            "recall",
            "specificity",
            "f1",
            "f1-macro",
            "f1-micro",
            "f1-weighted",
            "mcc",
            "cohen-kappa",
            "log-loss",
            "brier",
            "roc-auc",
            "roc-auc-ovr-macro",
            "roc-auc-ovr-weighted",
            "roc-auc-ovo-macro",
            "roc-auc-ovo-weighted",
            "average-precision",
            "expected-calibration-error",
            "top-k-accuracy",
            "mse",
            "rmse",
            "mae",
            "median-absolute-error",
            "r2",
            "explained-variance",
            "mape",
            "pinball");
  }

  /** Of predictions known only as right or wrong, no more than their share can be told. */
  @Test
  void onlyAccuracyNeedsNoMoreThanCorrectness() {
    for (Target target :
        List.of(
            new Target(Task.BINARY, 2, Target.Scores.ONLY_CORRECTNESS),
            new Target(Task.MULTICLASS, 3, Target.Scores.ONLY_CORRECTNESS))) {
      assertThat(Metrics.all().stream().filter(m -> m.refusal(target) == null))
          .extracting(Metric::name)
          .containsExactly("accuracy");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "accuracy | accuracy",
        "accuracy() | accuracy",
        "top-k-accuracy(k=3) | top-k-accuracy(k=3)",
        "' top-k-accuracy ( k = 3 ) ' | top-k-accuracy(k=3)",
        "top-k-accuracy(k=3.0) | top-k-accuracy(k=3)",
        "top-k-accuracy(k=2) | top-k-accuracy",
        "pinball(alpha=.90) | pinball(alpha=0.9)",
        "pinball(alpha=1e-3) | pinball(alpha=0.001)",
        "expected-calibration-error(bins=15) | expected-calibration-error(bins=15)",
      })
  void readsNamesAndParameters(String spec, String expected) {
    assertThat(Metrics.named(spec).spec()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acuracy | unknown metric 'acuracy' (did you mean 'accuracy'?); known: accuracy, average-precision,",
        "ACCURACY | unknown metric 'ACCURACY' (did you mean 'accuracy'?); known: accuracy,",
        "pinball(alpha=0.9 | metric 'pinball(alpha=0.9': must be written name or name(key=value, ...)",
        "'' | metric '': must be written name or name(key=value, ...)",
        "pinball(0.9) | metric 'pinball(0.9)': '0.9' must be written key=value",
        "pinball(alpha=) | metric 'pinball(alpha=)': 'alpha=' must be written key=value",
        "pinball(alpha=0.1,) | metric 'pinball(alpha=0.1,)': '' must be written key=value",
        "pinball(alpha=0.1,alpha=0.2) | metric 'pinball(alpha=0.1,alpha=0.2)': 'alpha' must be there only once",
        "accuracy(k=2) | metric accuracy has no parameters, found k; write accuracy",
        "top-k-accuracy(n=2) | unknown key 'top-k-accuracy.n'; known here: k",
        "top-k-accuracy(k=0) | top-k-accuracy.k = 0: must be a whole number of at least 1",
        "top-k-accuracy(k=1.5) | top-k-accuracy.k = 1.5: must be a whole number of at least 1",
        "top-k-accuracy(k=many) | top-k-accuracy.k = \"many\": must be a whole number of at least 1",
        "pinball(alpha=1.5) | pinball.alpha = 1.5: must be a number between 0 and 1",
        "pinball(alpha=NaN) | pinball.alpha = \"NaN\": must be a number between 0 and 1",
        "expected-calibration-error(bins=0) | expected-calibration-error.bins = 0: must be a whole number between 1 and 10000",
      })
  void refusesWhatItCannotRead(String spec, String message) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Metrics.named(spec))
        .withMessageStartingWith(message)
        .matches(e -> e.kind() == UserException.Kind.USAGE);
  }

  @Test
  void constructorsCheckTheirParameter() {
    assertThatThrownBy(() -> new TopKAccuracy(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("k = 0: must be a whole number of at least 1");
    assertThatThrownBy(() -> new Pinball(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("between 0 and 1");
    assertThatThrownBy(() -> new ExpectedCalibrationError(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("between 1 and 10000");
  }
}
