package org.assay.design;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HoldoutTest extends SchemeContract {
  @Override
  List<String> plans() {
    return List.of(
        "kind = holdout",
        "kind = holdout, test = 25, repeats = 4",
        "kind = holdout, test = 0.4, stratify = true",
        "kind = holdout, test = 0.4, assign = stable");
  }

  @Override
  List<String> groupedPlans() {
    return List.of("kind = holdout", "kind = holdout, test = 0.3, repeats = 3, stratify = true");
  }

  @Override
  boolean partitions() {
    return false;
  }

  @Override
  boolean random() {
    return true;
  }

  @Test
  void repeatsAreShuffleSplits() {
    Sample sample = Sample.random(2);
    assertThat(sample.weights(sample.bind("kind = holdout, repeats = 6", 3)))
        .isDeepEqualTo(sample.weights(sample.bind("kind = shuffle-split, splits = 6", 3)));
  }
}
