package org.assay.design;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.TreeSet;

/**
 * The splits of scikit-learn 1.2.1, written by {@code scripts/regenerate-references/designs.py}.
 */
final class References {
  private References() {}

  static JsonNode splits(String what) {
    try (InputStream json = References.class.getResourceAsStream("splits.json")) {
      return new ObjectMapper().readTree(json).get(what);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static int[] ints(JsonNode list) {
    int[] ints = new int[list.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = list.get(i).intValue();
    }
    return ints;
  }

  static void assertSame(Sample sample, Design design, JsonNode splits) {
    assertThat(design.replicates()).isEqualTo(splits.size());
    for (int r = 0; r < splits.size(); r++) {
      int[] weights = sample.weights(design, r);
      assertThat(Sample.where(weights, 1)).isEqualTo(set(splits.get(r).get("train")));
      assertThat(Sample.where(weights, 0)).isEqualTo(set(splits.get(r).get("test")));
    }
  }

  private static TreeSet<Integer> set(JsonNode list) {
    TreeSet<Integer> set = new TreeSet<>();
    list.forEach(i -> set.add(i.intValue()));
    return set;
  }
}
