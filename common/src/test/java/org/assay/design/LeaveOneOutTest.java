package org.assay.design;

import static org.assay.design.KFoldTest.assertInput;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeaveOneOutTest extends SchemeContract {
  @Override
  List<String> plans() {
    return List.of("kind = leave-one-out");
  }

  @Override
  List<String> groupedPlans() {
    return List.of();
  }

  @Override
  boolean partitions() {
    return true;
  }

  @Override
  boolean random() {
    return false;
  }

  @Test
  void replicateHoldsOutTheRowOfItsRank() {
    Sample sample = Sample.plain(23).recut(4);
    Design design = sample.bind("kind = leave-one-out", 1);
    assertThat(design.replicates()).isEqualTo(23);
    for (int r = 0; r < 23; r++) {
      assertThat(Sample.where(sample.weights(design, r), 0)).containsExactly(r);
    }
  }

  @Test
  void refusesOneRow() {
    assertInput(() -> Sample.plain(1).bind("kind = leave-one-out", 1))
        .hasMessage("leave-one-out needs at least 2 rows, and there is 1; add data");
  }
}
