package org.assay.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClusterEngineTest {

  @Test
  void smallFramesAreFittedSeveralAtOnceAndLargeOnesAlone() {
    assertThat(ClusterEngine.fitsAtOnce(2, 1)).isEqualTo(4);
    assertThat(ClusterEngine.fitsAtOnce(2, 2)).isEqualTo(2);
    assertThat(ClusterEngine.fitsAtOnce(2, 63)).isEqualTo(2);
    assertThat(ClusterEngine.fitsAtOnce(2, 64)).isEqualTo(1);
    assertThat(ClusterEngine.fitsAtOnce(1000, 1)).isEqualTo(32);
    assertThat(ClusterEngine.fitsAtOnce(1000, 153)).isEqualTo(13);
    assertThat(ClusterEngine.fitsAtOnce(1000, 32_000)).isEqualTo(1);
  }
}
