package org.assay.importance;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Features of a model that are exchanged together: those that one column was encoded into, or those
 * of several columns. A feature may be in several groups, or in none.
 *
 * @param width number of features of the model
 * @param names of the groups, all different
 * @param features of each group: numbers of features, ascending
 */
public record FeatureGroups(int width, List<String> names, int[][] features)
    implements Serializable {

  /**
   * Checks the groups.
   *
   * @throws IllegalArgumentException if a group is empty, or holds a feature that the model lacks
   *     or one feature twice, or if two groups have one name
   */
  public FeatureGroups {
    names = List.copyOf(names);
    features = Arrays.stream(features).map(int[]::clone).toArray(int[][]::new);
    if (names.size() != features.length) {
      throw new IllegalArgumentException(
          names.size() + " names of " + features.length + " groups: must be one each");
    }
    Set<String> seen = new HashSet<>();
    for (int g = 0; g < features.length; g++) {
      String name = names.get(g);
      if (!seen.add(name)) {
        throw new IllegalArgumentException("two groups are named '" + name + "'");
      }
      if (features[g].length == 0) {
        throw new IllegalArgumentException("group '" + name + "' has no features");
      }
      Arrays.sort(features[g]);
      for (int j = 0; j < features[g].length; j++) {
        int feature = features[g][j];
        if (feature < 0 || feature >= width) {
          throw new IllegalArgumentException(
              "group '" + name + "': feature " + feature + " of a model with " + width);
        }
        if (j > 0 && features[g][j - 1] == feature) {
          throw new IllegalArgumentException(
              "group '" + name + "' holds feature " + feature + " twice");
        }
      }
    }
  }

  /** One group per feature. */
  public static FeatureGroups singles(List<String> names) {
    int[][] features = new int[names.size()][];
    Arrays.setAll(features, j -> new int[] {j});
    return new FeatureGroups(names.size(), names, features);
  }

  /** Number of groups. */
  public int size() {
    return features.length;
  }

  /** The groups of each feature. */
  int[][] byFeature() {
    int[][] groups = new int[width][0];
    for (int g = 0; g < features.length; g++) {
      for (int feature : features[g]) {
        groups[feature] = Arrays.copyOf(groups[feature], groups[feature].length + 1);
        groups[feature][groups[feature].length - 1] = g;
      }
    }
    return groups;
  }

  /**
   * The groups, if no feature is in two of them.
   *
   * @throws IllegalArgumentException naming the first feature that is
   */
  FeatureGroups disjoint() {
    int[][] groups = byFeature();
    for (int feature = 0; feature < width; feature++) {
      if (groups[feature].length > 1) {
        throw new IllegalArgumentException(
            "feature "
                + feature
                + " is in the groups '"
                + names.get(groups[feature][0])
                + "' and '"
                + names.get(groups[feature][1])
                + "': must be in one");
      }
    }
    return this;
  }
}
