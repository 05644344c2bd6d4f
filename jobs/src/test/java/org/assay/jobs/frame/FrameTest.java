package org.assay.jobs.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameTest {

  /**
   * An array of half a region or more has regions of its own, and of the last one the rest is
   * wasted ("Humongous Objects" in the HotSpot Garbage Collection Tuning Guide); a region is 1 MiB
   * in heaps below 4 GiB. Rows fall into blocks by hash, so a block is as large as binomial: 6
   * standard deviations above the mean is passed by one in 10^9.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 100",
    "1000000, 100",
    "4000000, 100",
    "10000000, 140",
    "1000000000, 48",
    "5000, 40032"
  })
  void columnsOfBlocksAreBelowHalfAHeapRegion(long rows, long bytesPerRow) {
    double mean = rows / (double) Frame.blockCount(rows, bytesPerRow);
    double most = Math.min(rows, mean + 6 * Math.sqrt(mean));
    assertThat(8 * most + 16).isLessThan(512 << 10);
    assertThat(mean * bytesPerRow).isLessThanOrEqualTo(16 << 20);
  }
}
