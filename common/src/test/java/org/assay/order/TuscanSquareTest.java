package org.assay.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TuscanSquareTest {

  @Test
  void holdsEveryOrderedPairSideBySideInAsFewRowsAsThereCanBe() {
    for (int n = 1; n <= 60; n++) {
      int[][] square = TuscanSquare.of(n);
      BitSet pairs = new BitSet(n * n);
      for (int[] row : square) {
        assertThat(Arrays.stream(row).sorted().toArray())
            .as("row of order %s", n)
            .isEqualTo(IntStream.range(0, n).toArray());
        for (int i = 1; i < n; i++) {
          pairs.set(row[i - 1] * n + row[i]);
        }
      }
      assertThat(pairs.cardinality()).as("pairs of order %s", n).isEqualTo(n * (n - 1));
      // Each row holds n - 1 pairs, so n rows are needed; of 3 and 5 it is known that no n rows do.
      assertThat(square.length).as("order %s", n).isEqualTo(n == 3 ? 4 : n == 5 ? 6 : n);
    }
  }

  @Test
  void aRowOfALargeSquareNeedsNoOtherRow() {
    assertThat(Arrays.stream(TuscanSquare.row(100_001, 99_999)).distinct().count())
        .isEqualTo(100_001);
  }
}
