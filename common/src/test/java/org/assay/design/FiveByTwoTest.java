package org.assay.design;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiveByTwoTest extends SchemeContract {
  @Override
  List<String> plans() {
    return List.of(
        "kind = five-by-two",
        "kind = five-by-two, stratify = true, repeats = 5",
        "kind = five-by-two, assign = stable");
  }

  @Override
  List<String> groupedPlans() {
    return List.of("kind = five-by-two", "kind = five-by-two, stratify = true");
  }

  @Override
  boolean partitions() {
    return true;
  }

  @Override
  boolean random() {
    return true;
  }

  @Test
  void hasTenReplicatesAndItsHalvesAreComplements() {
    Sample sample = Sample.plain(31);
    Design design = sample.bind("kind = five-by-two", 1);
    assertThat(design.replicates()).isEqualTo(10);
    for (int r = 0; r < 10; r++) {
      assertThat(design.split(r)).isEqualTo(new Design.Split(r / 2, r % 2));
      assertThat(Sample.where(sample.weights(design, r), 0))
          .isEqualTo(Sample.where(sample.weights(design, r ^ 1), 1));
    }
  }

  @Test
  void equalsKFoldWithTwoFoldsAndFiveRepeats() {
    Sample sample = Sample.random(5);
    assertThat(sample.weights(sample.bind("kind = five-by-two", 9)))
        .isDeepEqualTo(sample.weights(sample.bind("kind = k-fold, folds = 2, repeats = 5", 9)));
  }
}
