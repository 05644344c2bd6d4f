package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureGroupsTest {

  @Test
  void knowsTheGroupsOfAFeature() {
    FeatureGroups groups =
        new FeatureGroups(3, List.of("a", "b"), new int[][] {{2, 0}, {2}}); // not in order
    assertThat(groups.features()[0]).containsExactly(0, 2);
    assertThat(groups.byFeature()).isDeepEqualTo(new int[][] {{0}, {}, {0, 1}});
    assertThatThrownBy(groups::disjoint)
        .hasMessage("feature 2 is in the groups 'a' and 'b': must be in one");
    assertThat(FeatureGroups.singles(List.of("x", "y")).disjoint().size()).isEqualTo(2);
  }

  @Test
  void refusesGroupsThatAreNone() {
    assertThatThrownBy(() -> new FeatureGroups(2, List.of("a"), new int[][] {{}}))
        .hasMessage("group 'a' has no features");
    assertThatThrownBy(() -> new FeatureGroups(2, List.of("a"), new int[][] {{2}}))
        .hasMessage("group 'a': feature 2 of a model with 2");
    assertThatThrownBy(() -> new FeatureGroups(2, List.of("a"), new int[][] {{1, 1}}))
        .hasMessage("group 'a' holds feature 1 twice");
    assertThatThrownBy(() -> new FeatureGroups(2, List.of("a", "a"), new int[][] {{0}, {1}}))
        .hasMessage("two groups are named 'a'");
    assertThatThrownBy(() -> new FeatureGroups(2, List.of("a"), new int[][] {{0}, {1}}))
        .hasMessage("1 names of 2 groups: must be one each");
  }
}
