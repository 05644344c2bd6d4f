package org.assay.design;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BalanceTest {

  @Test
  void talliesMergeToTheTallyOfTheUnion() {
    Sample a = Sample.strata(0, 1, 2, 2);
    Sample b = Sample.strata(0, 0);
    Balance merged =
        Balance.EMPTY
            .merge(Balance.of(a.all(), new int[] {1, 0, 3, -1, 7}))
            .merge(Balance.of(b.all(), new int[] {0, 1}));
    assertThat(merged.train()).containsExactly(2, 0, 1);
    assertThat(merged.trainWeight()).containsExactly(2, 0, 3);
    assertThat(merged.test()).containsExactly(1, 1, 0);
    assertThat(merged.unused()).isEqualTo(1);
    assertThat(merged.trainRows()).isEqualTo(3);
    assertThat(merged.testRows()).isEqualTo(2);
  }

  @Test
  void rowsWithoutStrataCountAsOne() {
    assertThat(Balance.of(Sample.plain(3).all(), new int[] {1, 0, 1}).train()).containsExactly(2);
  }
}
